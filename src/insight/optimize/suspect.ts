// Which of several changes a refusal speaks of: the one that alone claims or touches what it names. Only a guess, by which
// a search begins where it is likely to end.

import type { Instruction } from '../../lang/dockerfile/index.ts';
import { inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { createIgnoreMatcher, parseIgnore } from '../../lang/ignore/index.ts';
import { instructionsOf } from './follow.ts';
import type { Applied } from './propose.ts';
import type { Allowance } from './rewrite.ts';
import type { Draft } from './subject.ts';

/** What a refusal names. */
export interface RefusedNames {
  /** Paths of the image that differ and may not. */
  readonly files: readonly { readonly path: string; readonly kind: 'added' | 'removed' | 'changed' }[];
  /** Words of the config, as comparisons have them: `Env PATH`. */
  readonly config: readonly string[];
  /** The build failed: what it said, and where in the text after all changes. */
  readonly failure?: string;
  readonly failedAt?: number;
}

/** Paths that are looked at, at most: the first ones tell as much as all. */
const MOST_PATHS = 200;

/** The change; undefined where none alone is spoken of. */
export function suspectOf(applied: readonly Applied[], names: RefusedNames): Applied | undefined {
  const touched = applied.map((one) => touchOf(one));
  const votes = new Map<number, number>();
  const vote = (isTouched: (touch: Touch) => boolean) => {
    const found = touched.flatMap((touch, i) => (isTouched(touch) ? [i] : []));
    if (found.length === 1) votes.set(found[0]!, (votes.get(found[0]!) ?? 0) + 1);
    return found.length > 0;
  };
  for (const { path, kind } of names.files.slice(0, MOST_PATHS)) {
    const claimed = vote(
      ({ allows, ignores }) => isClaimed(allows, path) || (kind === 'removed' && ignores(path)),
    );
    if (!claimed) vote(({ writes }) => writes.has(path));
  }
  for (const what of names.config)
    vote(({ allows, kinds }) => isConfig(allows, what) || kinds.has(kindOf(what)));
  if (names.failure !== undefined) {
    const paths = pathsIn(names.failure);
    if (!vote(({ ignores }) => paths.some(ignores))) {
      const failed = failedWords(applied, names.failedAt);
      const writer = applied.findLastIndex(
        (one) => hasWords(one.after, failed) && !hasWords(one.before, failed),
      );
      if (writer !== -1) votes.set(writer, 1);
      else vote(({ words }) => failed !== undefined && words.has(failed));
    }
  }
  const [first, second] = [...votes].sort(([, a], [, b]) => b - a);
  return first && first[1] > (second?.[1] ?? 0) ? applied[first[0]] : undefined;
}

/** What a change has to do with. */
interface Touch {
  readonly allows: readonly Allowance[];
  /** What steps that it edits wrote, as they were observed. */
  readonly writes: ReadonlySet<string>;
  /** Of instructions that it edits or writes. */
  readonly kinds: ReadonlySet<string>;
  /** Those that it edits, or moves, or moves others past. */
  readonly words: ReadonlySet<string>;
  /** Whether it leaves a path out of the context: one of the image, which ends with that. */
  readonly ignores: (path: string) => boolean;
}

function touchOf({ proposal, before, after }: Applied): Touch {
  const [old, now] = [instructionsIn(before), instructionsIn(after)];
  const known = new Set(old.map(({ text }) => text));
  const from = Math.min(...proposal.edits.map(({ start }) => start));
  const to = Math.max(...proposal.edits.map(({ end }) => end));
  const edited = old.filter(({ span }) => span.start < to && span.end > from);
  const tables = edited.flatMap(({ span }) => before.known.get(span.start)?.table ?? []);
  const own = [
    ...edited.filter(({ text }) => !has(now, text)),
    ...now.filter(({ text }) => !known.has(text)),
  ];
  return {
    allows: proposal.allows,
    writes: new Set(
      tables.flatMap(({ entries }) => entries.flatMap(({ path, type }) => (type === 'dir' ? [] : [path]))),
    ),
    kinds: new Set(own.map(({ kind }) => kind)),
    words: new Set(edited.map(({ text }) => text)),
    ignores: ignoring(proposal.ignoreLines ?? []),
  };
}

function has(instructions: readonly Instruction[], words: string | undefined): boolean {
  return instructions.some(({ text }) => text === words);
}

function hasWords(draft: Draft, words: string | undefined): boolean {
  return has(instructionsIn(draft), words);
}

function instructionsIn({ source }: Draft): readonly Instruction[] {
  return instructionsOf(inspectDockerfile(source).dockerfile);
}

/** A path, one below it, or one above it. */
function isClaimed(allows: readonly Allowance[], path: string): boolean {
  return allows.some((one) => {
    if (one.what === 'paths') return one.paths.includes(path);
    if (one.what !== 'files') return false;
    const [root = ''] = one.below.split('*');
    const place = root.replace(/\/$/, '');
    return place === path || path.startsWith(`${place}/`) || (path !== '' && place.startsWith(`${path}/`));
  });
}

function isConfig(allows: readonly Allowance[], what: string): boolean {
  return allows.some((one) => one.what === 'config' && one.key === what);
}

/** `Env PATH`: `env`. */
function kindOf(what: string): string {
  const [word = ''] = what.toLowerCase().split(' ');
  return KINDS[word] ?? word;
}

const KINDS: Readonly<Record<string, string>> = {
  ...{ workingdir: 'workdir', exposedports: 'expose', volumes: 'volume', labels: 'label', author: 'label' },
};

function ignoring(lines: readonly string[]): (path: string) => boolean {
  if (lines.length === 0) return () => false;
  const matcher = createIgnoreMatcher(parseIgnore({ name: '.dockerignore', text: lines.join('\n') }));
  return (path) => {
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    return names.some((_, i) => matcher.isIgnored(names.slice(i).join('/')));
  };
}

/** What may be paths, of what a failed build said. */
function pathsIn(text: string): string[] {
  return [...new Set(text.split(/[\s'"`:,;()[\]=]+/).filter((word) => /[^.][./]/.test(word)))].slice(
    0,
    MOST_PATHS,
  );
}

/** Those of the instruction that failed. */
function failedWords(applied: readonly Applied[], failedAt: number | undefined): string | undefined {
  const last = applied.at(-1);
  if (failedAt === undefined || !last) return undefined;
  return instructionsIn(last.after).findLast(({ span }) => span.start <= failedAt)?.text;
}
