// What differs, a line each: files under marks as `diff` has them, everything else as a sentence.

import type { WhyDifference, WhyStep } from '../../../app/index.ts';
import { displayPath } from '../../../core/index.ts';
import { oneLine, sanitizeLine } from '../sanitize.ts';
import type { Style } from '../style.ts';
import { type FileGroup, groupFiles } from './group-files.ts';

export interface DifferenceOptions {
  readonly style: Style;
  /** Lines of differences, and of one file's text, that are shown at most. */
  readonly most: number;
  readonly mostText: number;
}

/** The lines below a step. */
export function differenceLines(step: WhyStep, options: DifferenceOptions): string[] {
  const { comparison, follows } = step;
  if (!comparison) return [];
  if (comparison.forgotten) {
    const reasons = step.reasons.map(({ text }) => oneLine(text));
    return [...reasons, '(all that differed is kept no longer)'];
  }
  // That what it stands on changed is said with the step that changed it.
  const all = comparison.differences.filter(({ kind }) => !(kind === 'parent' && follows.length > 0));
  const files = all.filter(({ kind }) => kind === 'file');
  const others = all.filter(({ kind }) => kind !== 'file');
  const lost = comparison.total - comparison.differences.length;
  return [
    ...others.map(line),
    ...fileLines(files, options),
    ...(lost > 0 ? [options.style.faint(`… and ${lost} more that are not kept`)] : []),
  ];
}

/** Files one by one, or by directories where they are many and their texts were not asked for. */
function fileLines(files: readonly WhyDifference[], options: DifferenceOptions): string[] {
  const { most, style } = options;
  const more = (count: number) => (count > 0 ? [style.faint(`… and ${count} more: --all lists them`)] : []);
  if (files.length <= most || files.some(({ diff }) => diff)) {
    const shown = files.slice(0, most);
    return [
      ...shown.flatMap((file) => [fileLine(file, style), ...textLines(file, options)]),
      ...more(files.length - shown.length),
    ];
  }
  const groups = groupFiles(files);
  const shown = groups.slice(0, most);
  const counted = shown.reduce((sum, { count }) => sum + count, 0);
  const rest = more(files.length - counted);
  return [
    ...shown.map((group) => groupLine(group, style)),
    ...(rest.length > 0 ? rest : [style.faint('(by directory: --all lists the files)')]),
  ];
}

function groupLine({ change, path, count }: FileGroup, style: Style): string {
  const head = mark(change, style)(path);
  return path.endsWith('/') ? `${head}  ${style.faint(`${count} ${count === 1 ? 'file' : 'files'}`)}` : head;
}

/** How a path is written with which something happened. */
function mark(change: WhyDifference['change'], style: Style): (path: string) => string {
  const name = (path: string) => oneLine(displayPath(path === '' ? '.' : path));
  if (change === 'added') return (path) => style.good(`+ ${name(path)}`);
  if (change === 'removed') return (path) => style.bad(`- ${name(path)}`);
  return (path) => `${style.warn('~')} ${name(path)}`;
}

/** What is no file; there are never many of these. */
function line(difference: WhyDifference): string {
  if (difference.kind === 'instruction' && difference.before !== undefined) {
    return `instruction edited: ${quoted(difference.before)} → ${quoted(difference.after ?? '')}`;
  }
  return oneLine(difference.text);
}

function quoted(instruction: string): string {
  return `\`${oneLine(displayPath(instruction))}\``;
}

function fileLine({ name, change, facts = [] }: WhyDifference, style: Style): string {
  const words = facts.map(({ what, before, after }) =>
    before === undefined
      ? what
      : `${what} ${oneLine(displayPath(before))} → ${oneLine(displayPath(after ?? ''))}`,
  );
  const head = mark(change, style)(name);
  return words.length === 0 ? head : `${head}  ${style.faint(words.join(', '))}`;
}

function textLines({ diff }: WhyDifference, { style, mostText }: DifferenceOptions): string[] {
  if (!diff) return [];
  if ('withheld' in diff) return [style.faint(`    (${diff.withheld})`)];
  const lines = diff.text.split('\n');
  const shown = lines.slice(0, mostText).map((text) => {
    const safe = `    ${sanitizeLine(text)}`.trimEnd();
    if (text.startsWith('+')) return style.good(safe);
    if (text.startsWith('-')) return style.bad(safe);
    return text.startsWith('@@') ? style.active(safe) : safe;
  });
  const more = lines.length - shown.length;
  return [...shown, ...(more > 0 ? [style.faint(`    … and ${more} more lines: --all shows them`)] : [])];
}
