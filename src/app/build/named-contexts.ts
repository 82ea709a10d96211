// Named contexts (`--build-context`): which there are, where each lies, and the trees of files among them.

import type { BuildContext } from '../../build/context/index.ts';
import { contextName, type NamedContexts } from '../../build/graph/index.ts';
import { fileTree, openRemoteContext, type RemoteSources, type Report } from '../../build/source/index.ts';
import { displayPath, MilleError } from '../../core/index.ts';
import { type RemoteAddress, remoteAddress, type UrlAddress } from '../../lang/address/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, statAt, workingDirectory } from '../../sys/index.ts';
import type { ContextOption, ContextPlace } from '../types.ts';
import { absoluteDirectory, openDirectoryContext } from './directory-context.ts';

/** Where a context lies, once that is known. */
export type FoundPlace =
  | Exclude<ContextPlace, { kind: 'path' }>
  | {
      readonly kind: 'directory';
      /** Absolute. */
      readonly path: string;
      /** As it was written. */
      readonly given: string;
    }
  | { readonly kind: 'remote'; readonly address: RemoteAddress };

/** The named contexts of a build. */
export interface NamedContextSet {
  /** What each is, for the plan. */
  readonly kinds: NamedContexts;
  /** Where one lies; directories are absolute. */
  place(name: string): FoundPlace;
  /** Opens one that is a tree of files, fetching it if need be; it stays open. */
  open(name: string, report: Report): Promise<BuildContext>;
  /** Ends those that were opened. */
  close(): void;
}

/** What named contexts are opened with. */
export interface ContextServices {
  readonly store: Store;
  readonly sources: RemoteSources;
  /** Files of a repository have the time of its commit. */
  readonly commitTimes: boolean;
}

/**
 * Looks at the named contexts of a build. As with Docker, each directory has to be there, whether used or not.
 * @throws MilleError `reference-invalid` for a name that is none, `context-missing`, `address-invalid`
 */
export function readNamedContexts(
  services: ContextServices,
  options: readonly ContextOption[],
): NamedContextSet {
  const places = new Map<string, FoundPlace>();
  for (const { name, place } of options) places.set(nameOf(name), findPlace(name, place));
  const opening = new Map<string, Promise<BuildContext>>();
  const opened: BuildContext[] = [];
  const place = (name: string): FoundPlace => {
    const found = places.get(name);
    if (!found) throw new Error(`there is no context ${name}`);
    return found;
  };
  const open = async (name: string, report: Report): Promise<BuildContext> => {
    const context = await openPlace(services, place(name), report);
    opened.push(context);
    return context;
  };
  return {
    kinds: new Map([...places].map(([name, { kind }]) => [name, holdsFiles(kind) ? 'files' : 'image'])),
    place,
    open(name, report) {
      const known = opening.get(name) ?? open(name, report);
      opening.set(name, known);
      return known;
    },
    close() {
      for (const context of opened.splice(0)) context.close();
    },
  };
}

function holdsFiles(kind: FoundPlace['kind']): boolean {
  return kind === 'directory' || kind === 'remote';
}

async function openPlace(
  { store, sources, commitTimes }: ContextServices,
  place: FoundPlace,
  report: Report,
): Promise<BuildContext> {
  if (place.kind === 'directory')
    return openDirectoryContext(store, place.path, { shownAs: displayPath(place.given) });
  if (place.kind !== 'remote') throw new Error('an image is no tree of files');
  const { address } = place;
  if (address.kind === 'git') return await openRemoteContext(sources, address, { report, commitTimes });
  return await openFile(sources, address, report);
}

/** As with Docker a file is that file, under its own name; an archive is not unpacked. */
async function openFile(sources: RemoteSources, { url }: UrlAddress, report: Report): Promise<BuildContext> {
  const file = await sources.fetchFile({ url, report });
  const { tree } = fileTree(file, file.fileName ?? lastPart(url) ?? 'download');
  return { tree, explainMissing: () => undefined, close: () => {} };
}

function lastPart(url: string): string | undefined {
  const last = URL.parse(url)?.pathname.split('/').filter(Boolean).at(-1);
  if (last === undefined) return undefined;
  try {
    const name = decodeURIComponent(last);
    return name.includes('/') || name === '.' || name === '..' ? undefined : name;
  } catch {
    return last;
  }
}

function nameOf(text: string): string {
  try {
    return contextName(text);
  } catch (error) {
    if (!(error instanceof MilleError) || error.hint === undefined) throw error;
    throw new MilleError('reference-invalid', `invalid name of a build context: '${displayPath(text)}'`, {
      hint: `a name is written like one of an image; ${error.hint}`,
      cause: error,
    });
  }
}

function findPlace(name: string, place: ContextPlace): FoundPlace {
  if (place.kind === 'image') return place;
  if (place.kind === 'path') {
    const address = remoteAddress(place.path);
    if (address) return { kind: 'remote', address };
  }
  const path = absoluteDirectory(place.path, workingDirectory());
  checkDirectory(name, { given: place.path, path });
  return place.kind === 'layout' ? { ...place, path } : { kind: 'directory', path, given: place.path };
}

function checkDirectory(name: string, { given, path }: { given: string; path: string }): void {
  if (statAt(CWD, `${path}/.`)?.type === 'dir') return;
  const why = statAt(CWD, path) ? 'is not a directory' : 'does not exist';
  throw new MilleError('context-missing', `the build context ${name}: '${displayPath(given)}' ${why}`, {
    hint: 'write --build-context NAME=DIRECTORY, from the working directory; or a URL, docker-image:// or oci-layout://',
  });
}
