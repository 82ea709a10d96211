// Makes an image of 6 GB that takes little room, as two OCI layouts: one with plain layers, whose large files are holes,
// and one with the same layers compressed. Argument: the directory for them. A process of its own, run by its scenario.

import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../src/oci/image/index.ts';
import { type LayerSourceEntry, writeLayer } from '../src/oci/layer/index.ts';

const LAYERS = 6;
/** Of each layer: many small files, as packages bring them, and some large ones. */
const SMALL = 50_000;
const SMALL_BYTES = 200;
const LARGE = 100;
const LARGE_BYTES = 9_600_000;
/** Files of the layer below that a layer only gives another owner. */
const CHOWNED = 5000;

const ZEROES = Buffer.alloc(1 << 20);
const MEDIA = 'application/vnd.oci.image';

const directory = process.argv[2]!;
await makeLayouts();

async function makeLayouts(): Promise<void> {
  const plain: object[] = [];
  const packed: object[] = [];
  const diffIds: string[] = [];
  for (const name of ['plain', 'packed'])
    mkdirSync(join(directory, name, 'blobs/sha256'), { recursive: true });
  for (let layer = 0; layer < LAYERS; layer++) {
    const file = join(directory, 'layer');
    const { diffId, size } = await writeSparse(file, entriesOf(layer));
    const gzip = Bun.spawnSync(['gzip', '-1nc', file], { stdout: Bun.file(`${file}.gz`) });
    if (!gzip.success) throw new Error('gzip failed');
    const digest = `sha256:${createHash('sha256')
      .update(await Bun.file(`${file}.gz`).bytes())
      .digest('hex')}`;
    plain.push({ mediaType: `${MEDIA}.layer.v1.tar`, digest: diffId, size });
    packed.push({ mediaType: `${MEDIA}.layer.v1.tar+gzip`, digest, size: statSync(`${file}.gz`).size });
    diffIds.push(diffId);
    renameSync(file, join(directory, 'plain/blobs/sha256', diffId.slice(7)));
    renameSync(`${file}.gz`, join(directory, 'packed/blobs/sha256', digest.slice(7)));
  }
  writeDocuments(join(directory, 'plain'), plain, diffIds);
  writeDocuments(join(directory, 'packed'), packed, diffIds);
}

function* entriesOf(layer: number): Generator<LayerSourceEntry> {
  const plain = { uid: 0, gid: 0, mtime: 1_700_000_000 };
  const file = (path: string, size: number, owner = 0): LayerSourceEntry => ({
    entry: { ...plain, path, type: 'file', mode: 0o644, uid: owner, size } satisfies Entry,
    open: () => contentOf(path, size),
  });
  const dir = (path: string): LayerSourceEntry => ({
    entry: { ...plain, path, type: 'dir', mode: 0o755, size: 0 } satisfies Entry,
  });
  const small = (part: number, i: number) =>
    `opt/part-${part}/lib/package-${Math.floor(i / 100)}/module-${i}.js`;
  yield dir('opt');
  for (let i = 0; layer > 0 && i < CHOWNED; i++) yield file(small(layer - 1, i), SMALL_BYTES, 1000);
  yield dir(`opt/part-${layer}`);
  yield dir(`opt/part-${layer}/data`);
  for (let i = 0; i < LARGE; i++) yield file(`opt/part-${layer}/data/blob-${i}`, LARGE_BYTES);
  for (let i = 0; i < SMALL; i++) yield file(small(layer, i), SMALL_BYTES);
  if (layer < 2) return;
  yield {
    entry: {
      ...plain,
      path: `opt/part-${layer - 2}/data`,
      type: 'whiteout',
      mode: 0,
      size: 0,
    } satisfies Entry,
  };
}

/** The path, and then nothing but zeroes. */
function contentOf(path: string, size: number) {
  const head = Buffer.from(path.slice(0, size));
  let at = 0;
  return {
    read(buffer: Uint8Array): number {
      const count = Math.min(buffer.length, size - at);
      buffer.fill(0, 0, count);
      if (at === 0) buffer.set(head.subarray(0, count));
      at += count;
      return count;
    },
    close() {},
  };
}

async function writeSparse(path: string, entries: Iterable<LayerSourceEntry>) {
  const fd = openSync(path, 'w');
  let offset = 0;
  const { info } = await writeLayer(entries, (bytes) => {
    for (let at = 0; at < bytes.length; at += 1 << 16) {
      const part = bytes.subarray(at, at + (1 << 16));
      if (ZEROES.compare(part, 0, part.length, 0, part.length) !== 0)
        writeSync(fd, part, 0, part.length, offset);
      offset += part.length;
    }
  });
  ftruncateSync(fd, offset);
  closeSync(fd);
  return info;
}

function writeDocuments(layout: string, layers: readonly object[], diffIds: readonly string[]): void {
  const blob = (type: string, document: object) => {
    const bytes = Buffer.from(JSON.stringify(document));
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(layout, 'blobs/sha256', hex), bytes);
    return { mediaType: `${MEDIA}.${type}.v1+json`, digest: `sha256:${hex}`, size: bytes.length };
  };
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const history = diffIds.map((_, i) => ({ created_by: `RUN make part-${i}` }));
  const config = blob('config', {
    architecture,
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: diffIds },
    history,
  });
  const manifest = blob('manifest', {
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config,
    layers,
  });
  const annotations = { 'org.opencontainers.image.ref.name': 'localhost/mille-bench/large:1' };
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  );
}
