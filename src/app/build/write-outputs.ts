// What `-o` asks for: archives and directories, from the finished build.

import { exportDirectory, exportTar, type Snapshot } from '../../build/execute/index.ts';
import type { Digest, EventSink } from '../../core/index.ts';
import { type Store, saveArchive } from '../../oci/store/index.ts';
import { intoFile } from '../into-file.ts';
import type { OutputSpec } from '../types.ts';

/** A finished build, as the outputs need it. */
export interface FinishedBuild {
  readonly store: Store;
  readonly snapshot: Snapshot;
  readonly manifest: Digest;
  readonly names: readonly string[];
}

/** Writes one output. An archive appears under its name only when it is whole. */
export async function writeOutput(
  build: FinishedBuild,
  output: OutputSpec,
  events: EventSink,
): Promise<void> {
  const { store, snapshot, manifest, names } = build;
  if (output.type === 'local') {
    const { skipped } = await exportDirectory(store, snapshot, output.dest);
    if (skipped > 0) {
      events({
        type: 'warning',
        message: `${skipped} device nodes and pipes were left out of ${output.dest}`,
      });
    }
    return;
  }
  await intoFile(output.dest, async (sink) => {
    if (output.type === 'tar') await exportTar(store, snapshot, sink);
    else await saveArchive(store, [{ manifestDigest: manifest, names }], sink);
  });
}
