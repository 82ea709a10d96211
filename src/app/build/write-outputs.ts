// What `-o` asks for: archives and directories, from the finished build.

import { exportDirectory, exportTar, type Snapshot } from '../../build/execute/index.ts';
import { type Digest, displayPath, type EventSink, MilleError } from '../../core/index.ts';
import { type Store, saveArchive } from '../../oci/store/index.ts';
import { CWD, statAt } from '../../sys/index.ts';
import { checkFile, intoFile } from '../into-file.ts';
import type { Annotation, ImageDescriptor, OutputSpec } from '../types.ts';
import { annotationsOn } from './annotations.ts';
import { describeImage } from './finish-image.ts';

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
  readonly annotations: readonly Annotation[];
  readonly signal: AbortSignal;
}

/**
 * Writes one output. An archive appears under its name only when it is whole.
 * @returns the image as it is in there, where it is one
 */
export async function writeOutput(
  build: FinishedBuild,
  output: OutputSpec,
  events: EventSink,
): Promise<ImageDescriptor | undefined> {
  const { store, snapshot, signal } = build;
  if (output.type === 'local') {
    const { skipped } = await exportDirectory(store, snapshot, output.dest);
    if (skipped > 0) {
      events({
        type: 'warning',
        message: `${skipped} device nodes and pipes were left out of ${output.dest}`,
      });
    }
    return undefined;
  }
  if (output.type === 'tar') {
    await intoFile(output.dest, (sink) => exportTar(store, snapshot, sink), signal);
    return undefined;
  }
  return await writeImage(build, output);
}

async function writeImage(build: FinishedBuild, output: OutputSpec): Promise<ImageDescriptor> {
  const { store, manifest, names, signal } = build;
  const annotations = annotationsOn(build.annotations, 'manifest-descriptor', store.image(manifest).config);
  const image = { manifestDigest: manifest, names, annotations };
  await intoFile(output.dest, (sink) => saveArchive(store, [image], sink), signal);
  return describeImage(store, manifest);
}
