// What a RUN needs of the files that were copied before it: seen, where it was watched; else told by the commands, where
// all of them are known.

import { cleanRelative } from '../../core/index.ts';
import { createIgnoreMatcher, parsePatterns } from '../../lang/ignore/index.ts';
import { type BuiltInstruction, boundContextPaths, type RunFacts } from '../lint/index.ts';
import { directoriesOf } from './context-copies.ts';
import { type Install, installOf, isHarmless } from './installs.ts';
import type { Subject } from './subject.ts';

/** What it needs. */
export interface Needs {
  /** Files in the image, without a leading slash: of those that are asked about. */
  readonly files: ReadonlySet<string>;
  /** Files that are not there, and count when they come: paths in the image. */
  readonly later: ReadonlySet<string>;
  readonly watched: boolean;
  /** The commands that install something. */
  readonly installs: readonly Install[];
}

/** What is asked. */
export interface NeedsRequest {
  readonly built: BuiltInstruction;
  /** Paths in the image of files that were copied. */
  readonly files: Iterable<string>;
  /** Only what these commands need, of a RUN that is to be split. */
  readonly commands?: RunFacts['commands'];
}

/** @returns undefined where it may need all of them */
export function needsOf(subject: Subject, request: NeedsRequest): Needs | undefined {
  const { built } = request;
  const run = subject.lint.runs().find(({ at }) => at === built.instruction.node);
  const commands = request.commands ?? run?.commands ?? [];
  const installs = commands.flatMap((placed) => installOf(placed) ?? []);
  // What is mounted of the context changes without any COPY.
  if (boundContextPaths(built).length > 0) return undefined;
  const reads = subject.observed(built.instruction)?.reads;
  const files = [...request.files];
  if (reads && !reads.cut && !request.commands) return watched(built, { files, installs, reads });
  const isKnown = commands.length > 0 && commands.every((one) => installOf(one) || isHarmless(one));
  if (!isKnown || installs.length === 0 || installs.some(({ needsWatching }) => needsWatching))
    return undefined;
  // What lies in the system's directories may be what a package manager is set up with.
  if (files.some((path) => /^(etc|usr|lib|bin|sbin|root)\//.test(path) || !path.includes('/')))
    return undefined;
  const all = guessed(built, { files, installs });
  if (!reads || reads.cut) return { ...all, later: new Set() };
  // A part of it reads no more than the whole was seen to.
  return {
    ...all,
    files: new Set([...all.files].filter((path) => reads.files.has(path) || reads.looked.has(path))),
    later: new Set([...all.later].filter((path) => reads.missing.has(path))),
  };
}

type Reads = NonNullable<NonNullable<ReturnType<Subject['observed']>>['reads']>;

function watched(
  built: BuiltInstruction,
  {
    files,
    installs,
    reads,
  }: { readonly files: readonly string[]; readonly installs: readonly Install[]; readonly reads: Reads },
): Needs | undefined {
  const needed = new Set(files.filter((path) => reads.files.has(path) || reads.looked.has(path)));
  const known = guessed(built, { files, installs });
  const kept = directoriesOf(needed);
  const root = workdirOf(built);
  const all = directoriesOf(files);
  for (const directory of reads.listed) {
    // Of the project's own directory an installer knows the names that it looks for.
    if (!all.has(directory) || (directory === root && installs.length > 0)) continue;
    if (childrenOf(directory, files).some((one) => !needed.has(one) && !kept.has(one))) return undefined;
  }
  if (installs.length === 0) {
    for (const path of reads.looked) if (all.has(path) && !kept.has(path) && path !== root) return undefined;
  }
  const later = [...known.later].filter((path) => reads.missing.has(path));
  return { files: needed, later: new Set(later), watched: true, installs };
}

function guessed(
  built: BuiltInstruction,
  { files, installs }: { readonly files: readonly string[]; readonly installs: readonly Install[] },
): Needs {
  const root = workdirOf(built);
  const below = (name: string) => cleanRelative(name.startsWith('/') ? name : `${root}/${name}`);
  const needed = new Set<string>();
  const later = new Set<string>();
  for (const { manifests, later: names } of installs) {
    const text = manifests.map(below).join('\n');
    const isManifest = createIgnoreMatcher(parsePatterns({ name: 'manifests', text })).isIgnored;
    for (const path of files) if (!path.includes('/node_modules/') && isManifest(path)) needed.add(path);
    for (const name of names) if (!files.includes(below(name))) later.add(below(name));
  }
  return { files: needed, later, watched: false, installs };
}

/** Without slashes at its ends. */
export function workdirOf({ before }: BuiltInstruction): string {
  return cleanRelative(before.config.WorkingDir ?? '/');
}

function childrenOf(directory: string, files: readonly string[]): readonly string[] {
  const start = directory === '' ? '' : `${directory}/`;
  const names = files.flatMap((path) => {
    if (!path.startsWith(start)) return [];
    const end = path.indexOf('/', start.length);
    return [end === -1 ? path : path.slice(0, end)];
  });
  return [...new Set(names)];
}
