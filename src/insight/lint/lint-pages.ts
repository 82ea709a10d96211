// docs/lint-rules.md, and the table in docs/lint.md of whose rules are covered how.

import { HADOLINT_CODES } from './hadolint-codes.ts';
import { LEFT_OUT } from './left-out.ts';
import { ruleSection } from './page.ts';
import type { Rule } from './rule.ts';
import { SHELLCHECK_CODES } from './shellcheck-codes.ts';

const INTRODUCTION = `# Rules of mille lint

What [\`mille lint\`](lint.md) looks at beside the rules of [builds](checks.md). The name of a rule, or one of its codes,
is what \`--select\`, \`--ignore\` and comments take. A fix is made by \`--fix\`, or by \`--fix=all\` where that depends on what
only the author knows.
`;

/** The page of some rules. */
export function lintRulesPage(rules: readonly Rule[]): string {
  const rows = rules.map(
    (rule) =>
      `| [${rule.name}](#${rule.name.toLowerCase()}) | ${codesOf(rule)} | ${rule.severity} | ${rule.summary}${rule.optional ? ' (only where it is asked for)' : ''} |`,
  );
  const table = [
    '| rule | codes | severity | what should be so |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  return `${[INTRODUCTION, table, ...rules.map(ruleSection)].join('\n')}\n`;
}

function codesOf({ codes = [] }: Rule): string {
  return codes.join(', ');
}

/** Codes of others, and what becomes of each. */
export function coverageTable(rules: readonly Rule[], built: readonly Rule[]): string {
  const all: readonly (readonly [string, string])[] = [
    ...Object.entries(HADOLINT_CODES).map(([code, { about }]) => [code, about] as const),
    ...Object.entries(SHELLCHECK_CODES),
    ...furtherCodes(rules),
  ];
  const rows = all.map(
    ([code, about]) => `| ${code} | ${about.replace(/\|/g, '\\|')} | ${coverage(code, rules, built)} |`,
  );
  return ['| code | about | here |', '| --- | --- | --- |', ...rows].join('\n');
}

/** What is said of a code: the rules that have it, or why there is none. */
export function coverage(code: string, rules: readonly Rule[], built: readonly Rule[]): string {
  const having = rules.filter(({ codes = [] }) => codes.includes(code));
  if (having.length === 0) return LEFT_OUT[code] === undefined ? 'not yet' : `left out: ${LEFT_OUT[code]}`;
  const link = ({ name }: Pick<Rule, 'name'>, page: string) => `[${name}](${page}#${name.toLowerCase()})`;
  return having
    .map((rule) => {
      const own = link(rule, built.includes(rule) ? 'checks.md' : 'lint-rules.md');
      if (rule.overlaps !== undefined) return `with \`--compat hadolint\` ${own}`;
      return rule.optional ? `${own}, only where it is asked for` : own;
    })
    .join(', ');
}

/** Codes of ShellCheck that rules have and that hadolint does not list. */
function furtherCodes(rules: readonly Rule[]): readonly (readonly [string, string])[] {
  const known = new Set([...Object.keys(HADOLINT_CODES), ...Object.keys(SHELLCHECK_CODES)]);
  const found = rules.flatMap(({ codes = [], summary }) =>
    codes.filter((code) => !known.has(code)).map((code) => [code, summary] as const),
  );
  return found.sort(([a], [b]) => a.localeCompare(b));
}
