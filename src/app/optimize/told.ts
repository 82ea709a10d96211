// What was proposed as it is told: texts with their differences, changes with their reasons. Nothing in them shows a value
// that looks secret.

import { compareLines, diffableLines, type SourceText, type Span } from '../../core/index.ts';
import type { Applied, Draft, Picture, Proposed, Rewrite, Subject } from '../../insight/optimize/index.ts';
import { hunksWith } from './hunks.ts';
import { hidesIn, shownText } from './shown-text.ts';
import type { ChangedText, OptimizeChange, OptimizeRemark } from './types.ts';

/** What became of a draft. */
export interface ToldDraft {
  readonly proposed: Proposed;
  /** Of the Dockerfile, and of the ignore file that there is, or would be. */
  readonly path: string;
  readonly ignorePath: string;
}

/** The texts that are not what they were. */
export function changedTexts(
  original: Draft,
  { proposed: { draft, applied }, path, ignorePath }: ToldDraft,
): ChangedText[] {
  const versions = (textOf: (one: Draft) => string) =>
    applied.map(({ after }, change) => ({ text: textOf(after), change }));
  const { source, ignoreText } = original;
  const texts = [
    {
      ...{ name: source.name, path, before: source.text, after: draft.source.text },
      versions: versions((one) => one.source.text),
    },
    {
      ...{ name: nameBeside(ignorePath, path, source.name), path: ignorePath },
      ...{ before: ignoreText, after: draft.ignoreText ?? '' },
      versions: versions((one) => one.ignoreText ?? ''),
    },
  ];
  return texts
    .filter(({ before = '', after }) => before !== after)
    .map(({ before, versions, ...one }) => ({
      ...{ ...one, ...(before === undefined ? {} : { before }), written: false },
      hunks: hunksWith(before ?? '', versions),
      hides: hidesIn(one.after),
    }));
}

/** A path as people are to read it, where another one has a name by which they know it. */
function nameBeside(path: string, other: string, name: string): string {
  return other.endsWith(`/${name}`) && path.startsWith(other.slice(0, -name.length))
    ? path.slice(other.length - name.length)
    : path;
}

/** A change. */
export function changeOf({ rewrite, proposal }: Applied, outcome: OptimizeChange['outcome']): OptimizeChange {
  const { title, reason, span, claim, allows, risk, afterwards } = proposal;
  return {
    ...{ rewrite: rewrite.name, goal: rewrite.goal, title: shownText(title), reason: shownText(reason) },
    ...{ claim, allows, outcome },
    line: lineOf(span),
    ...(risk === undefined ? {} : { risk }),
    ...(afterwards === undefined ? {} : { afterwards }),
  };
}

/**
 * What rewrites find in what is proposed, and leave as it is.
 * @param now the Dockerfile as it is now, of which the lines are told
 */
export function remarksOf(
  rewrites: readonly Rewrite[],
  subject: Subject,
  now: SourceText,
): readonly OptimizeRemark[] {
  const lineNow = linesOf(now.text, subject.draft.source.text);
  return rewrites.flatMap(({ name, remarks }) =>
    (remarks?.(subject) ?? []).map(({ what, why, span, bytes }) => ({
      ...{ rewrite: name, what: shownText(what), why: shownText(why), line: lineNow(lineOf(span)) },
      ...(bytes === undefined ? {} : { bytes }),
    })),
  );
}

/** Of each line of a later text the line of the earlier one: of a new line that of the same words, or in whose place it is. */
function linesOf(earlier: string, later: string): (line: number) => number {
  const before = diffableLines(earlier);
  const after = diffableLines(later);
  const lines: number[] = [];
  let line = 1;
  let replaced = 0;
  for (const { sign, text } of compareLines(before, after)) {
    if (sign === '+') {
      const moved = before.indexOf(text) + 1;
      lines.push(moved > 0 ? moved : Math.min(line - (replaced > 0 ? replaced-- : 0), before.length));
      continue;
    }
    if (sign === ' ') lines.push(line);
    replaced = sign === ' ' ? 0 : replaced + 1;
    line++;
  }
  return (one) => lines[one - 1] ?? one;
}

function lineOf({ source, start }: Span): number {
  return source.text.slice(0, start).split('\n').length;
}

/** A picture. */
export function shownPicture({ steps, ...rest }: Picture): Picture {
  return {
    ...rest,
    steps: steps.map((step) => ({ ...step, instruction: shownText(step.instruction.replace(/\s+/g, ' ')) })),
  };
}

/** Where the ignore file is, or would be: the Dockerfile's own, if it has one. */
export function ignorePathOf({
  path,
  directory,
  ignore,
}: {
  readonly path: string;
  readonly directory: string;
  readonly ignore?: SourceText;
}): string {
  const isOwn = ignore !== undefined && ignore.name !== '.dockerignore';
  return isOwn ? `${path}.dockerignore` : `${directory}/.dockerignore`;
}
