import { expect, test } from 'bun:test';
import { cacheLayers, cacheParts } from './cache-documents.ts';

const digest = (n: number) => `sha256:${String(n).repeat(64)}`;
const layer = (n: number, annotations?: object) => ({
  ...{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digest(n), size: 1 },
  ...(annotations ? { annotations } : {}),
});
const buildkit = { mediaType: 'application/vnd.buildkit.cacheconfig.v0', digest: digest(9), size: 2 };
const own = { mediaType: 'application/vnd.millefeuille.cache.document.v1+json', digest: digest(8), size: 2 };
const uncompressed = (n: number) => ({ 'containerd.io/uncompressed': digest(n) });

test("BuildKit's, as a manifest and as an index", () => {
  const layers = [layer(1, uncompressed(2)), layer(3, uncompressed(4))];
  const expected = [
    { diffId: digest(2), blob: layers[0] },
    { diffId: digest(4), blob: layers[1] },
  ];
  for (const document of [
    { schemaVersion: 2, config: buildkit, layers },
    { schemaVersion: 2, manifests: [...layers, buildkit] },
  ]) {
    const parts = cacheParts(JSON.stringify(document))!;
    expect(parts.config).toEqual(buildkit as never);
    expect(cacheLayers(parts, '{}')).toEqual(expected as never);
  }
});

test("this program's: tables and lists beside the layers are none", () => {
  const table = { mediaType: 'application/vnd.millefeuille.cache.table.v1+zstd', digest: digest(5), size: 1 };
  const parts = cacheParts(JSON.stringify({ schemaVersion: 2, config: own, layers: [layer(1), table] }))!;
  const document = { layers: [{ blob: digest(1), diffId: digest(2) }, { diffId: digest(3) }] };
  expect(cacheLayers(parts, JSON.stringify(document))).toEqual([
    { diffId: digest(2), blob: layer(1) },
  ] as never);
  for (const other of ['{}', 'x', '{"layers":[null,1,{"blob":1}]}'])
    expect(() => cacheLayers(parts, other)).toThrow('does not say');
});

test('images are none', () => {
  const config = { ...own, mediaType: 'application/vnd.oci.image.config.v1+json' };
  expect(cacheParts(JSON.stringify({ schemaVersion: 2, config, layers: [layer(1)] }))).toBeUndefined();
  expect(cacheParts(JSON.stringify({ schemaVersion: 2, manifests: [config] }))).toBeUndefined();
  expect(() => cacheParts('x')).toThrow('not JSON');
});
