// The COPY and ADD of a stage that take from the build context: which of its files, and where these come to lie.

import { cleanRelative, isAtOrBelow } from '../../core/index.ts';
import type { AddInstruction, CopyInstruction } from '../../lang/dockerfile/index.ts';
import type { TableOfContents } from '../../oci/image/index.ts';
import { type BuiltInstruction, type LocalSource, localSources } from '../lint/index.ts';
import { shippedStages } from './leavings.ts';
import type { Subject } from './subject.ts';

/** One of them. */
export interface ContextCopy {
  readonly built: BuiltInstruction;
  readonly instruction: CopyInstruction | AddInstruction;
  readonly sources: readonly LocalSource[];
  /** Whether it takes a path of the context, also one that is not there now. */
  readonly takes: (path: string) => boolean;
  /** The files that it takes now, and what they are called in the image, without a leading slash. */
  readonly files: ReadonlyMap<string, string>;
  /** Where it puts them: a directory or a file, without slashes at its ends. */
  readonly destination: string;
  /** As far as it is known what it wrote. */
  readonly table?: TableOfContents;
  /** Files come of it in another way than by being copied: archives that are unpacked, here-documents, downloads. */
  readonly makes: boolean;
}

const ARCHIVE = /\.(tar|tgz|tbz2?|txz|tzst|tar\.\w+)$/;

/** Those of all stages, by their instruction; what has a word that nobody can read is missing. */
export function contextCopies(subject: Subject): ReadonlyMap<BuiltInstruction, ContextCopy> {
  const known = kept.get(subject);
  if (known) return known;
  const found = findCopies(subject);
  kept.set(subject, found);
  return found;
}

const kept = new WeakMap<Subject, ReadonlyMap<BuiltInstruction, ContextCopy>>();

function findCopies(subject: Subject): ReadonlyMap<BuiltInstruction, ContextCopy> {
  const bySource = new Map<BuiltInstruction, LocalSource[]>();
  for (const source of localSources(subject.lint) ?? [])
    bySource.set(source.built, [...(bySource.get(source.built) ?? []), source]);
  const found = new Map<BuiltInstruction, ContextCopy>();
  for (const [built, sources] of bySource) {
    const copy = copyOf(subject, built, sources);
    if (copy) found.set(built, copy);
  }
  return found;
}

function copyOf(
  subject: Subject,
  built: BuiltInstruction,
  sources: readonly LocalSource[],
): ContextCopy | undefined {
  const { instruction } = sources[0]!;
  const written = destinationOf(built, instruction);
  if (written === undefined) return undefined;
  const destination = cleanRelative(written);
  const table = subject.observed(instruction)?.table;
  const entry = table?.entries.find(({ path }) => path === destination);
  const isDirectory =
    written.endsWith('/') ||
    instruction.sources.length > 1 ||
    (entry ? entry.type === 'dir' : destination === cleanRelative(built.before.config.WorkingDir ?? '/'));
  const files = new Map<string, string>();
  for (const { path } of subject.context) {
    const source = sources.find(({ takes }) => takes(path));
    if (source) files.set(path, placeOf(path, source, { instruction, destination, isDirectory }));
  }
  const isAdd = instruction.kind === 'add';
  return {
    ...{ built, instruction, sources, files, destination },
    takes: (path) => sources.some((source) => source.takes(path)),
    ...(table ? { table } : {}),
    makes:
      instruction.inlineFiles.length > 0 ||
      sources.length < instruction.sources.length ||
      (isAdd && [...files.keys()].some((path) => ARCHIVE.test(path))) ||
      (!isAdd && instruction.parents && instruction.sources.some(({ text }) => text.includes('/./'))),
  };
}

/** Absolute, with a slash at its end where it is written with one, or is a directory for sure. */
function destinationOf(
  { expansions, before }: BuiltInstruction,
  { destination }: CopyInstruction | AddInstruction,
): string | undefined {
  const text = expansions.find(({ word }) => word === destination)?.expansion.text;
  if (text === undefined) return undefined;
  const absolute = text.startsWith('/') ? text : `${before.config.WorkingDir ?? ''}/${text}`;
  return /(^|\/)\.{1,2}$/.test(text) ? `${absolute}/` : absolute;
}

function placeOf(
  path: string,
  { takes, path: source }: LocalSource,
  to: {
    readonly instruction: CopyInstruction | AddInstruction;
    readonly destination: string;
    readonly isDirectory: boolean;
  },
): string {
  const { instruction, destination, isDirectory } = to;
  const below = (name: string) => (destination === '' ? name : `${destination}/${name}`);
  if (instruction.kind === 'copy' && instruction.parents) return below(path);
  if (source === '') return below(path);
  // The topmost part of the path that the source names: of a directory its content is copied.
  let end = path.indexOf('/');
  while (end !== -1 && !takes(path.slice(0, end))) end = path.indexOf('/', end + 1);
  if (end !== -1) return below(path.slice(end + 1));
  return isDirectory ? below(path.slice(path.lastIndexOf('/') + 1)) : destination;
}

/** What an image has of the context: by which instruction, as its step is called, and which files of the context. */
export interface CopyOfImage {
  readonly title: string;
  readonly files: ReadonlySet<string>;
}

/** The COPY and ADD of the context whose layers the image has. */
export function copiesOfImage(subject: Subject): readonly CopyOfImage[] {
  const shipped = shippedStages(subject);
  return [...contextCopies(subject)]
    .filter(([{ facts }]) => shipped.has(facts.stage.index))
    .map(([{ instruction }, { files }]) => ({
      title: subject.observed(instruction)?.title ?? instruction.text,
      files: new Set(files.keys()),
    }));
}

/** Whether the ignore file leaves out whatever a COPY would put at a place of the image or below it, also one day. */
export function isLeftOut({ lint }: Subject, copy: ContextCopy, place: string): boolean {
  const { matcher } = lint.ignore ?? {};
  const path = contextPath(copy, place);
  return (
    matcher !== undefined &&
    path !== undefined &&
    matcher.isIgnored(path) &&
    !matcher.mayContainIncluded(path)
  );
}

/** The path of the context that a COPY of a directory would take to a place of the image below its own, if there were one. */
export function contextPath(copy: ContextCopy, place: string): string | undefined {
  const { instruction, destination, sources } = copy;
  const [source, ...others] = sources;
  if (!source || others.length > 0 || source.wildcard || copy.makes) return undefined;
  if (instruction.kind !== 'copy' || instruction.parents || place === destination) return undefined;
  if (!isAtOrBelow(place, destination)) return undefined;
  const below = destination === '' ? place : place.slice(destination.length + 1);
  return source.path === '' ? below : `${source.path}/${below}`;
}

/** The directories that files lie in, up to the root. */
export function directoriesOf(paths: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const directory = path.slice(0, end);
      if (found.has(directory)) break;
      found.add(directory);
    }
  }
  return found;
}
