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
  /** Of the files those that a build reads, and that may name others one day: with these stays whatever is copied with them. */
  readonly sources?: ReadonlySet<string>;
}

/** What is asked. */
export interface NeedsRequest {
  readonly built: BuiltInstruction;
  /** Paths in the image of files that were copied. */
  readonly files: Iterable<string>;
  /** Only what these commands need, of a RUN that is to be split. */
  readonly commands?: RunFacts['commands'];
  /** Is told why, where nothing can be said for sure. */
  readonly refuse?: Refuse;
}

/** Takes the reason why something is not done, as half a sentence. */
export type Refuse = (why: string) => void;

/** @returns undefined where it may need all of them */
export function needsOf(subject: Subject, request: NeedsRequest): Needs | undefined {
  const { built, refuse } = request;
  const no = (why: string): undefined => void refuse?.(why);
  const run = subject.lint.runs().find(({ at }) => at === built.instruction.node);
  const commands = request.commands ?? run?.commands ?? [];
  const installs = commands.flatMap((placed) => installOf(placed) ?? []);
  // What is mounted of the context changes without any COPY.
  if (boundContextPaths(built).length > 0) return no('it has files of the context mounted');
  const reads = subject.observed(built.instruction)?.reads;
  const files = [...request.files];
  const builds = commands.some((one) => !installOf(one) && !isHarmless(one));
  if (reads && !reads.cut && !request.commands) return watched(built, { files, installs, builds, reads, no });
  const isKnown = commands.length > 0 && commands.every((one) => installOf(one) || isHarmless(one));
  if (!isKnown) return no(unknownWhy(commands));
  const open = installs.find(({ needsWatching }) => needsWatching);
  if (open)
    return no(
      `what ${open.name} reads here beside manifests is only known where it is watched while it runs`,
    );
  // What lies in the system's directories may be what a package manager is set up with.
  const root = workdirOf(built);
  if (files.some((path) => SYSTEM_PLACE.test(path) || (root !== '' && !path.includes('/'))))
    return no('files are copied to where the system keeps its own, which it may be set up with');
  const all = guessed(built, { files, installs });
  if (!reads || reads.cut) return { ...all, later: new Set() };
  // A part of it reads no more than the whole was seen to.
  return {
    ...all,
    files: new Set([...all.files].filter((path) => reads.files.has(path) || reads.looked.has(path))),
    later: new Set([...all.later].filter((path) => reads.missing.has(path))),
  };
}

/** Where what is copied may change how programs work; `/usr/src/app` and the like are places of projects. */
const SYSTEM_PLACE = /^(etc|lib|lib64|bin|sbin)\/|^root\/\.|^usr\/(?!(local\/)?(src|app|share\/nginx)\/)/;

function unknownWhy(commands: RunFacts['commands']): string {
  const others = commands.filter((one) => !installOf(one) && !isHarmless(one));
  const other = others.find(({ name }) => name !== 'cd');
  if (!other && others.length > 0)
    return 'it changes the directory, and where it then looks is only known where it is watched while it runs';
  if (!other) return 'it was not watched while it ran, so what it reads is not known';
  return `it was not watched while it ran, and nobody knows what ${other.name || 'it'} reads`;
}

type Reads = NonNullable<NonNullable<ReturnType<Subject['observed']>>['reads']>;

function watched(
  built: BuiltInstruction,
  {
    files,
    installs,
    builds,
    reads,
    no,
  }: {
    readonly files: readonly string[];
    readonly installs: readonly Install[];
    /** A command does more than install: it may be a build, which takes whatever lies in a directory. */
    readonly builds: boolean;
    readonly reads: Reads;
    readonly no: (why: string) => undefined;
  },
): Needs | undefined {
  const needed = new Set(files.filter((path) => reads.files.has(path) || reads.looked.has(path)));
  const known = guessed(built, { files, installs });
  const kept = directoriesOf(needed);
  const root = workdirOf(built);
  const all = directoriesOf(files);
  for (const directory of reads.listed) {
    // Of the project's own directory an installer knows the names that it looks for.
    if (!all.has(directory) || (directory === root && installs.length > 0)) continue;
    if (builds) return no(`it lists /${directory}, and would read what comes there one day`);
    if (isOfMembers(directory, needed, installs)) continue;
    const other = childrenOf(directory, files).find((one) => !needed.has(one) && !kept.has(one));
    if (other !== undefined) return no(`it lists /${directory}, in which /${other} would not be yet`);
  }
  if (installs.length === 0) {
    for (const path of reads.looked)
      if (all.has(path) && !kept.has(path) && path !== root)
        return no(`it looks for /${path}, which would not be there yet`);
  }
  const later = [...known.later].filter((path) => reads.missing.has(path));
  const sources = new Set(builds ? [...needed].filter((path) => SOURCE.test(path)) : []);
  return { files: needed, later: new Set(later), watched: true, installs, sources };
}

/** What is written in a language whose files ask for others by their names. */
const SOURCE =
  /\.(rs|go|c|h|cc|cpp|cxx|hh|hpp|hxx|java|kt|kts|scala|cs|fs|vb|swift|zig|hs|ml|m?[jt]sx?|c[jt]s|vue|svelte|py|pyx|rb|php|ex|exs|erl|dart|lua|pl|pm|s?css|less|tex)$/;

/** Whether it is a member of a workspace, or has one in it: those are found by names that are copied. */
function isOfMembers(directory: string, needed: ReadonlySet<string>, installs: readonly Install[]): boolean {
  return installs.some(({ memberBy }) => {
    if (memberBy === undefined) return false;
    const member = `${directory}/`;
    return [...needed].some((path) => {
      if (!path.startsWith(member) || !path.endsWith(`/${memberBy}`)) return false;
      return path.slice(member.length).split('/').length <= 2;
    });
  });
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
