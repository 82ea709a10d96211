// `mille explain`: pages of instructions and their flags, of questions, rules, and rewrites of `mille optimize`.

import { suggest } from '../../core/index.ts';
import {
  codesOf,
  composeFlags,
  composePage,
  composeRule,
  findPage,
  flagsName,
  flagsOf,
  headOf,
  type Language,
  PAGES,
  summaryOf,
} from '../../insight/explain/index.ts';
import { RULES } from '../../insight/lint/index.ts';
import { REWRITES, rewritePage } from '../../insight/optimize/index.ts';
import { noPage } from './refusals.ts';
import type { ExplainableRow, ExplainedPage } from './types.ts';

/** Finds a page. See `ExplainVerbs.explain`. */
export async function explain(words: readonly string[], language: Language): Promise<ExplainedPage> {
  const found = findPage(words);
  if ('page' in found) {
    const { name, kind } = found.page;
    return { name, kind, markdown: composePage(found.page, language) };
  }
  if ('rule' in found) {
    return { name: found.rule.name, kind: 'rule', markdown: composeRule(found.rule, language) };
  }
  if ('flags' in found) {
    const { flags } = found;
    return { name: flagsName(flags), kind: 'flag', markdown: composeFlags(flags, language) };
  }
  // Of these there are pages in English only.
  const rewrite = REWRITES.find(({ name }) => words.length === 1 && name === words[0]);
  if (rewrite) return { name: rewrite.name, kind: 'rewrite', markdown: rewritePage(rewrite, 1) };
  const suggestion = found.suggestion ?? nearestRewrite(words);
  throw noPage(words, suggestion, language);
}

function nearestRewrite(words: readonly string[]): string | undefined {
  const names = REWRITES.map(({ name }) => name);
  return words.length === 1 ? suggest(words[0]!.toLowerCase(), names, 3) : undefined;
}

/** Lists the pages. See `ExplainVerbs.explainable`. */
export async function explainable(language: Language): Promise<readonly ExplainableRow[]> {
  return [
    ...PAGES.map((page) => {
      const { title, summary } = headOf(page, language);
      // What follows the name in a title says it in short; a question has none in front.
      const short = /^[^:?]+?[\s\u00a0]*: (.*)$/.exec(title)?.[1];
      return { name: page.name, kind: page.kind, summary: short ?? summary };
    }),
    ...PAGES.flatMap(({ name: keyword }) =>
      flagsOf(keyword).map((flag) => ({
        ...{ name: flagsName({ keyword, flags: [flag] }), kind: 'flag' as const },
        summary: flag.texts[language].title,
      })),
    ),
    ...RULES.map((rule) => {
      const codes = codesOf(rule);
      const { name } = rule;
      return {
        name,
        kind: 'rule' as const,
        summary: summaryOf(rule, language),
        ...(codes.length === 0 ? {} : { codes }),
      };
    }),
    ...REWRITES.map(({ name, summary }) => ({ name, kind: 'rewrite' as const, summary })),
  ];
}
