// Secrets of an image: in every layer, also what a later one deleted or replaced; in its config and history.

import type { BuildRecord } from '../../build/cache/index.ts';
import { type Digest, MilleError } from '../../core/index.ts';
import type { ContentVisitor, Entry, OpenedImage, OpenedLayer } from '../../oci/image/index.ts';
import { createKnownFiles, type Detector, isAsPacked, type KnownFiles } from '../../secrets/index.ts';
import { createPackageHasher, type PackageSums } from '../../sys/index.ts';
import type { ImageOrigins } from '../image-origins.ts';
import type { FindingCollector } from './collect.ts';
import { baseEntries, layerOrigins, stageOrigin } from './origins.ts';
import { createPlacing } from './placing.ts';
import { type SuspectAttribute, secretsOfAttribute, suspectAttributes } from './scan-attributes.ts';
import { scanConfig, scanHistory } from './scan-config.ts';
import { type FileFinding, FileScan, type Skipped } from './scan-file.ts';
import { scanSurroundings } from './scan-surroundings.ts';
import type { SecretsResult } from './types.ts';

/** What to scan with, and where findings go. */
export interface ImageScan {
  readonly image: OpenedImage;
  readonly record: BuildRecord | undefined;
  /** What the store knows of its layers. */
  readonly known: ImageOrigins;
  /** How many entries of its history are the base's at least. */
  readonly baseHistory: number;
  /** Layers of other stages of its build. */
  readonly others: readonly OpenedLayer[];
  readonly detector: Detector;
  readonly collector: FindingCollector;
  readonly signal: AbortSignal;
}

type Counted = Pick<SecretsResult, 'packaged' | 'skipped'> & {
  readonly files: number;
  readonly bytes: number;
};

/** A file in which something was found. */
interface Suspect {
  readonly layer: number;
  readonly entry: Entry;
  readonly findings: readonly FileFinding[];
}

/** An extended attribute that has to be looked at. */
interface AttributeOf {
  readonly layer: number;
  readonly entry: Entry;
  readonly attribute: SuspectAttribute;
}

/** Attributes that are kept for a closer look: whoever has more has them by the thousand. */
const MOST_ATTRIBUTES = 1000;

/** Scans an image. @throws MilleError `interrupted`, and for damaged layers */
export async function scanImage(scan: ImageScan): Promise<Counted> {
  const { image, detector, collector, signal } = scan;
  const known = createKnownFiles();
  const state = { files: 0, bytes: 0, skipped: [] as Skipped[], clean: new Set<Digest>() };
  const suspects: Suspect[] = [];
  const attributes: AttributeOf[] = [];
  const files = new FileScan(detector);
  // The layers of a cache are no stack: none hides another.
  const stack = image.isCache ? [] : image.layers;
  const beyond = image.isCache ? image.layers : scan.others;
  const layers = [...stack, ...beyond];
  for (const [index, layer] of layers.entries()) {
    if (signal.aborted) throw new MilleError('interrupted', 'the scan was interrupted');
    await layer.read((entry) => visitorOf(entry, { index, files, known, suspects, attributes, state }));
  }
  const unpacked = await withoutPackaged(layers, suspects, known);
  const others = beyond.map(({ diffId }) => stageOrigin(diffId, scan));
  const own = image.isCache ? [] : layerOrigins(image, scan.record, scan.known);
  const origins = [...own, ...others];
  const history = image.config.history ?? [];
  const scans = await scanHistory(history, detector);
  const ofBase = baseEntries(origins, scan.baseHistory);
  const placing = createPlacing(image, { layers, stack, origins, ofBase, history: scans });
  for (const { layer, entry, findings } of unpacked.suspects) {
    const { where, advice, ...place } = await placing.inLayer(layer, entry.path, entry.digest);
    for (const { rule, severity, shown, name, path, offset, line } of findings)
      collector.add({
        ...{ rule, severity, shown, where, path, offset },
        ...(name === undefined ? {} : { name }),
        ...(line === undefined ? {} : { line }),
        ...place,
        advice,
      });
  }
  for (const { layer, entry, attribute } of attributes) {
    // Whatever writes the entry anew gives it attributes of its own.
    const { where, advice, ...place } = await placing.inLayer(layer, entry.path, undefined);
    for (const found of await secretsOfAttribute(attribute, { detector, path: entry.path }))
      collector.add({ ...found, where, path: entry.path, ...place, advice });
  }
  const { instruction } = placing;
  for (const finding of await scanConfig({ image, detector, history: scans, origins, ofBase, instruction }))
    collector.add(finding);
  const beside = await scanSurroundings(image, { detector, files });
  for (const finding of beside.findings) collector.add(finding);
  state.skipped.push(...beside.skipped);
  const { files: count, bytes, skipped } = state;
  return { files: count, bytes, skipped, packaged: unpacked.packaged };
}

interface Visiting {
  readonly index: number;
  readonly files: FileScan;
  readonly known: KnownFiles;
  readonly suspects: Suspect[];
  readonly attributes: AttributeOf[];
  readonly state: { files: number; bytes: number; skipped: Skipped[]; clean: Set<Digest> };
}

function visitorOf(
  entry: Entry,
  { index, files, known, suspects, attributes, state }: Visiting,
): ContentVisitor | undefined {
  if (entry.xattrs && attributes.length < MOST_ATTRIBUTES)
    for (const attribute of suspectAttributes(entry.xattrs))
      attributes.push({ layer: index, entry, attribute });
  const { path, size, digest } = entry;
  if (entry.type !== 'file' || size === 0) return undefined;
  if (known.isDatabase(path) && size < 64 * 1024 * 1024) {
    const parts: Uint8Array[] = [];
    return {
      data: (bytes) => void parts.push(bytes.slice()),
      end: () => known.add(path, Buffer.concat(parts).toString('utf8')),
    };
  }
  // The same content was looked at under another name, or in a layer below.
  if (digest !== undefined && state.clean.has(digest)) return undefined;
  state.files++;
  state.bytes += size;
  files.start(path, size);
  return {
    data: (bytes) => files.feed(bytes),
    async end() {
      const found = { findings: [] as FileFinding[], skipped: state.skipped };
      await files.end(found);
      if (found.findings.length > 0) suspects.push({ layer: index, entry, findings: found.findings });
      else if (digest !== undefined) state.clean.add(digest);
    },
  };
}

/** Leaves out what is as a package brought it. Only for that are checksums made, in a second pass. */
async function withoutPackaged(
  layers: readonly OpenedLayer[],
  suspects: readonly Suspect[],
  known: KnownFiles,
): Promise<{ readonly suspects: readonly Suspect[]; readonly packaged: number }> {
  const expected = known.expected(new Set(suspects.map(({ entry }) => entry.path)));
  let packaged = 0;
  const kept: Suspect[] = [];
  for (const [index, layer] of layers.entries()) {
    const here = suspects.filter((one) => one.layer === index);
    const listed = here.filter(({ entry }) => expected.has(entry.path));
    const sums = listed.length === 0 ? new Map<string, PackageSums>() : await sumsOf(layer, listed);
    for (const one of here) {
      const own = sums.get(one.entry.path);
      if (own && isAsPacked(own, expected.get(one.entry.path)!)) packaged += one.findings.length;
      else kept.push(one);
    }
  }
  return { suspects: kept, packaged };
}

async function sumsOf(layer: OpenedLayer, wanted: readonly Suspect[]): Promise<Map<string, PackageSums>> {
  const paths = new Set(wanted.map(({ entry }) => entry.path));
  const sums = new Map<string, PackageSums>();
  await layer.read((entry) => {
    if (entry.type !== 'file' || !paths.has(entry.path)) return undefined;
    const hasher = createPackageHasher();
    return { data: hasher.update, end: () => void sums.set(entry.path, hasher.sums()) };
  });
  return sums;
}
