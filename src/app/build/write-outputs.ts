// What `-o` asks for: the image in the store, archives and directories, from the finished build.

import { type BuiltStage, exportDirectory, exportTar } from '../../build/execute/index.ts';
import { displayPath, type EventSink, MilleError } from '../../core/index.ts';
import { type Descriptor, formatReference, MEDIA, parseReference } from '../../oci/image/index.ts';
import {
  checkLayout,
  type ImageDocuments,
  type LayerPacking,
  type Store,
  saveArchive,
  saveLayout,
} from '../../oci/store/index.ts';
import { CWD, statAt } from '../../sys/index.ts';
import { checkFile, intoFile } from '../into-file.ts';
import { offline, registryAccess } from '../pull/access.ts';
import { documentOfImage, type PackedLayers } from '../push/documents.ts';
import { type PushContent, pushContent } from '../push/push.ts';
import type { Annotation, ArchiveOutput, ImageDescriptor, OutputSpec } from '../types.ts';
import { annotationsOn } from './annotations.ts';
import { describeImage, layersOf, packageImage, type UnpackagedImage } from './finish-image.ts';
import type { NamedOutput } from './output-names.ts';
import { packLayers } from './pack-layers.ts';

/**
 * Refuses what cannot be written, before anything is built.
 * @throws MilleError `io`, `image-invalid`
 */
export function checkOutputs(outputs: readonly OutputSpec[]): void {
  for (const output of outputs) {
    if (output.type === 'image' || output.type === 'registry' || output.dest === '-') continue;
    const { dest } = output;
    const toDirectory = output.type === 'local' || ('directory' in output && output.directory);
    if (!toDirectory) {
      checkFile(dest);
      continue;
    }
    const there = statAt(CWD, dest);
    if (there && there.type !== 'dir') {
      throw new MilleError('io', `cannot write files into '${displayPath(dest)}': it is not a directory`, {
        hint: `name a new directory, or write type=${output.type === 'local' ? 'tar' : output.type},dest=FILE for an archive`,
      });
    }
    if (there && output.type !== 'local') checkLayout(dest);
  }
}

/** A finished build, as the outputs need it. */
export interface FinishedBuild {
  readonly store: Store;
  readonly built: BuiltStage;
  readonly image: UnpackagedImage;
  readonly annotations: readonly Annotation[];
  readonly events: EventSink;
  readonly signal: AbortSignal;
  /** Authorities that registries are trusted by beside the machine's. */
  readonly ca?: string;
  /** Whether compressed layers are needed again, for another output or a cache. */
  readonly again?: boolean;
}

/**
 * Writes one output. An archive appears under its name only when it is whole.
 * @returns the image as it is in there, where it is one
 */
export async function writeOutput(
  build: FinishedBuild,
  output: NamedOutput,
): Promise<ImageDescriptor | undefined> {
  const { spec, names } = output;
  const { store, built, events, signal } = build;
  if (spec.type === 'local') {
    const { skipped } = await exportDirectory(store, built.snapshot, spec.dest);
    if (skipped > 0) {
      events({
        type: 'warning',
        message: `${skipped} device nodes and pipes were left out of ${spec.dest}`,
      });
    }
    return undefined;
  }
  if (spec.type === 'tar') {
    await intoFile(spec.dest, (sink) => exportTar(store, built.snapshot, sink), signal);
    return undefined;
  }
  const annotations = [...(spec.annotations ?? []), ...build.annotations];
  const own = layersOf(store, built);
  const packing = spec.compression ?? (spec.type === 'registry' ? ({ kind: 'gzip' } as const) : undefined);
  const passes = spec.type === 'registry' && !build.again && areOfOneRegistry(names);
  const layers =
    packing && !passes
      ? await packLayers(build, { layers: own, packing, step: `pack-${JSON.stringify(packing)}` })
      : own;
  if (spec.type === 'registry')
    return describeImage(await pushImage(build, output, { layers, packing: packing!, annotations }));
  const image = packageImage(store, build.image, { layers, annotations });
  if (spec.type === 'image') keepImage(store, image, names);
  else await writeArchive(build, { image, annotations, names, spec });
  return describeImage(image);
}

function areOfOneRegistry(names: readonly string[]): boolean {
  return new Set(names.map((name) => parseReference(name).registry)).size <= 1;
}

interface ImageToPush {
  readonly layers: readonly Descriptor[];
  readonly packing: LayerPacking;
  readonly annotations: readonly Annotation[];
}

/** To the registry of each name. */
async function pushImage(
  { store, image: unpackaged, events, signal, ca }: FinishedBuild,
  { spec, names }: NamedOutput,
  { layers, packing, annotations }: ImageToPush,
): Promise<ImageDocuments> {
  const packaged = (packed: PackedLayers) =>
    packageImage(store, unpackaged, {
      layers: layers.map((layer) => packed.get(layer.digest) ?? layer),
      annotations,
    });
  let image: ImageDocuments | undefined;
  const content: PushContent = {
    configs: [{ mediaType: MEDIA.config, ...store.putBlob(unpackaged.configBytes) }],
    layers,
    packing,
    documents: (packed) => {
      image = packaged(packed);
      return { root: documentOfImage(image), manifests: [] };
    },
  };
  for (const name of names) {
    const reference = parseReference(name);
    const plain = spec.type === 'registry' && spec.plain ? [reference.registry] : [];
    const access = await registryAccess(store, { signal, ...(ca === undefined ? {} : { ca }) });
    if (!access) throw offline(`cannot push ${formatReference(reference)}`);
    const around = {
      store,
      events,
      signal,
      access: { ...access, plain: [...(access.plain ?? []), ...plain] },
    };
    await pushContent(around, reference, content);
  }
  return image ?? packaged(new Map());
}

/** The image with its names, all of them or none. */
function keepImage(store: Store, image: ImageDocuments, names: readonly string[]): void {
  store.changeNames(() => {
    store.putImage({ manifest: image.manifestBytes, config: image.configBytes });
    for (const name of names) store.tag(name, image.manifestDigest);
  });
}

interface ArchiveToWrite {
  readonly image: ImageDocuments;
  readonly annotations: readonly Annotation[];
  readonly names: readonly string[];
  readonly spec: ArchiveOutput;
}

async function writeArchive({ store, signal }: FinishedBuild, archive: ArchiveToWrite): Promise<void> {
  const { image, names, spec } = archive;
  const annotations = annotationsOn(archive.annotations, 'manifest-descriptor', image.config);
  const images = [{ images: [image], names, annotations }];
  if (spec.directory) {
    const alive = () => {
      if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
    };
    return await saveLayout(store, images, spec.dest, alive);
  }
  const options = { plainCopies: spec.type === 'docker' };
  await intoFile(spec.dest, (sink) => saveArchive(store, images, sink, options), signal);
}
