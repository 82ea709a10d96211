// What `-o` asks for: the image in the store, archives and directories, from the finished build.

import { displayPath, type EventSink, MilleError } from '../../core/index.ts';
import { type Descriptor, formatReference, MEDIA, parseReference } from '../../oci/image/index.ts';
import {
  checkLayout,
  type LayerPacking,
  type Store,
  saveArchive,
  saveLayout,
} from '../../oci/store/index.ts';
import { CWD, statAt } from '../../sys/index.ts';
import type { AttestationOptions } from '../attest/types.ts';
import { checkFile, intoFile } from '../into-file.ts';
import { offline, registryAccess } from '../pull/access.ts';
import { documentOfImage } from '../push/documents.ts';
import { type PushContent, pushContent } from '../push/push.ts';
import type {
  Annotation,
  ArchiveOutput,
  BuildOptions,
  ImageDescriptor,
  ImageSettings,
  OutputSpec,
} from '../types.ts';
import { annotationsOn } from './annotations.ts';
import type { NamedOutput } from './output-names.ts';
import { packLayers } from './pack-layers.ts';
import {
  allLayers,
  type BesideImages,
  type BuiltImage,
  describeImages,
  type PackagedImages,
  packageImages,
} from './packaged-images.ts';
import { writeFiles } from './write-files.ts';

/**
 * Refuses what cannot be written, before anything is built.
 * @param several whether images of several platforms are built
 * @throws MilleError `io`, `image-invalid`, `usage`
 */
export function checkOutputs(
  { outputs, attestations }: Pick<BuildOptions, 'outputs' | 'attestations'>,
  several: boolean,
): void {
  for (const output of outputs) {
    if (output.type === 'docker' && needsIndex(attestations)) {
      throw new MilleError('usage', 'an archive of type=docker has no place for attestations', {
        hint: 'write -o type=oci,dest=FILE, which keeps them, or leave --provenance, --sbom and --attest out',
      });
    }
    if (output.type === 'docker' && several) {
      throw new MilleError('usage', 'an archive of type=docker is for one platform', {
        hint: 'write -o type=oci,dest=FILE, which takes all of them, or give one --platform',
      });
    }
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

/** Whether something is to be attested that is not only told where there is an index anyway. */
function needsIndex({ provenance, sbom }: AttestationOptions = {}): boolean {
  return [provenance, sbom].some((one) => one && !one.inlineOnly);
}

/** A finished build, as the outputs need it. */
export interface FinishedBuild {
  readonly store: Store;
  /** One for each platform, in the order in which they were asked for. */
  readonly images: readonly BuiltImage[];
  readonly annotations: readonly Annotation[];
  readonly clampTime?: number | undefined;
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
  if (spec.type === 'local' || spec.type === 'tar') {
    await writeFiles(build, spec);
    return undefined;
  }
  const annotations = [...(spec.annotations ?? []), ...build.annotations];
  const own = allLayers(build);
  const packing = spec.compression ?? (spec.type === 'registry' ? ({ kind: 'gzip' } as const) : undefined);
  const passes = spec.type === 'registry' && !build.again && areOfOneRegistry(names);
  const layers =
    packing && !passes
      ? await packLayers(build, { layers: own, packing, step: `pack-${JSON.stringify(packing)}` })
      : own;
  if (spec.type === 'registry')
    return describeImages(await pushImages(build, output, { layers, packing: packing!, annotations }));
  const beside = spec.type === 'docker' ? {} : { beside: besideIn(spec, names) };
  const packaged = packageImages(build, { layers, annotations, ...beside });
  if (spec.type === 'image') keepImages(build.store, packaged, names);
  else await writeArchive(build, { packaged, annotations, names, spec });
  return describeImages(packaged);
}

/** How attestations stand beside images in an output. */
function besideIn(spec: ImageSettings & Pick<OutputSpec, 'type'>, names: readonly string[]): BesideImages {
  const always = spec.attestInline ?? spec.type !== 'oci';
  return { names, always, artifact: spec.artifact ?? false };
}

function areOfOneRegistry(names: readonly string[]): boolean {
  return new Set(names.map((name) => parseReference(name).registry)).size <= 1;
}

interface ImagesToPush {
  readonly layers: readonly Descriptor[];
  readonly packing: LayerPacking;
  readonly annotations: readonly Annotation[];
}

/** To the registry of each name. */
async function pushImages(
  build: FinishedBuild,
  { spec, names }: NamedOutput,
  { layers, packing, annotations }: ImagesToPush,
): Promise<PackagedImages> {
  const { store, images, events, signal, ca } = build;
  let packaged: PackagedImages | undefined;
  const beside = besideIn(spec, names);
  const content: PushContent = {
    ...(spec.type === 'registry' && spec.byDigest ? { byDigest: true } : {}),
    configs: images.map(({ image }) => ({ mediaType: MEDIA.config, ...store.putBlob(image.configBytes) })),
    layers,
    packing,
    documents: (packed) => {
      const sent = layers.map((layer) => packed.get(layer.digest) ?? layer);
      packaged = packageImages(build, { layers: sent, annotations, beside });
      const { index, attestations } = packaged;
      const manifests = packaged.images.map(documentOfImage);
      if (!index) return { root: manifests[0]!, manifests: [] };
      return {
        root: index,
        manifests: [...manifests, ...attestations.map(({ manifest }) => manifest)],
        blobs: attestations.flatMap(({ blobs }) => blobs),
      };
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
  return packaged ?? packageImages(build, { layers, annotations, beside });
}

/** The images with their names, all of them or none. */
function keepImages(store: Store, { images, index }: PackagedImages, names: readonly string[]): void {
  store.changeNames(() => {
    for (const image of images) store.putImage({ manifest: image.manifestBytes, config: image.configBytes });
    if (index) store.putIndex(index.bytes);
    for (const name of names) {
      if (index) store.tagIndex(name, index.digest);
      else store.tag(name, images[0]!.manifestDigest);
    }
  });
}

interface ArchiveToWrite {
  readonly packaged: PackagedImages;
  readonly annotations: readonly Annotation[];
  readonly names: readonly string[];
  readonly spec: ArchiveOutput;
}

async function writeArchive({ store, signal }: FinishedBuild, archive: ArchiveToWrite): Promise<void> {
  const { packaged, names, spec } = archive;
  const annotations = packaged.index
    ? annotationsOn(archive.annotations, 'index-descriptor')
    : annotationsOn(archive.annotations, 'manifest-descriptor', packaged.images[0]!.config);
  const attestations = packaged.attestations.flatMap(({ manifest, blobs }) => [
    manifest.digest,
    ...blobs.map(({ digest }) => digest),
  ]);
  const images = [{ ...packaged, names, annotations, attestations }];
  if (spec.directory) {
    const alive = () => {
      if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
    };
    return await saveLayout(store, images, spec.dest, alive);
  }
  const options = { plainCopies: spec.type === 'docker' };
  await intoFile(spec.dest, (sink) => saveArchive(store, images, sink, options), signal);
}
