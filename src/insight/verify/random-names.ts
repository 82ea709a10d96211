// Names that are other ones in each build: temporary files, logs named by the time. What of them is the same each time
// is kept, and a rewrite has to keep it too: their directory, how many there are, what kind each is, the form of the names.

import { baseName, parentPath } from '../../core/index.ts';
import type { Entry } from '../../oci/image/index.ts';

/** Something that only one of two images has, with all below it. */
export interface Lone {
  readonly path: string;
  readonly entry: Entry;
  /** By path; all of them below `path`. */
  readonly below: readonly Entry[];
}

/** Names of one directory that are other ones each time. */
export interface RandomNames {
  readonly directory: string;
  readonly pattern: RegExp;
  /** How closely builds of the original agree in what bears these names; `loose`: not even in how many there are. */
  readonly agree: 'contents' | 'names' | 'kinds' | 'loose';
  /** What was seen, in that closeness. */
  readonly shapes: ReadonlySet<string>;
}

/** Puts together what only one of two images has: each tree once, by its top. */
export function loneTrees(entries: readonly Entry[]): Lone[] {
  const found: { path: string; entry: Entry; below: Entry[] }[] = [];
  // What is below a directory comes right after it: `a/b` before `a-b`.
  const key = ({ path }: Entry) => path.replaceAll('/', '\0');
  for (const entry of [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1))) {
    const last = found.at(-1);
    if (last && entry.path.startsWith(`${last.path}/`)) last.below.push(entry);
    else found.push({ path: entry.path, entry, below: [] });
  }
  return found;
}

/** The random names of what two builds of the same do not have in common. */
export function randomNames(first: readonly Lone[], second: readonly Lone[]): RandomNames[] {
  const [one, two] = [byDirectory(first), byDirectory(second)];
  return [...one].flatMap(([directory, a]): RandomNames[] => {
    const b = two.get(directory);
    const pattern = b && patternOf([...a, ...b].map(({ path }) => baseName(path)));
    if (!pattern) return [];
    const agree = CLOSENESS.find((how) => equalLists(shapesOf(a, how), shapesOf(b, how))) ?? 'loose';
    return [{ directory, pattern, agree, shapes: new Set(shapesOf([...a, ...b], agree)) }];
  });
}

/** Whether something bears such a name, in that directory. */
export function isOne({ directory, pattern }: RandomNames, { path }: Lone): boolean {
  return parentPath(path) === directory && pattern.test(baseName(path));
}

/** Whether what a rewrite's image has instead of what the original's has is as random as that: all of them. */
export function isAsRandom(
  { agree, shapes }: RandomNames,
  gone: readonly Lone[],
  come: readonly Lone[],
): boolean {
  if (agree === 'loose') return shapesOf(come, agree).every((shape) => shapes.has(shape));
  return equalLists(shapesOf(gone, agree), shapesOf(come, agree));
}

function byDirectory(lone: readonly Lone[]): Map<string, Lone[]> {
  const found = new Map<string, Lone[]>();
  for (const one of lone) {
    const directory = parentPath(one.path);
    found.set(directory, [...(found.get(directory) ?? []), one]);
  }
  return found;
}

/** The closest first. */
const CLOSENESS = ['contents', 'names', 'kinds'] as const;

function shapesOf(lone: readonly Lone[], agree: RandomNames['agree']): string[] {
  return lone.map((one) => shapeOf(one, agree)).sort();
}

function shapeOf({ path, entry, below }: Lone, agree: RandomNames['agree']): string {
  const inner = agree === 'kinds' || agree === 'loose' ? [] : below;
  return JSON.stringify(
    [entry, ...inner].map((one) => [
      one.path.slice(path.length),
      ...[one.type, one.mode, one.uid, one.gid],
      ...(agree === 'contents' ? [one.size, one.digest, one.link] : []),
    ]),
  );
}

function equalLists(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

/** The form of names: words that all have stay, but for their digits; the others are letters and digits of that length. */
export function patternOf(names: readonly string[]): RegExp | undefined {
  const parts = names.map((name) => name.split(/([^\p{L}\p{N}_]+)/u));
  const [first = []] = parts;
  if (parts.some((one) => one.length !== first.length)) return undefined;
  const texts = first.map((text, i) => {
    const all = parts.map((one) => one[i]!);
    if (all.every((one) => one === text)) return literally(text);
    if (i % 2 === 1) return undefined;
    const lengths = all.map(({ length }) => length);
    return `[\\p{L}\\p{N}_]{${Math.min(...lengths)},${Math.max(...lengths)}}`;
  });
  return texts.includes(undefined) ? undefined : new RegExp(`^${texts.join('')}$`, 'u');
}

function literally(text: string): string {
  const character = (one: string) =>
    /[0-9]/.test(one) ? '[0-9]' : /\w/.test(one) ? one : `\\u{${one.codePointAt(0)!.toString(16)}}`;
  return [...text].map(character).join('');
}
