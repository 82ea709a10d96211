// `-o type=local` and `type=tar`: the files of what was built, those of several platforms each in a directory of its own.

import { exportDirectory, exportTar, type FilesToExport, mergedTree } from '../../build/execute/index.ts';
import { displayPath, MilleError } from '../../core/index.ts';
import { formatPlatform } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { statementFiles } from '../attest/statement-files.ts';
import { intoFile } from '../into-file.ts';
import type { DirectoryOutput, TarOutput } from '../types.ts';
import type { FinishedBuild } from './write-outputs.ts';

/** Writes the files. @throws MilleError `io`; `usage` where those of two platforms are to be one */
export async function writeFiles(
  { store, images, events, signal, clampTime }: FinishedBuild,
  spec: DirectoryOutput | TarOutput,
): Promise<void> {
  const { type, dest, platformSplit = images.length > 1 } = spec;
  const all = images.map(({ built, platform, attested = [] }): FilesToExport => {
    const { snapshot } = built;
    const split = formatPlatform(platform).replaceAll('/', '_');
    const suffix = images.length > 1 && !platformSplit ? `.${split}` : '';
    const named = { prefix: spec.attestationPrefix ?? '', suffix, time: clampTime };
    const more = statementFiles(store, { snapshot, attested }, named);
    const files = { snapshot, ...(more.length > 0 ? { more } : {}) };
    return platformSplit ? { ...files, below: split } : files;
  });
  if (!platformSplit && all.length > 1) refuseCollisions(store, all);
  if (type === 'tar') {
    await intoFile(dest, (sink) => exportTar(store, all, { sink, time: clampTime }), signal);
    return;
  }
  let skipped = 0;
  for (const { below, ...files } of all) {
    const directory = below === undefined ? dest : `${dest}/${below}`;
    skipped += (await exportDirectory(store, files, directory)).skipped;
  }
  if (skipped > 0) {
    events({ type: 'warning', message: `${skipped} device nodes and pipes were left out of ${dest}` });
  }
}

/** One directory for all holds each file once. */
function refuseCollisions(store: Store, all: readonly FilesToExport[]): void {
  const seen = new Set<string>();
  for (const { snapshot } of all) {
    for (const { entry } of mergedTree(store, snapshot).walk()) {
      if (entry.type === 'dir') continue;
      if (seen.has(entry.path)) {
        const path = displayPath(entry.path);
        throw new MilleError('usage', `/${path} is there for more than one platform`, {
          hint: 'platform-split=true, or no platform-split, gives each platform a directory of its own',
        });
      }
      seen.add(entry.path);
    }
  }
}
