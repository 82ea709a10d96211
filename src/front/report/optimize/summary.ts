// What `mille optimize` came to, in one sentence, and what is to be known besides.

import type { OptimizeChange, OptimizeResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { figuresOf, gainsOf } from './figures.ts';
import { counted } from './proof.ts';

/** The changes that are made, and those that are not. */
export function sorted({ changes }: Pick<OptimizeResult, 'changes'>) {
  return {
    made: changes.filter(({ outcome }) => outcome === 'proved'),
    refused: changes.filter(({ outcome }) => outcome === 'refused'),
    unproved: changes.filter(({ outcome }) => outcome === 'unproved'),
  };
}

/** Whether nothing was built: the changes in the texts are proposals that nobody proved. */
export function isDry({ reckoned }: OptimizeResult): boolean {
  return reckoned !== undefined;
}

/** `2 changes, proved: size 182MB → 171MB (-6 %), a commit 8.1s → 0.9s (-89 %)`. */
export function headline(result: OptimizeResult): string {
  const figures = figuresOf(result)
    .filter(({ what, better }) => better !== undefined && (what === 'size' || what === 'a commit'))
    .map(({ what, before, after, change }) => `${what} ${before} → ${after} (${change})`);
  return [headlineWords(result), ...(figures.length === 0 ? [] : [figures.join(', ')])].join(': ');
}

/** The same without figures. */
export function headlineWords(result: OptimizeResult): string {
  const { made, refused, unproved } = sorted(result);
  if (made.length > 0) return `${counted(made.length, 'change')}, proved`;
  if (isDry(result) && unproved.length > 0)
    return `${counted(unproved.length, 'change')} proposed, not proved`;
  if (refused.length > 0) return `Nothing to change: ${counted(refused.length, 'change')} tried, and refused`;
  if (isDry(result))
    return 'Nothing proposed by the text alone: without --dry it is built, and more is known then';
  return 'Nothing to gain: the Dockerfile stays as it is';
}

/** What serves one goal and costs the other: where both were possible, it is somebody's choice. */
export function trades(result: OptimizeResult): readonly string[] {
  return result.changes.flatMap((change, i) => {
    if (change.outcome === 'refused') return [];
    const { bytes = 0, secondsPerCommit = 0 } = change.claim;
    if (bytes * secondsPerCommit >= 0) return [];
    const gains = gainsOf(change, result);
    const what =
      bytes > 0
        ? `makes the image smaller (${gains.bytes}) and rebuilds slower (${gains.seconds} a commit)`
        : `makes rebuilds faster (${gains.seconds} a commit) and the image larger (${gains.bytes})`;
    return [`Change ${i + 1} ${what}: --skip ${change.rewrite} leaves it out.`];
  });
}

/** Notes, and what became of the files. */
export function remarks(result: OptimizeResult): readonly string[] {
  const { files, notes, notWritten } = result;
  const names = files.map(({ name }) => oneLine(name)).join(' and ');
  const written = files.some((one) => one.written);
  return [
    ...afterwards(result),
    ...notes.map((note) => `${capital(oneLine(note))}.`),
    ...(files.length === 0 || notWritten
      ? []
      : written
        ? [`${names} ${files.length === 1 ? 'is' : 'are'} written.`]
        : isDry(result)
          ? ['Nothing is proved: without --dry it is, by building, and --write then writes it.']
          : [`Nothing is written: --write writes ${names}.`]),
  ];
}

/** How the build is to be called from now on; once for several changes that want the same. */
function afterwards(result: OptimizeResult): readonly string[] {
  const told = result.changes.flatMap((one) =>
    one.outcome === 'refused' || one.afterwards === undefined ? [] : [one.afterwards],
  );
  return [...new Set(told)].map((one) => `From now on: ${oneLine(one)}.`);
}

/** What could be better and is left as it is. */
export function leftAsItIs({ left = [], dockerfile }: OptimizeResult): readonly Left[] {
  return left.map(({ rewrite, line, what, why }) => ({
    rewrite,
    place: `${oneLine(dockerfile.name)}:${line}`,
    what: oneLine(what),
    why: capital(oneLine(why)),
  }));
}

/** Something that is left, in words. */
export interface Left {
  readonly rewrite: string;
  /** `Dockerfile:4`. */
  readonly place: string;
  readonly what: string;
  readonly why: string;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).replace(/\.$/, '');
}

/** `proved`, `refused`. */
export function outcomeWord({ outcome }: OptimizeChange, dry: boolean): string {
  return outcome === 'unproved' ? (dry ? 'not proved' : 'not tried') : outcome;
}
