// The image so far, as the place that COPY, ADD and WORKDIR write to.

import { MilleError } from '../../core/index.ts';
import type { MergedTree, TarArchive } from '../../oci/layer/index.ts';
import type { AddStep, CopyStep } from '../graph/index.ts';
import type { Extraction } from './extract-archive.ts';
import type { Destination } from './placing.ts';
import type { Selection } from './select-sources.ts';
import type { ExecuteServices } from './services.ts';
import { mergedTree, type Snapshot, snapshotFiles } from './snapshot.ts';

/** A merged tree as a destination. */
export function destinationOf(merged: MergedTree): Destination {
  return {
    get: (path) => merged.get(path)?.entry,
    resolve: (path) => {
      const real = merged.resolve(path);
      if (real === undefined) {
        throw new MilleError('copy-conflict', `'/${path}' leads through symbolic links that go in circles`, {
          hint: 'choose another destination, or repair the links in an earlier RUN',
        });
      }
      return real;
    },
  };
}

/** Nothing at all: what COPY --link writes to. */
export const EMPTY_DESTINATION: Destination = { get: () => undefined, resolve: (path) => path };

/**
 * What COPY and ADD write to. Its files are opened only where an archive may want to give one of them another name.
 * @param around `opened` takes what is to be closed in the end
 */
export async function openDestination(
  { store }: ExecuteServices,
  step: CopyStep | AddStep,
  around: {
    readonly snapshot: Snapshot;
    readonly sources: readonly (Selection | Extraction)[];
    readonly opened: { close(): void }[];
  },
): Promise<Destination> {
  const { snapshot, sources, opened } = around;
  if (step.link) return EMPTY_DESTINATION;
  const destination = destinationOf(mergedTree(store, snapshot));
  if (!sources.some((source) => 'archive' in source && linksToOthers(source.archive))) return destination;
  const files = snapshotFiles(store, snapshot);
  opened.push(files);
  await files.ready();
  return { ...destination, open: files.tree.open };
}

/** Whether a hard link of an archive names a file that the archive does not hold under that name. */
function linksToOthers({ entries }: TarArchive): boolean {
  const own = new Set(entries.map((entry) => entry.path));
  return entries.some((entry) => entry.type === 'hardlink' && !own.has(entry.link!));
}
