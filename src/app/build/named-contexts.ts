// Named contexts (`--build-context`): which there are, where each lies, and the trees of files among them.

import type { BuildContext } from '../../build/context/index.ts';
import { contextName, type NamedContexts } from '../../build/graph/index.ts';
import { displayPath, MilleError, redactUrls } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, statAt, workingDirectory } from '../../sys/index.ts';
import type { ContextOption, ContextPlace } from '../types.ts';
import { absoluteDirectory, openDirectoryContext } from './directory-context.ts';

/** The named contexts of a build. */
export interface NamedContextSet {
  /** What each is, for the plan. */
  readonly kinds: NamedContexts;
  /** Where one lies; directories are absolute. */
  place(name: string): ContextPlace;
  /** Opens one that is a tree of files; it stays open. */
  open(name: string): BuildContext;
  /** Ends those that were opened. */
  close(): void;
}

/**
 * Looks at the named contexts of a build. As with Docker, each directory has to be there, whether used or not.
 * @throws MilleError `reference-invalid` for a name that is none, `context-missing`, `usage` for what is not supported
 */
export function readNamedContexts(store: Store, options: readonly ContextOption[]): NamedContextSet {
  const places = new Map<string, ContextPlace>();
  /** Directories as they were written. */
  const shown = new Map<string, string>();
  for (const { name, place } of options) {
    places.set(nameOf(name), checked(name, place));
    if (place.kind === 'directory') shown.set(nameOf(name), place.path);
  }
  const opened = new Map<string, BuildContext>();
  const place = (name: string): ContextPlace => {
    const found = places.get(name);
    if (!found) throw new Error(`there is no context ${name}`);
    return found;
  };
  return {
    kinds: new Map([...places].map(([name, { kind }]) => [name, kind === 'directory' ? 'files' : 'image'])),
    place,
    open(name) {
      const known = opened.get(name);
      if (known) return known;
      const found = place(name);
      if (found.kind !== 'directory') throw new Error(`the context ${name} is no directory`);
      const context = openDirectoryContext(store, found.path, {
        shownAs: displayPath(shown.get(name) ?? name),
      });
      opened.set(name, context);
      return context;
    },
    close() {
      for (const context of opened.values()) context.close();
      opened.clear();
    },
  };
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

function checked(name: string, place: ContextPlace): ContextPlace {
  switch (place.kind) {
    case 'image':
      return place;
    case 'remote':
      throw new MilleError('usage', `a URL as build context is not supported yet: ${redactUrls(place.url)}`, {
        hint: 'clone or download it, and give the directory',
      });
    case 'directory':
    case 'layout': {
      const path = absoluteDirectory(place.path, workingDirectory());
      checkDirectory(name, { given: place.path, path });
      return { ...place, path };
    }
  }
}

function checkDirectory(name: string, { given, path }: { given: string; path: string }): void {
  if (statAt(CWD, `${path}/.`)?.type === 'dir') return;
  const why = statAt(CWD, path) ? 'is not a directory' : 'does not exist';
  throw new MilleError('context-missing', `the build context ${name}: '${displayPath(given)}' ${why}`, {
    hint: 'write --build-context NAME=DIRECTORY, from the working directory; docker-image:// and oci-layout:// take an image',
  });
}
