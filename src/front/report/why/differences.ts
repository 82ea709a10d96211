// What differs, a line each: files under marks as `diff` has them, everything else as a sentence.

import type { WhyDifference, WhyStep } from '../../../app/index.ts';
import { displayPath } from '../../../core/index.ts';
import { oneLine, sanitizeLine } from '../sanitize.ts';
import type { Style } from '../style.ts';

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
  const shown = all.slice(0, options.most);
  const more = comparison.total - (comparison.differences.length - all.length) - shown.length;
  return [
    ...shown.flatMap((difference) => [line(difference, options.style), ...textLines(difference, options)]),
    ...(more > 0 ? [options.style.faint(moreText(more, shown.length < all.length))] : []),
  ];
}

function moreText(more: number, listed: boolean): string {
  return listed ? `… and ${more} more: --all lists them` : `… and ${more} more that are not kept`;
}

function line(difference: WhyDifference, style: Style): string {
  if (difference.kind === 'file') return fileLine(difference, style);
  if (difference.kind === 'instruction' && difference.before !== undefined) {
    return `instruction edited: ${quoted(difference.before)} → ${quoted(difference.after ?? '')}`;
  }
  return oneLine(difference.text);
}

function quoted(instruction: string): string {
  return `\`${oneLine(displayPath(instruction))}\``;
}

function fileLine({ name, change, facts = [] }: WhyDifference, style: Style): string {
  const path = oneLine(displayPath(name === '' ? '.' : name));
  if (change === 'added') return style.good(`+ ${path}`);
  if (change === 'removed') return style.bad(`- ${path}`);
  const words = facts.map(({ what, before, after }) =>
    before === undefined
      ? what
      : `${what} ${oneLine(displayPath(before))} → ${oneLine(displayPath(after ?? ''))}`,
  );
  return `${style.warn('~')} ${path}${words.length === 0 ? '' : `  ${style.faint(words.join(', '))}`}`;
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
