// The report for a pull request: a summary, tables, and the difference in a fold.

import type { ChangedText, OptimizeChange, OptimizeResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { figuresOf, gainsOf } from './figures.ts';
import { plainDiff } from './json.ts';
import { counted, proofOf, refusalOf } from './proof.ts';
import { replayedKinds } from './replay.ts';
import { replaySentences } from './replay-told.ts';
import { headline, isDry, leftAsItIs, outcomeWord, remarks, sorted, trades } from './summary.ts';

/** As Markdown. */
export function optimizeMarkdown(result: OptimizeResult): string {
  const blocks = [
    [`### ${words(result.dockerfile.name)}: ${words(headline(result))}`],
    figureTable(result),
    changeTable(result),
    replayTable(result),
    trades(result).map(words),
    proofList(result),
    ...result.files.map((file) => diffFold(file, result.changes)),
    refusedFold(result),
    leftFold(result),
    remarks(result).map((one) => `${words(one)}  `),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function figureTable(result: OptimizeResult): string[] {
  const figures = figuresOf(result);
  if (figures.length === 0) return [];
  const only = figures.every(({ after }) => after === '');
  const rows = figures.map(({ what, before, after, change, basis }) => {
    const name = basis === undefined ? what : `${what} (${basis})`;
    return only ? [name, before] : [name, before, after, change];
  });
  return only ? table(['', 'now'], '-:', rows) : table(['', 'before', 'after', ''], '-::', rows);
}

function changeTable(result: OptimizeResult): string[] {
  const { changes } = result;
  if (changes.length === 0) return [];
  const dry = isDry(result);
  const rows = changes.map((change, i) => {
    const { bytes, measured, seconds } = gainsOf(change, result);
    const size = measured === '' || measured === bytes ? bytes : `${bytes} (measured ${measured})`.trim();
    return [String(i + 1), change.rewrite, change.title, size, seconds, outcomeWord(change, dry)];
  });
  return table(['', 'rewrite', 'change', 'size', 'a commit', 'proof'], ':--::-', rows);
}

function replayTable(result: OptimizeResult): string[] {
  const { replay } = result;
  if (!replay || replay.commits.length === 0) return [];
  const rows = replayedKinds(replay).map(({ kind, count, seconds, bytes }) => [
    ...[kind, String(count)],
    ...[`${seconds.before} → ${seconds.after}`, seconds.change],
    ...[`${bytes.before} → ${bytes.after}`, bytes.change],
  ]);
  const failed = replay.failed.length === 0 ? '' : `; ${replay.failed.length} more could not be built`;
  return [
    `**The last ${counted(replay.commits.length, 'commit')}, built with both** (medians)${failed}`,
    '',
    ...table(['commits to', '', 'rebuild', '', 'to push', ''], '-:::::', rows),
    ...replaySentences(result).flatMap((one) => ['', words(one)]),
  ];
}

function proofList(result: OptimizeResult): string[] {
  const statements = proofOf(result);
  if (statements.length === 0) return [];
  return [
    '**Proof**',
    '',
    ...statements.flatMap(({ text, details }) => [
      `- ${words(text)}`,
      ...details.map((one) => `  - ${words(one)}`),
    ]),
  ];
}

function diffFold(file: ChangedText, changes: readonly OptimizeChange[]): string[] {
  const reasons = [...new Set(file.hunks.flatMap((hunk) => hunk.changes))].flatMap((index) => {
    const change = changes[index];
    if (!change) return [];
    const risk = change.risk === undefined ? '' : ` *To be known: ${words(change.risk)}.*`;
    return [`- ${index + 1} **${words(change.title)}**: ${words(change.reason)}.${risk}`];
  });
  return [
    `<details><summary>${words(file.name)}</summary>`,
    '',
    ...reasons,
    '',
    ...fenced(plainDiff(file), 'diff'),
    '',
    '</details>',
  ];
}

function refusedFold(result: OptimizeResult): string[] {
  const { refused } = sorted(result);
  if (refused.length === 0) return [];
  return [
    `<details><summary>Refused: ${refused.length}</summary>`,
    '',
    ...refused.flatMap((change) => [
      `- ${result.changes.indexOf(change) + 1} **${words(change.title)}**`,
      ...refusalOf(change).map((one) => `  - ${words(one)}`),
    ]),
    '',
    '</details>',
  ];
}

function leftFold(result: OptimizeResult): string[] {
  const left = leftAsItIs(result);
  if (left.length === 0) return [];
  return [
    `<details><summary>Left as it is: ${left.length}</summary>`,
    '',
    ...left.map(({ place, what, why }) => `- ${words(place)} **${words(what)}**: ${words(why)}.`),
    '',
    '</details>',
  ];
}

/** @param sides of each column: `-` left, `:` right */
function table(heads: readonly string[], sides: string, rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(words).join(' | ')} |`;
  return [
    line(heads),
    `|${heads.map((_, i) => (sides[i] === '-' ? ' --- ' : ' ---: ')).join('|')}|`,
    ...rows.map(line),
  ];
}

/** A fence that nothing in the text ends. */
function fenced(text: string, language: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...text.trimEnd().split('\n'), fence];
}

/** A text that means only itself: no markup, no table's border, nobody notified. */
function words(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]|~#]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@<!-- -->');
}
