// `mille lock`: what the names of a build mean, written down. All of it is known before anything is written, and the
// file appears whole under its name, or stays as it was.

import { type EventSink, MilleError, redactUrls, suggest } from '../../core/index.ts';
import { familiarName, parseReference } from '../../oci/image/index.ts';
import { writeFileAtomically } from '../../sys/index.ts';
import { withServices } from '../services.ts';
import type { BuildOptions } from '../types.ts';
import { collect, type Meaning, type Meanings } from './collect.ts';
import { EMPTY_LOCK, imageKey, type LockFile, writeLock } from './lock-file.ts';
import { type LockPlace, lockPlace, readLockAt } from './place.ts';
import type { LockChange, LockEntry, LockOptions, LockResult } from './types.ts';

/** Makes or checks a lock file. See `LockVerbs.lock`. */
export function lock(options: LockOptions, events: EventSink, signal: AbortSignal): Promise<LockResult> {
  return withServices('write', async (services) => {
    services.onNotice((message) => events({ type: 'note', message }));
    const store = await services.store();
    const held = store.lockShared();
    try {
      const place = placeFor(options.build);
      const old = readLockAt(place);
      const kept = keptOf(old ?? EMPTY_LOCK, options);
      const found: Meanings = { images: new Map(), files: new Map(), git: new Map() };
      for (const build of eachPlatform(options.build))
        await collect({ store, build, kept, events, signal }, found);
      const entries = entriesOf(old ?? EMPTY_LOCK, found, options);
      checkNames(options, entries);
      const written = !options.check && writeIfOther(place, old, lockOf(old, found, options));
      return { file: place.shown, written, entries };
    } finally {
      held.release();
    }
  });
}

function placeFor(build: BuildOptions): LockPlace {
  const place = lockPlace(build);
  if (place) return place;
  throw new MilleError('usage', 'the Dockerfile is no file of this machine, so there is no place beside it', {
    hint: 'say where the lock file is: --lock-file PATH, for `mille lock` and for the build',
  });
}

/** Those of several platforms are looked at one after the other: each may name other images. */
function eachPlatform(build: BuildOptions): readonly BuildOptions[] {
  const { platforms } = build;
  return platforms.length < 2 ? [build] : platforms.map((platform) => ({ ...build, platforms: [platform] }));
}

/** What of the old file is not asked for again. */
function keptOf({ images, files, git }: LockFile, { update = [], check }: LockOptions): LockFile {
  if (check || update === 'all') return EMPTY_LOCK;
  const keep = <T>(entries: ReadonlyMap<string, T>) =>
    new Map([...entries].filter(([name]) => !update.some((given) => isMeant(given, name))));
  return { images: keep(images), files: keep(files), git: keep(git) };
}

/** Whether somebody who writes `given` means the entry of a name: as it is written, or all tags, all refs of it. */
function isMeant(given: string, name: string): boolean {
  if (redactUrls(given) === name || name.startsWith(`${redactUrls(given)}#`)) return true;
  try {
    if (imageKey(given) === name) return true;
    return !name.includes('://') && familiarName(parseReference(name)) === given;
  } catch (error) {
    if (error instanceof MilleError) return false;
    throw error;
  }
}

function checkNames({ update = [] }: LockOptions, entries: readonly LockEntry[]): void {
  if (update === 'all') return;
  const names = entries.map(({ name }) => name);
  const unknown = update.find((given) => !names.some((name) => isMeant(given, name)));
  if (unknown === undefined) return;
  const near = suggest(unknown, [
    ...names,
    ...names.map((name) => name.replace(/^docker\.io\/(library\/)?/, '')),
  ]);
  throw new MilleError('usage', `--update: the build takes nothing that is called '${redactUrls(unknown)}'`, {
    hint:
      near === undefined ? `there is ${names.slice(0, 5).join(', ') || 'nothing'}` : `did you mean ${near}?`,
  });
}

function entriesOf(old: LockFile, found: Meanings, { check, keepOthers }: LockOptions): LockEntry[] {
  const unasked = check ? 'unused' : keepOthers ? 'kept' : 'removed';
  return [
    ...compare('image', [old.images, found.images], { idOf: (digest) => digest, unasked }),
    ...compare('file', [old.files, found.files], { idOf: (digest) => digest, unasked }),
    ...compare('git', [old.git, found.git], { idOf: ({ commit, tag }) => tag ?? commit, unasked }),
  ];
}

function compare<T>(
  kind: LockEntry['kind'],
  [old, found]: readonly [ReadonlyMap<string, T>, ReadonlyMap<string, Meaning<T>>],
  how: { readonly idOf: (value: T) => string; readonly unasked: LockChange },
): LockEntry[] {
  const names = [...new Set([...old.keys(), ...found.keys()])].sort();
  return names.map((name) => {
    const before = old.get(name);
    const meaning = found.get(name);
    const span = meaning?.span;
    const locked = before === undefined ? {} : { locked: how.idOf(before) };
    if (!meaning) return { kind, name, change: how.unasked, ...locked };
    const same = JSON.stringify(before) === JSON.stringify(meaning.now);
    const change = before === undefined ? 'added' : same ? 'same' : 'moved';
    return { kind, name, change, ...locked, now: how.idOf(meaning.now), ...(span ? { span } : {}) };
  });
}

function lockOf(old: LockFile | undefined, found: Meanings, { keepOthers }: LockOptions): LockFile {
  const { images, files, git } = (keepOthers && old) || EMPTY_LOCK;
  const join = <T>(before: ReadonlyMap<string, T>, now: ReadonlyMap<string, Meaning<T>>) =>
    new Map([...before, ...[...now].map(([name, meaning]) => [name, meaning.now] as const)]);
  return { images: join(images, found.images), files: join(files, found.files), git: join(git, found.git) };
}

/** A file that says the same is left alone, time and all. */
function writeIfOther({ path, shown }: LockPlace, old: LockFile | undefined, now: LockFile): boolean {
  const text = writeLock(now);
  if (old && writeLock(old) === text) return false;
  try {
    writeFileAtomically(path, text);
    return true;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MilleError('io', `${shown} cannot be written: ${why}`, { cause });
  }
}
