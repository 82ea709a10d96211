// A budget as SARIF: a result for each limit that is exceeded.

import type { BudgetResult } from '../../app/index.ts';
import { budgetMessage, placeOf } from './budget.ts';
import { sarifDocument } from './sarif.ts';

/** What each kind of limit is about. */
const SUMMARIES: Readonly<Record<string, string>> = {
  total: 'All layers together keep their limit',
  own: "The layers on the base image's keep their limit",
  layer: 'Each layer keeps the limit for layers',
  layers: 'There are not too many layers',
  'waste.bytes': 'Bytes that nobody sees at the end keep their limit',
  'waste.share': 'Bytes that nobody sees at the end keep their share',
  'growth.bytes': 'The image does not grow by too many bytes',
  'growth.percent': 'The image does not grow by too much',
  path: 'Files of the image keep their limits',
  line: 'Lines of the Dockerfile keep their limits',
  lowestEfficiency: "The image is as efficient as dive's limit asks",
  highestWastedBytes: "Wasted bytes keep dive's limit",
  highestUserWastedPercent: "The wasted share keeps dive's limit",
};

/** SARIF 2.1.0, as code hosts take it. */
export function budgetSarif({ checks }: BudgetResult): string {
  const over = checks.filter(({ passed }) => !passed);
  const ids = [...new Set(over.map(({ rule }) => rule))];
  return sarifDocument({
    rules: ids.map((rule) => ({ id: `budget/${rule}`, summary: SUMMARIES[rule] ?? rule })),
    results: over.map((check) => {
      const { file, line } = placeOf(check);
      return {
        ruleId: `budget/${check.rule}`,
        level: 'error' as const,
        message: budgetMessage(check),
        file,
        region: { startLine: line },
        fingerprint: `${check.rule} ${check.subject}`,
      };
    }),
  });
}
