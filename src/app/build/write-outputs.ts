// What `-o` asks for: archives and directories, from the finished build.

import { exportDirectory, exportTar, type Snapshot } from '../../build/execute/index.ts';
import { type Digest, displayPath, type EventSink, MilleError } from '../../core/index.ts';
import { type Store, saveArchive } from '../../oci/store/index.ts';
import { CWD, statAt } from '../../sys/index.ts';
import { checkFile, intoFile } from '../into-file.ts';
import type { OutputSpec } from '../types.ts';

/**
 * Refuses what cannot be written, before anything is built.
 * @throws MilleError `io`
 */
export function checkOutputs(outputs: readonly OutputSpec[]): void {
  for (const { type, dest } of outputs) {
    if (dest === '-') continue;
    const there = statAt(CWD, dest);
    if (type !== 'local') checkFile(dest);
    else if (there && there.type !== 'dir') {
      throw new MilleError('io', `cannot write files into '${displayPath(dest)}': it is not a directory`, {
        hint: 'name a new directory, or write type=tar,dest=FILE for an archive',
      });
    }
  }
}

/** A finished build, as the outputs need it. */
export interface FinishedBuild {
  readonly store: Store;
  readonly snapshot: Snapshot;
  readonly manifest: Digest;
  readonly names: readonly string[];
  readonly signal: AbortSignal;
}

/** Writes one output. An archive appears under its name only when it is whole. */
export async function writeOutput(
  build: FinishedBuild,
  output: OutputSpec,
  events: EventSink,
): Promise<void> {
  const { store, snapshot, manifest, names, signal } = build;
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
  const write = (sink: (bytes: Uint8Array) => void) =>
    output.type === 'tar'
      ? exportTar(store, snapshot, sink)
      : saveArchive(store, [{ manifestDigest: manifest, names }], sink);
  await intoFile(output.dest, write, signal);
}
