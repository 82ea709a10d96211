// What `mille optimize` came to, for people: the difference with the reasons above each piece of it, what was gained, what
// was proved, what was refused.

import type { ChangedText, OptimizeChange, OptimizeResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { makeStyle, type Style } from '../style.ts';
import { diffHead, hunkBody, hunkHead } from '../unified-diff.ts';
import { cutText, textWidth } from '../width.ts';
import { wrapWords } from '../wrap.ts';
import { type Figure, figuresOf, gainsOf } from './figures.ts';
import { counted, proofOf, refusalOf } from './proof.ts';
import { replayedKinds } from './replay.ts';
import { replaySentences } from './replay-told.ts';
import { headline, isDry, leftAsItIs, outcomeWord, remarks, sorted, trades } from './summary.ts';

/** How to show it. */
export interface OptimizeStyle {
  readonly color: boolean;
  readonly columns?: number;
}

interface Page {
  readonly style: Style;
  readonly columns: number;
}

/** What `mille optimize` prints. */
export function renderOptimized(result: OptimizeResult, { color, columns = 100 }: OptimizeStyle): string {
  const page = { style: makeStyle(color), columns: Math.max(60, Math.min(columns, 120)) };
  const blocks = [
    ...result.files.map((file) => diffBlock(file, result, page)),
    [page.style.strong(`${headline(result)}.`)],
    changesBlock(result, page),
    figuresBlock(result, page),
    replayBlock(result, page),
    proofBlock(result, page),
    refusedBlock(result, page),
    leftBlock(result, page),
    [...trades(result), ...remarks(result)].flatMap((one) => wrapWords(one, page.columns)),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The hunks, each under the reasons of the changes that made it; a reason is told once. */
function diffBlock(file: ChangedText, { changes }: OptimizeResult, { style, columns }: Page): string[] {
  const told = new Set<number>();
  const risks = new Set<string>();
  const before = file.before === undefined ? '/dev/null' : file.name;
  const lines = [...diffHead(before, file.name, style)];
  for (const hunk of file.hunks) {
    lines.push('');
    for (const index of hunk.changes) {
      const change = changes[index];
      if (!change) continue;
      lines.push(style.active(`# ${index + 1} ${change.rewrite}: ${oneLine(change.title)}`));
      const risk =
        change.risk === undefined || risks.has(change.risk) ? [] : [`To be known: ${change.risk}.`];
      if (!told.has(index))
        for (const one of [`${change.reason.replace(/\.$/, '')}.`, ...risk])
          lines.push(...wrapWords(oneLine(one), columns, '#   ').map(style.faint));
      if (change.risk !== undefined) risks.add(change.risk);
      told.add(index);
    }
    lines.push(style.active(hunkHead(hunk)), ...hunkBody(hunk.lines, style));
  }
  return lines;
}

function changesBlock(result: OptimizeResult, page: Page): string[] {
  const { style } = page;
  const dry = isDry(result);
  const { changes } = result;
  if (changes.length === 0) return [];
  const rows = changes.map((change, i) => {
    const { bytes, seconds, measured } = gainsOf(change, result);
    return [
      String(i + 1),
      change.rewrite,
      bytes,
      measured,
      seconds,
      outcomeWord(change, dry),
      oneLine(change.title),
    ];
  });
  const heads = ['', 'REWRITE', 'SIZE', 'MEASURED', 'A COMMIT', 'PROOF', 'CHANGE'];
  const kept = heads.map((_, i) => i < 2 || i > 4 || rows.some((row) => row[i] !== ''));
  return aligned([heads, ...rows], { ...page, kept }, (cell, row, column) =>
    column === 5 && row > 0 ? outcomePaint(changes[row - 1]!, style)(cell) : cell,
  );
}

function outcomePaint({ outcome }: OptimizeChange, style: Style): Style['good'] {
  return { proved: style.good, refused: style.bad, unproved: style.warn }[outcome];
}

/** Columns aligned; the last one is cut where the page ends. */
function aligned(
  rows: readonly (readonly string[])[],
  { columns, kept }: { readonly columns: number; readonly kept?: readonly boolean[] },
  paint: (cell: string, row: number, column: number) => string,
): string[] {
  const used = rows[0]!.flatMap((_, i) => (kept?.[i] === false ? [] : [i]));
  const widths = new Map(used.map((i) => [i, Math.max(...rows.map((row) => textWidth(row[i]!)))]));
  const last = used.at(-1)!;
  const room = columns - used.slice(0, -1).reduce((sum, i) => sum + widths.get(i)! + 2, 0);
  return rows.map((row, y) =>
    used
      .map((i) => {
        const cell = i === last ? cutText(row[i]!, Math.max(20, room)) : row[i]!;
        return paint(cell, y, i) + (i === last ? '' : ' '.repeat(widths.get(i)! - textWidth(cell)));
      })
      .join('  ')
      .trimEnd(),
  );
}

function figuresBlock(result: OptimizeResult, page: Page): string[] {
  const figures = figuresOf(result);
  if (figures.length === 0) return [];
  const one = figures.every(({ after }) => after === '');
  const rows = figures.map(({ what, before, after, change, basis = '' }) => [
    what,
    before,
    after,
    change,
    basis === '' ? '' : `(${basis})`,
  ]);
  const heads = one ? ['', 'NOW', '', '', ''] : ['', 'BEFORE', 'AFTER', '', ''];
  const kept = one ? [true, true, false, false, true] : heads.map(() => true);
  return aligned([heads, ...rows], { ...page, kept }, (cell, row, column) => {
    if (row === 0) return cell;
    if (column === 4) return page.style.faint(cell);
    return column === 3 ? figurePaint(figures[row - 1]!, page.style)(cell) : cell;
  });
}

function figurePaint({ better }: Figure, style: Style): Style['good'] {
  return better === undefined ? style.faint : better ? style.good : style.warn;
}

function replayBlock(result: OptimizeResult, page: Page): string[] {
  const { replay } = result;
  if (!replay || replay.commits.length + replay.failed.length === 0) return [];
  const rows = replayedKinds(replay).map(({ kind, count, seconds, bytes }) => [
    kind,
    String(count),
    `${seconds.before} → ${seconds.after}`,
    seconds.change,
    `${bytes.before} → ${bytes.after}`,
    bytes.change,
  ]);
  const { length } = replay.commits;
  return [
    length === 0
      ? page.style.strong('Of the commits that were tried none has times with both:')
      : `${page.style.strong(`The last ${counted(length, 'commit')}, built with both`)} (medians):`,
    ...(rows.length === 0
      ? []
      : aligned([['COMMITS TO', '', 'REBUILD', '', 'TO PUSH', ''], ...rows], page, (cell) => cell)),
    ...replaySentences(result).flatMap((one) => wrapWords(one, page.columns)),
    ...replay.failed
      .slice(0, 5)
      .map(({ id, why }) =>
        cutText(`  ${id.slice(0, 10)} could not be built: ${oneLine(why)}`, page.columns),
      ),
    ...(replay.failed.length > 5 ? [`  … and ${replay.failed.length - 5} more could not be built`] : []),
  ];
}

function proofBlock(result: OptimizeResult, { style, columns }: Page): string[] {
  return proofOf(result).flatMap(({ text, details }) => [
    ...wrapWords(text, columns).map((line, i) => (i === 0 ? style.good('✓ ') + line : `  ${line}`)),
    ...details.map((one) => `    ${one}`),
  ]);
}

function refusedBlock(result: OptimizeResult, { style, columns }: Page): string[] {
  const { refused } = sorted(result);
  return refused.flatMap((change) => {
    const number = result.changes.indexOf(change) + 1;
    return [
      `${style.bad('✗')} ${cutText(`${number} ${change.rewrite}: ${oneLine(change.title)}`, columns - 2)}`,
      ...refusalOf(change).map((one) => `    ${one}`),
    ];
  });
}

function leftBlock(result: OptimizeResult, { style, columns }: Page): string[] {
  const left = leftAsItIs(result);
  if (left.length === 0) return [];
  return [
    'Left as it is:',
    ...left.flatMap(({ place, what, why }) => [
      ...wrapWords(`${place} ${what}`, columns - 2).map(
        (line, i) => `${i === 0 ? style.warn('· ') : '  '}${line}`,
      ),
      ...wrapWords(`${why}.`, columns, '    ').map(style.faint),
    ]),
  ];
}
