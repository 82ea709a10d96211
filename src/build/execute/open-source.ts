// What COPY and mounts read from, whatever it is, opened as a tree of files: the build context, a named one, another
// stage, an image.

import type { FileTree } from '../../oci/image/index.ts';
import type { BuildContext } from '../context/index.ts';
import type { FileSource } from '../graph/index.ts';
import { reporter } from './reporter.ts';
import type { ExecuteServices } from './services.ts';
import { type Snapshot, snapshotFiles } from './snapshot.ts';

/** A source whose files can be looked at; `ready` before any of them is read. */
export interface OpenedSource {
  readonly tree: FileTree;
  /** In words: `the build context`, `stage build`. */
  readonly origin: string;
  /** Whether files keep the owner they have in the tree; those of a directory of the host are root's. */
  readonly keepsOwner: boolean;
  /** The context that it is, which may be a directory of the host. */
  readonly context?: BuildContext;
  /** The layers that it is, if it is no context. */
  readonly snapshot?: Snapshot;
  /** Tells why a path is not there, where something is known, such as an ignore rule. */
  explainMissing?(path: string): string | undefined;
  /** The name under which a file is an input of a step. */
  inputName(path: string): string;
  ready(): Promise<void>;
  close(): void;
}

/** Opens what a step reads from. */
export type OpenSource = (from: FileSource) => Promise<OpenedSource>;

/** Opens the build context. */
export function openContextSource(services: ExecuteServices): OpenedSource {
  return contextSource(services.context(), 'the build context', (path) => path);
}

/**
 * Opens a named context.
 * @param step what progress is said of, where it has to be fetched
 */
export async function openNamedSource(
  services: ExecuteServices,
  name: string,
  step: string,
): Promise<OpenedSource> {
  const context = await services.namedContext(name, reporter(services, step));
  const inputName = (path: string) => `context ${name}: ${path === '' ? '.' : path}`;
  return contextSource(context, `the context ${name}`, inputName);
}

function contextSource(
  context: BuildContext,
  origin: string,
  inputName: OpenedSource['inputName'],
): OpenedSource {
  return {
    tree: context.tree,
    origin,
    keepsOwner: context.keepsOwner ?? false,
    context,
    explainMissing: context.explainMissing,
    inputName,
    ready: () => Promise.resolve(),
    // It lives as long as the build.
    close: () => {},
  };
}

/** Opens a stack of layers. */
export function openSnapshotSource(
  services: ExecuteServices,
  snapshot: Snapshot,
  origin: string,
): OpenedSource {
  const files = snapshotFiles(services.store, snapshot);
  return {
    get tree() {
      return files.tree;
    },
    origin,
    keepsOwner: true,
    snapshot,
    inputName: (path) => path,
    ready: files.ready,
    close: files.close,
  };
}
