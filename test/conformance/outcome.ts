// What a build gave, as data that two builders can be compared by: the files that differ from the base image's, the
// container's config and the history. What must differ between any two builds (digests, the time of new files) is
// left out; nothing else is.

import { INCOMPARABLE_PATHS } from '../support/incomparable-paths.ts';
import { type Listed, listTar } from '../support/list-tar.ts';

/** What is compared. */
export interface Outcome {
  /** Files that the base does not have just so, by path. */
  readonly files: Readonly<Record<string, Omit<Listed, 'path'>>>;
  /** Paths of the base that are gone. */
  readonly gone: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly history: readonly string[];
}

/** A failed build. */
export interface Failure {
  readonly failed: true;
}

/** An image's config document. */
export type ImageDocument = Readonly<Record<string, unknown>>;

/** Fields of the old builder's config that say nothing of the image. */
const IGNORED_FIELDS = new Set([
  ...['Hostname', 'Domainname', 'AttachStdin', 'AttachStdout', 'AttachStderr', 'Tty', 'OpenStdin'],
  ...['StdinOnce', 'Image'],
]);

/** Times after this one are new: files of contexts and of the base are older. */
const NEW = 1_710_000_000;

/** The files of an archive. */
export async function listFiles(archive: string): Promise<Map<string, Listed>> {
  const files = await listTar(archive, { times: true });
  return new Map(
    [...files].flatMap(([path, entry]) => {
      if (INCOMPARABLE_PATHS.has(path)) return [];
      const { mtime = 0, ...rest } = entry;
      const kept = mtime < NEW;
      return [[path, kept ? { ...rest, mtime } : rest] as const];
    }),
  );
}

/** Puts an outcome together. */
export function outcomeOf(given: {
  readonly files: ReadonlyMap<string, Listed>;
  readonly image: ImageDocument;
  readonly baseFiles: ReadonlyMap<string, Listed>;
  /** Digests of the base's layers: what the image does not stand on has nothing to leave out. */
  readonly baseImage: ImageDocument;
}): Outcome {
  const { files, image, baseFiles, baseImage } = given;
  const stands = standsOn(image, baseImage);
  const own = [...files].filter(([path, entry]) => !stands || !same(entry, baseFiles.get(path)));
  const baseHistory = stands ? historyOf(baseImage).length : 0;
  return {
    files: Object.fromEntries(own.map(([path, { path: _, ...entry }]) => [path, entry])),
    gone: stands ? [...baseFiles.keys()].filter((path) => !files.has(path)) : [],
    config: configOf(image),
    history: historyOf(image).slice(baseHistory),
  };
}

/** Docker puts files of its own into /etc during RUN and takes them away again: times of directories tell nothing. */
function same(one: Listed, other: Listed | undefined): boolean {
  const plain = (entry: Listed | undefined) =>
    entry?.type === 'dir' ? { ...entry, mtime: undefined } : entry;
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

function standsOn(image: ImageDocument, base: ImageDocument): boolean {
  const of = (document: ImageDocument) => (document.rootfs as { diff_ids?: string[] }).diff_ids ?? [];
  return of(base).every((id, i) => of(image)[i] === id);
}

function configOf(image: ImageDocument): Record<string, unknown> {
  const container = (image.config ?? {}) as Record<string, unknown>;
  const kept = Object.entries(container).filter(
    ([key, value]) => !IGNORED_FIELDS.has(key) && value !== null && value !== '',
  );
  const { architecture, os, variant, author, 'os.version': version, 'os.features': features } = image;
  const platform = { os, 'os.version': version, 'os.features': features, variant };
  const created = chosenTime(image.created);
  return JSON.parse(
    JSON.stringify({ ...platform, author, architecture, created, ...Object.fromEntries(kept.sort()) }),
  );
}

/** A time that somebody chose; undefined for that of the build. */
function chosenTime(created: unknown): string | undefined {
  const time = new Date(String(created));
  return time.getTime() < NEW * 1000 ? time.toISOString() : undefined;
}

/**
 * The history: `+` before what made a layer. WORKDIR of a directory that is there makes none here and an empty one in
 * BuildKit (docs/differences.md), so of WORKDIR that is not said.
 */
function historyOf(image: ImageDocument): string[] {
  const history = (image.history ?? []) as {
    readonly empty_layer?: boolean;
    readonly created_by?: string;
    readonly created?: string;
  }[];
  return history.map(({ empty_layer: empty, created_by: text = '', created }) => {
    const plain = text.replace(/ # buildkit$/, '');
    const time = chosenTime(created);
    const suffix = time === undefined ? '' : ` @${time}`;
    return `${plain.startsWith('WORKDIR ') ? ' ' : empty ? '-' : '+'} ${plain}${suffix}`;
  });
}
