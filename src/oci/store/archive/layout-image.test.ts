import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Digest, MilleError } from '../../../core/index.ts';
import { sha256 } from '../../../sys/index.ts';
import { sampleEntries } from '../../../testkit/index.ts';
import { MEDIA, type Platform } from '../../image/index.ts';
import { writeLayer } from '../../layer/index.ts';
import { openStore, type Store } from '../index.ts';
import { type LayoutChoice, openLayoutImage } from './layout-image.ts';

const AMD64: Platform = { os: 'linux', architecture: 'amd64' };
const ARM64: Platform = { os: 'linux', architecture: 'arm64' };

const place = mkdtempSync(join(tmpdir(), 'mille-layout-'));
let counter = 0;
let store: Store;

beforeEach(() => {
  store?.close();
  store = openStore(join(place, `store-${++counter}`), { privilege: 'root' });
});
afterAll(() => {
  store?.close();
  rmSync(place, { recursive: true, force: true });
});

/** A layout to be filled. */
class Layout {
  readonly directory = join(place, `layout-${++counter}`);
  readonly entries: object[] = [];

  constructor() {
    mkdirSync(join(this.directory, 'blobs/sha256'), { recursive: true });
    writeFileSync(join(this.directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    this.write();
  }

  write(): void {
    writeFileSync(
      join(this.directory, 'index.json'),
      JSON.stringify({ schemaVersion: 2, manifests: this.entries }),
    );
  }

  blob(digest: string): string {
    return join(this.directory, 'blobs/sha256', digest.slice(7));
  }

  put(content: string | Buffer, mediaType: string) {
    const digest = sha256(content);
    writeFileSync(this.blob(digest), content);
    return { mediaType, digest, size: Buffer.byteLength(content) };
  }

  async image(platform: Platform, text: string) {
    const chunks: Buffer[] = [];
    await writeLayer(sampleEntries({ file: text }), (bytes) => {
      chunks.push(Buffer.from(bytes));
    });
    const tar = Buffer.concat(chunks);
    const layer = this.put(gzipSync(tar), MEDIA.layerGzip);
    const document = {
      ...platform,
      config: { Env: [text] },
      rootfs: { type: 'layers', diff_ids: [sha256(tar)] },
    };
    const config = this.put(JSON.stringify(document), MEDIA.config);
    const manifest = this.put(
      JSON.stringify({ schemaVersion: 2, mediaType: MEDIA.manifest, config, layers: [layer] }),
      MEDIA.manifest,
    );
    return { manifest, config, layer };
  }

  index(manifests: readonly object[]) {
    return this.put(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA.index, manifests }), MEDIA.index);
  }

  add(descriptor: object, name?: string, full?: string): void {
    const annotations = {
      ...(name === undefined ? {} : { 'org.opencontainers.image.ref.name': name }),
      ...(full === undefined ? {} : { 'io.containerd.image.name': full }),
    };
    this.entries.push({ ...descriptor, annotations });
    this.write();
  }

  open(choice: Partial<LayoutChoice> = {}) {
    return openLayoutImage(store, this.directory, { platform: AMD64, ...choice });
  }

  async env(choice: Partial<LayoutChoice> = {}): Promise<string | undefined> {
    return (await this.open(choice)).config.config?.Env?.[0];
  }
}

async function failure(work: Promise<unknown>): Promise<MilleError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MilleError) return error;
    throw error;
  }
  throw new Error('no error');
}

const quiet = () => {};

describe('which image', () => {
  test('by tag, by whole name, the one called latest', async () => {
    const layout = new Layout();
    for (const name of ['one', 'two', 'latest']) layout.add((await layout.image(AMD64, name)).manifest, name);
    layout.add((await layout.image(AMD64, 'four')).manifest, '4', 'docker.io/library/app:4');
    expect(await layout.env({ tag: 'one' })).toBe('one');
    expect(await layout.env({ tag: 'docker.io/library/app:4' })).toBe('four');
    expect(await layout.env({ tag: '4' })).toBe('four');
    expect(await layout.env()).toBe('latest');
    expect(await failure(layout.open({ tag: 'tow' }))).toMatchObject({
      code: 'image-missing',
      hint: 'did you mean two?',
    });
    expect((await failure(layout.open({ tag: 'nothing' }))).hint).toBe('there is one, two, latest, 4');
  });

  test('the only one, whatever its name', async () => {
    const layout = new Layout();
    layout.add((await layout.image(AMD64, 'only')).manifest, 'v1');
    expect(await layout.open()).not.toHaveProperty('otherTag');
    expect(await layout.open({ tag: 'v2' })).toMatchObject({ otherTag: true });
    layout.add((await layout.image(AMD64, 'other')).manifest);
    expect(await failure(layout.open())).toMatchObject({ code: 'image-missing' });
  });

  test('by digest: of a manifest or an index, listed or not', async () => {
    const layout = new Layout();
    const { manifest } = await layout.image(AMD64, 'a');
    const index = layout.index([{ ...manifest, platform: AMD64 }]);
    layout.add((await layout.image(AMD64, 'b')).manifest, 'latest');
    expect(await layout.env({ digest: manifest.digest })).toBe('a');
    expect(await layout.env({ digest: index.digest, tag: 'latest' })).toBe('a');
    expect(await failure(layout.open({ digest: sha256('absent') }))).toMatchObject({ code: 'image-missing' });
    writeFileSync(layout.blob(manifest.digest), `${readFileSync(layout.blob(manifest.digest))} `);
    expect(await failure(layout.open({ digest: manifest.digest }))).toMatchObject({
      code: 'digest-mismatch',
    });
  });

  test('of several platforms: the one wanted, or the nearest that serves; attestations are none', async () => {
    const layout = new Layout();
    const of = async (platform: Platform, text: string) => ({
      ...(await layout.image(platform, text)).manifest,
      platform,
    });
    const attestation = {
      ...(await of({ os: 'unknown', architecture: 'unknown' }, 'attestation')),
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const images = [
      attestation,
      await of(ARM64, 'arm64'),
      await of({ os: 'linux', architecture: '386' }, '386'),
    ];
    layout.add(layout.index(images), 'latest');
    expect(await layout.env({ platform: ARM64 })).toBe('arm64');
    expect(await layout.env()).toBe('386');
    const wrong = await failure(layout.open({ platform: { os: 'linux', architecture: 's390x' } }));
    expect(wrong).toMatchObject({ code: 'platform-unsupported' });
    const one = new Layout();
    one.add(one.index([{ ...(await one.image(ARM64, 'x')).manifest, platform: ARM64 }]));
    expect(await failure(one.open())).toMatchObject({ code: 'platform-unsupported' });
  });
});

describe('its layers', () => {
  test('come when asked for, once', async () => {
    const layout = new Layout();
    const { layer, manifest } = await layout.image(AMD64, 'content');
    layout.add(manifest);
    const found = await layout.open();
    expect(store.listBlobs()).toEqual([]);
    const seen: number[] = [];
    expect(await found.load((bytes) => seen.push(bytes))).toBe(true);
    expect(seen.at(-1)).toBe(layer.size);
    expect(store.listBlobs()).toEqual([{ digest: layer.digest as Digest, size: layer.size }]);
    expect(store.layer(found.config.rootfs.diff_ids[0]!)).toBeDefined();
    expect(store.listImages()).toEqual([]);
    rmSync(layout.blob(layer.digest));
    expect(await found.load(quiet)).toBe(false);
    expect(await store.verify()).toEqual([]);
  });

  test('that lie bring nothing: other bytes, another size, another content, one that is missing', async () => {
    const change: ((layout: Layout, blob: string) => void)[] = [
      (_, blob) => {
        const bytes = readFileSync(blob);
        bytes.writeUInt8(bytes[4]! ^ 1, 4);
        writeFileSync(blob, bytes);
      },
      (_, blob) => writeFileSync(blob, Buffer.concat([readFileSync(blob), Buffer.from('more')])),
      (_, blob) => writeFileSync(blob, gzipSync('no tar')),
      (_, blob) => rmSync(blob),
      (_, blob) => {
        rmSync(blob);
        symlinkSync('/etc/passwd', blob);
      },
    ];
    for (const [i, spoil] of change.entries()) {
      const layout = new Layout();
      const { layer, manifest } = await layout.image(AMD64, `content ${i}`);
      layout.add(manifest);
      const found = await layout.open();
      spoil(layout, layout.blob(layer.digest));
      expect(['digest-mismatch', 'image-invalid', 'archive-broken']).toContain(
        (await failure(found.load(quiet))).code,
      );
      expect(store.listBlobs()).toEqual([]);
    }
  });

  test('can be interrupted', async () => {
    const layout = new Layout();
    layout.add((await layout.image(AMD64, 'content')).manifest);
    const stop = () => {
      throw new MilleError('interrupted', 'stop');
    };
    expect(await failure((await layout.open()).load(stop))).toMatchObject({ code: 'interrupted' });
    expect(store.listBlobs()).toEqual([]);
  });
});

test('what is no layout, and documents that are not what they should be', async () => {
  const empty = join(place, 'empty');
  mkdirSync(empty);
  expect(await failure(openLayoutImage(store, empty, { platform: AMD64 }))).toMatchObject({
    code: 'image-invalid',
    message: `'${empty}' is no OCI layout: it has no index.json`,
  });
  const broken = (text: string) => {
    const layout = new Layout();
    writeFileSync(join(layout.directory, 'index.json'), text);
    return failure(layout.open());
  };
  expect(await broken('{')).toMatchObject({ code: 'image-invalid' });
  expect(await broken('{"manifests":[{"digest":"sha256:../../../etc/passwd"}]}')).toMatchObject({
    code: 'image-invalid',
  });
  const layout = new Layout();
  const { manifest, config } = await layout.image(AMD64, 'x');
  layout.add(manifest);
  writeFileSync(layout.blob(config.digest), `${readFileSync(layout.blob(config.digest))} `);
  expect(await failure(layout.open())).toMatchObject({ code: 'digest-mismatch' });
  // An index that holds itself cannot be made; one that is nested deeply can.
  let index = layout.index([manifest]);
  for (let depth = 0; depth < 8; depth++) index = layout.index([index]);
  expect(await failure(layout.open({ digest: index.digest }))).toMatchObject({ code: 'image-invalid' });
});
