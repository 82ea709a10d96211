// docs/rewrites.md, and the page of one rewrite.

import { compareLines, diffableLines } from '../../core/index.ts';
import type { Rewrite, RewriteExample } from './rewrite.ts';

const INTRODUCTION = `# Rewrites of mille optimize

What [\`mille optimize\`](optimize.md) does to a Dockerfile, in the order in which it does it. Each is a proposal that is made
only where the project's own builds and commits say that it pays, and that stays only if the image it gives was built and
[compared](optimize-proof.md). \`--only\` and \`--skip\` take their names, or several with a \`*\`: \`--skip 'clean-*'\`.
`;

const GOALS = { size: 'size', rebuild: 'rebuild time', both: 'size and rebuild time' } as const;

/** The page of all. */
export function rewritesPage(rewrites: readonly Rewrite[]): string {
  const rows = rewrites.map(
    ({ name, goal, summary }) => `| [${name}](#${name}) | ${goal} | ${summary.replace(/\|/g, '\\|')} |`,
  );
  const table = ['| rewrite | for | what it does |', '| --- | --- | --- |', ...rows].join('\n');
  return `${[INTRODUCTION, table, ...rewrites.map((one) => `\n${rewritePage(one, 2)}`)].join('\n')}\n`;
}

/** The page of one. @param depth of its heading */
export function rewritePage({ name, summary, goal, page, examples }: Rewrite, depth: number): string {
  const [example] = examples;
  const sentence = summary.slice(0, 1).toUpperCase() + summary.slice(1);
  return [
    `${'#'.repeat(depth)} ${name}`,
    `${sentence}. For ${GOALS[goal]}.`,
    page.trim(),
    ...(example ? [exampleText(example)] : []),
  ].join('\n\n');
}

/** The first example, as a difference. */
function exampleText({ before, after, ignoreFile, ignoreFileAfter }: RewriteExample): string {
  const ignored = ignoreFileAfter !== undefined && ignoreFileAfter !== ignoreFile;
  return [
    ...(before === after ? [] : [difference(before, after)]),
    ...(ignored ? ['In `.dockerignore`:', difference(ignoreFile ?? '', ignoreFileAfter)] : []),
  ].join('\n\n');
}

function difference(before: string, after: string): string {
  const ended = (text: string) => diffableLines(text === '' || text.endsWith('\n') ? text : `${text}\n`);
  const lines = compareLines(ended(before), ended(after)).map(({ sign, text }) => `${sign}${text}`.trimEnd());
  return ['```diff', ...lines, '```'].join('\n');
}
