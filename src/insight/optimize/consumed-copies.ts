// COPY instructions of which nothing is left in the image: a RUN below uses up what they bring, and removes it again.

import { cleanRelative, parentPath } from '../../core/index.ts';
import type { CopyInstruction } from '../../lang/dockerfile/index.ts';
import type { TableOfContents } from '../../oci/image/index.ts';
import { type BuiltInstruction, type Command, operands, type Run, runsOf } from '../lint/index.ts';
import { shippedRuns } from './leavings.ts';
import { builtOf, makesLayer, type Subject } from './subject.ts';

/** One of them. */
export interface ConsumedCopy {
  readonly built: BuiltInstruction;
  readonly instruction: CopyInstruction;
  /** Places in the image where something comes to lie: files, or one directory. Without slashes at their starts. */
  readonly places: readonly Place[];
  readonly bytes: number;
  /** The RUN that removes it. */
  readonly remover: Run;
  /** Its commands that do nothing but that. */
  readonly removals: readonly Command[];
  /** The RUN instructions that use it, the remover among them where it does. */
  readonly users: readonly Run[];
}

/** A source and where it lies. */
export interface Place {
  /** Of the context, or of the other stage or image. */
  readonly source: string;
  readonly path: string;
  readonly isDirectory: boolean;
}

/** Those of the layers that the image has. */
export function consumedCopies(subject: Subject): readonly ConsumedCopy[] {
  const shipped = new Map(shippedRuns(subject).map((one) => [one.run.at, one]));
  const stages = new Set([...shipped.values()].map(({ run }) => run.stage.index));
  return [...stages].flatMap((stage) => {
    const items = builtOf(subject, stage).filter(({ instruction }) => makesLayer(instruction));
    return items.flatMap((built, i): ConsumedCopy[] => {
      const brought = broughtBy(subject, built);
      if (!brought) return [];
      const gone = items.findIndex(
        (other, j) => j > i && brought.places.every(({ path }) => removes(subject, other, path)),
      );
      const remover = gone === -1 ? undefined : shipped.get(items[gone]!.at);
      // What an instruction between them does to it would be done to what is mounted.
      if (!remover || items.slice(i + 1, gone).some((one) => touches(subject, one, brought.places)))
        return [];
      const removals = removalsOf(remover.run, brought.places, items[gone]!);
      if (!removals) return [];
      const users = usersOf(subject, items.slice(i + 1, gone + 1), { places: brought.places, removals });
      if (!users) return [];
      return [{ ...{ ...brought, built, remover: remover.run, removals, users } }];
    });
  });
}

type Brought = Pick<ConsumedCopy, 'instruction' | 'places' | 'bytes'>;

/** Undefined where something else than that stays of it, or a mount would be something else. */
function broughtBy(
  subject: Subject,
  { instruction, expansions, before }: BuiltInstruction,
): Brought | undefined {
  const table = subject.observed(instruction)?.table;
  if (instruction.kind !== 'copy' || !table || instruction.inlineFiles.length > 0) return undefined;
  // Of the owner and the mode a mount has its own idea.
  if (instruction.chown || instruction.chmod || instruction.parents || instruction.exclude.length > 0)
    return undefined;
  const expanded = expansions.find(({ word }) => word === instruction.destination)?.expansion.text;
  if (expanded === undefined) return undefined;
  const to = cleanRelative(
    expanded.startsWith('/') ? expanded : `${before.config.WorkingDir ?? ''}/${expanded}`,
  );
  const files = table.entries.filter(
    ({ type }) => type !== 'dir' && type !== 'whiteout' && type !== 'opaque',
  );
  const places: Place[] = [];
  for (const word of instruction.sources) {
    // A pattern takes others tomorrow; of what the text says otherwise nobody knows what it will be.
    if (!/^[\w@%+:./~-]+$/.test(word.text)) return undefined;
    const source = cleanRelative(word.text);
    const name = source.slice(source.lastIndexOf('/') + 1);
    const path = [`${to === '' ? '' : `${to}/`}${name}`, to].find((one) =>
      files.some((file) => file.path === one),
    );
    if (path !== undefined && (path !== to || instruction.sources.length === 1))
      places.push({ source, path, isDirectory: false });
    else if (instruction.sources.length === 1 && to !== '')
      places.push({ source, path: to, isDirectory: true });
    else return undefined;
  }
  const isPlaced = (one: string) => places.some(({ path }) => one === path || one.startsWith(`${path}/`));
  if (files.length === 0 || !files.every(({ path }) => isPlaced(path))) return undefined;
  if (!places.every(({ path }) => /^[\w@%+:./~-]+$/.test(path))) return undefined;
  // What is there already would be hidden by the mount, and is there again afterwards.
  const below = tablesBelow(subject, instruction);
  if (!below || places.some(({ path }) => isThere(below, path))) return undefined;
  // A directory that it makes stays, unless it goes with what is in it.
  const made = table.entries.some(
    ({ path, type }) => type === 'dir' && !isPlaced(path) && !isThere(below, path),
  );
  if (made) return undefined;
  return { instruction, places, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

function tablesBelow(
  { evidence, observed }: Subject,
  instruction: CopyInstruction,
): readonly TableOfContents[] | undefined {
  const layer = observed(instruction)?.layer;
  const at = layer === undefined ? -1 : evidence.image.diffIds.indexOf(layer);
  return at === -1 ? undefined : evidence.image.tables.slice(0, at);
}

function isThere(tables: readonly TableOfContents[], wanted: string): boolean {
  if (wanted === '') return true;
  for (const { entries } of tables.toReversed()) {
    if (entries.some(({ path, type }) => path === wanted && type !== 'whiteout')) return true;
    if (
      entries.some(
        ({ path, type }) => type === 'whiteout' && (wanted === path || wanted.startsWith(`${path}/`)),
      )
    )
      return false;
  }
  return false;
}

function removes({ observed }: Subject, { instruction }: BuiltInstruction, place: string): boolean {
  return (
    observed(instruction)?.table?.entries.some(({ path, type }) => type === 'whiteout' && path === place) ??
    false
  );
}

function touches(
  { observed }: Subject,
  { instruction }: BuiltInstruction,
  places: readonly Place[],
): boolean {
  const table = observed(instruction)?.table;
  if (!table) return true;
  return table.entries.some(({ path }) =>
    places.some((one) => path === one.path || path.startsWith(`${one.path}/`)),
  );
}

/** The commands that remove all of it and nothing else; undefined where that is not to be told. */
function removalsOf(
  run: Run,
  places: readonly Place[],
  { before }: BuiltInstruction,
): readonly Command[] | undefined {
  const moves = run.commands.some(({ name }) => name === 'cd' || name === 'pushd');
  const placeOf = (text: string): Place | undefined => {
    const path = cleanRelative(text.startsWith('/') ? text : `${before.config.WorkingDir ?? ''}/${text}`);
    const found = places.find((one) => one.path === path);
    if (found || text.startsWith('/') || !moves || !/^[\w@%+.-]+$/.test(text)) return found;
    // Behind a `cd` it is the one of its name: that it is gone then was seen.
    return places.find((one) => one.path.endsWith(`/${text}`));
  };
  const found: Command[] = [];
  const removed = new Set<Place>();
  for (const command of run.commands) {
    if (command.name !== 'rm') continue;
    const targets = operands(command).map(({ text }) => placeOf(text));
    const own = targets.filter((one) => one !== undefined);
    if (own.length === 0) {
      // A pattern may be about them.
      if (operands(command).some(({ text }) => /[*?[$]/.test(text) && mayMean(text, places)))
        return undefined;
      continue;
    }
    // Of one that removes more than that the rest would have to stay.
    if (own.length < targets.length) return undefined;
    for (const one of own) removed.add(one);
    found.push(command);
  }
  return removed.size === places.length ? found : undefined;
}

function mayMean(text: string, places: readonly Place[]): boolean {
  const start = text.replace(/[*?[$].*$/, '').replace(/^\/+/, '');
  return places.some(({ path }) => path.startsWith(start) || !text.startsWith('/'));
}

/** Undefined where one would see what is not there any more, or it is used by what is no RUN. */
function usersOf(
  subject: Subject,
  items: readonly BuiltInstruction[],
  { places, removals }: { readonly places: readonly Place[]; readonly removals: readonly Command[] },
): readonly Run[] | undefined {
  const runs = runsOf(subject.lint);
  const users: Run[] = [];
  for (const { instruction, before } of items) {
    const run = runs.find(({ at }) => at === instruction.node);
    if (!run) continue;
    const others = run.commands.filter((one) => !removals.includes(one));
    const reads = subject.observed(instruction)?.reads;
    const isNamed = places.some((place) =>
      others.some(({ args, word }) =>
        [word, ...args].some(({ text }) => names(text, place, before.config.WorkingDir)),
      ),
    );
    const isRead = places.some(
      ({ path }) =>
        reads?.files.has(path) || [...(reads?.files ?? [])].some((file) => file.startsWith(`${path}/`)),
    );
    if (!isNamed && !isRead) continue;
    // Mounted it looks other: nobody may write there, and it cannot be moved away.
    if (run.onbuild || others.some(({ name }) => name === 'mv')) return undefined;
    users.push(run);
  }
  // What is written into a directory by one is not there for the next.
  if (users.length === 0 || (users.length > 1 && places.some(({ isDirectory }) => isDirectory)))
    return undefined;
  return users;
}

/** Whether a word may be about it: by the path, by its name, by a directory above it with a pattern. */
function names(text: string, { path }: Place, workdir = '/'): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (text.includes(name)) return true;
  const parent = parentPath(path);
  return (
    /[*?]/.test(text) &&
    (text.includes(`/${parent}/`) || (!text.startsWith('/') && cleanRelative(workdir) === parent))
  );
}
