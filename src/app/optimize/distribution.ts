// What of an image is a distribution's, read from its files: the package manager's database, and what programs need.

import type { DistributionEvidence, ObservedImage } from '../../insight/optimize/index.ts';
import { type DebianDatabase, readDebianDatabase } from '../../insight/packages/index.ts';
import { needsOf, seenTree } from '../../insight/programs/index.ts';
import { type ProgramFacts, readProgram } from '../../lang/executable/index.ts';
import type { ContentVisitor, Entry } from '../../oci/image/index.ts';
import { type MergedTree, mergeTables } from '../../oci/layer/index.ts';
import { withImage } from '../open-image/open-image.ts';
import { withServices } from '../services.ts';

const STATUS = 'var/lib/dpkg/status';
const STATES = 'var/lib/apt/extended_states';
const LISTS = 'var/lib/dpkg/info';
/** Of larger files only the start is read, which of a program may not name what it needs. */
const LARGEST = 96 * 1024 * 1024;

const decoder = new TextDecoder();

/** What is read, of images that have much in common: what one layer says is read once. */
export class DistributionReader {
  /** By the layer and the path. */
  private readonly books = new Map<string, string>();

  /** dpkg's database of an image of the store; undefined where it has none. @throws MilleError for a damaged layer */
  async database(image: ObservedImage): Promise<DebianDatabase | undefined> {
    return (await this.read(image, false))?.database;
  }

  /** The database and what programs need. @throws MilleError for a damaged layer */
  async all(image: ObservedImage): Promise<Omit<DistributionEvidence, 'asked'> | undefined> {
    return await this.read(image, true);
  }

  private async read(
    image: ObservedImage,
    withPrograms: boolean,
  ): Promise<Omit<DistributionEvidence, 'asked'> | undefined> {
    const tree = mergeTables(image.tables);
    if (tree.get(STATUS)?.content === undefined) return undefined;
    const keyOf = (path: string) => {
      const content = tree.get(path)?.content;
      return content && `${image.diffIds[content.layer]} ${content.entry.path}`;
    };
    const lists = tree.children(LISTS).filter((name) => name.endsWith('.list'));
    const books = new Set([STATUS, STATES, ...lists.map((name) => `${LISTS}/${name}`)]);
    const unread = [...books].filter((path) => !this.books.has(keyOf(path) ?? ''));
    const paths = withPrograms
      ? [...tree.walk()].flatMap(({ entry }) => (mayBeProgram(entry) ? [entry.path] : []))
      : [];
    const programs = new Map<string, ProgramFacts>();
    await readFiles(image, tree, {
      paths: [...unread, ...paths],
      wants: (path, start) => books.has(path) || startsLikeProgram(start),
      done: (path, bytes) => {
        if (books.has(path)) this.books.set(keyOf(path)!, decoder.decode(bytes));
        const facts = books.has(path) ? undefined : readProgram(bytes);
        if (facts) programs.set(path, facts);
      },
    });
    const textOf = (path: string) => this.books.get(keyOf(path) ?? '') ?? '';
    const database = readDebianDatabase({
      ...{ status: textOf(STATUS), extendedStates: textOf(STATES) },
      lists: new Map(lists.map((name) => [name.slice(0, -'.list'.length), textOf(`${LISTS}/${name}`)])),
      real: (path) => tree.resolve(path, { followFinal: false }) ?? path,
    });
    return { database, needs: needsOfAll(programs, image) };
  }
}

/** Of each program: the files without which it does not start, links to them among them, as far as they are there. */
function needsOfAll(
  programs: ReadonlyMap<string, ProgramFacts>,
  { tables, config }: ObservedImage,
): DistributionEvidence['needs'] {
  const tree = seenTree(tables);
  return new Map(
    [...programs].map(([path, facts]) => [
      path,
      needsOf(tree, { path, facts, config }).flatMap(({ found = [] }) => found),
    ]),
  );
}

function mayBeProgram({ type, mode, path, size }: Entry): boolean {
  if ((type !== 'file' && type !== 'hardlink') || (type === 'file' && size < 4)) return false;
  return (mode & 0o111) !== 0 || /\.so(?:\.|$)/.test(path);
}

function startsLikeProgram(start: Uint8Array): boolean {
  return start[0] === 0x7f ? start[1] === 0x45 : start[0] === 0x23 && start[1] === 0x21;
}

interface Wanted {
  readonly paths: readonly string[];
  /** By the first bytes of a file: no more is kept of one that is not wanted. */
  readonly wants: (path: string, start: Uint8Array) => boolean;
  /** Told of each; the bytes are valid during the call only. */
  readonly done: (path: string, bytes: Uint8Array) => void;
}

/** Reads files of an image, layer by layer, each in one pass; of what is not there nothing. */
async function readFiles(image: ObservedImage, tree: MergedTree, wanted: Wanted): Promise<void> {
  const places = new Map<number, Map<string, string[]>>();
  for (const path of wanted.paths) {
    const content = tree.get(path)?.content;
    if (!content) continue;
    const layer = places.get(content.layer) ?? new Map<string, string[]>();
    places.set(
      content.layer,
      layer.set(content.entry.path, [...(layer.get(content.entry.path) ?? []), path]),
    );
  }
  const keeper = new Keeper();
  await withServices('read', (services) =>
    withImage(services, image.imageId, {}, async (opened) => {
      for (const [i, names] of places)
        await opened.layers[i]!.read((entry) => {
          const found = entry.type === 'file' ? names.get(entry.path) : undefined;
          return found && keeper.keep(entry, found, wanted);
        });
    }),
  );
}

/** Keeps one file at a time, in one buffer for all. */
class Keeper {
  private buffer = new Uint8Array(1024 * 1024);

  keep({ size }: Entry, names: readonly string[], { wants, done }: Wanted): ContentVisitor {
    const length = Math.min(size, LARGEST);
    let at = 0;
    let isKept: boolean | undefined;
    return {
      data: (chunk) => {
        isKept ??= names.some((name) => wants(name, chunk));
        if (!isKept || at >= length) return;
        if (this.buffer.length < length) this.buffer = new Uint8Array(length);
        const part = chunk.subarray(0, length - at);
        this.buffer.set(part, at);
        at += part.length;
      },
      end: () => {
        const bytes = this.buffer.subarray(0, at);
        if (isKept ?? size === 0) for (const name of names) done(name, bytes);
      },
    };
  }
}
