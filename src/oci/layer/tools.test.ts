// Our layers as other tools see them: umoci and, where one is running, Docker unpack a stack of them to the same
// files as we do.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, sha256 } from '../../sys/index.ts';
import { chunksOf, describeMerged, describeTree, entry, file, layerBytes } from '../../testkit/layers.ts';
import { mergeTables, scanLayer } from './index.ts';

const ROOT = process.getuid?.() === 0;
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tools-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const bottom = [
  entry('d', 'dir', { mode: 0o2775, uid: 5 }),
  file('d/cap', '#!', { mode: 0o755, xattrs: { 'security.capability': 'AQAAAgAgAAAAAAAAAAAAAAAAAAA=' } }),
  file('d/gone', 'x'),
  file('d/naïve ☃', 'x', { uid: 3_000_000, mode: 0o4755 }),
  file(`d/${'n'.repeat(255)}`, 'x'),
  file('d/new\nline', 'x'),
  file('d/\udcff\udcfe', 'raw'),
  entry('links', 'dir'),
  file('links/one', 'shared'),
  entry('links/two', 'hardlink', { link: 'links/one' }),
  entry('made-again', 'dir'),
  file('made-again/a', 'x'),
  file('made-again/b', 'x'),
  entry('now-dir', 'symlink', { link: 'd', mode: 0o777 }),
  file('now-link', 'x'),
  file('sparse', new Uint8Array(300_000)),
];
const top = [
  entry('d', 'dir', { mode: 0o2775, uid: 6, mtime: 3000 }),
  entry('d/gone', 'whiteout'),
  entry('d/never-there', 'whiteout'),
  entry('links', 'dir'),
  entry('links/one', 'whiteout'),
  file('links/three', 'x'),
  entry('links/four', 'hardlink', { link: 'links/three' }),
  entry('made-again', 'dir', { mode: 0o700 }),
  file('made-again/a', 'new'),
  entry('made-again/b', 'whiteout'),
  entry('now-dir', 'dir'),
  file('now-dir/x', 'x'),
  entry('now-link', 'symlink', { link: 'd', mode: 0o777 }),
  entry('pipe', 'fifo'),
];

function run(command: string[], stdin?: Uint8Array): Buffer {
  const result = Bun.spawnSync(command, { cwd: directory, ...(stdin ? { stdin } : {}) });
  if (result.exitCode !== 0) throw new Error(`${command.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

/** Writes an OCI layout with one image of these layers. */
function writeLayout(path: string, tars: readonly Uint8Array[]): void {
  mkdirSync(join(path, 'blobs/sha256'), { recursive: true });
  const put = (mediaType: string, bytes: Uint8Array | string) => {
    const digest = sha256(bytes);
    writeFileSync(join(path, 'blobs/sha256', digest.slice(7)), bytes);
    return { mediaType, digest, size: Buffer.byteLength(bytes) };
  };
  const layers = tars.map((tar) => put('application/vnd.oci.image.layer.v1.tar', tar));
  const rootfs = { type: 'layers', diff_ids: layers.map((layer) => layer.digest) };
  const config = put(
    'application/vnd.oci.image.config.v1+json',
    JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Cmd: ['/x'] }, rootfs }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = put(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
  const annotations = { 'org.opencontainers.image.ref.name': 'test' };
  writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  writeFileSync(join(path, 'index.json'), JSON.stringify(index));
}

describe.if(ROOT)('a stack of layers', () => {
  test.if(findProgram('umoci') !== undefined)('unpacked by umoci', async () => {
    const layers = [await layerBytes(bottom), await layerBytes(top)];
    const layout = join(directory, 'layout');
    writeLayout(
      layout,
      layers.map(({ tar }) => tar),
    );
    run(['umoci', 'unpack', '--image', `${layout}:test`, join(directory, 'bundle')]);
    const theirs = describeTree(join(directory, 'bundle/rootfs'));
    const merged = mergeTables(layers.map(({ toc }) => toc));
    const timeless = (lines: string[]) => lines.map((line) => line.replace(/ (dir \d+ \d+:\d+) \d+/, ' $1'));
    expect(timeless(theirs)).toEqual(timeless(describeMerged(merged)));
  });

  test.if(process.env.MILLE_TEST_DOCKER_HOST !== undefined)('taken by Docker', async () => {
    const layers = [await layerBytes(bottom), await layerBytes(top)];
    const layout = join(directory, 'docker');
    writeLayout(
      layout,
      layers.map(({ tar }) => tar),
    );
    const docker = ['docker', '-H', process.env.MILLE_TEST_DOCKER_HOST!];
    const name = `layer-test-${process.pid}`;
    run(['skopeo', 'copy', `oci:${layout}:test`, `docker-archive:${directory}/image.tar:${name}:x`]);
    run([...docker, 'load', '-i', join(directory, 'image.tar')]);
    try {
      const container = run([...docker, 'create', `${name}:x`])
        .toString()
        .trim();
      try {
        const exported = await scanLayer(chunksOf(run([...docker, 'export', container]), 1 << 20));
        const own = /^"(\.dockerenv|dev|etc|proc|sys)[/"]/;
        // Exports have no attributes, and the order of names decides which hard link is the file.
        const plain = (lines: string[]) =>
          lines
            .filter((line) => !own.test(line))
            .map((line) => line.replace(/ security\.\S+/, '').replace(/ (dir \d+ \d+:\d+) \d+/, ' $1'));
        const merged = mergeTables(layers.map(({ toc }) => toc));
        expect(plain(describeMerged(mergeTables([exported.toc])))).toEqual(plain(describeMerged(merged)));
      } finally {
        run([...docker, 'rm', container]);
      }
    } finally {
      run([...docker, 'rmi', `${name}:x`]);
    }
  });
});
