// `mille secrets` on what lies beside an image: attestations as BuildKit makes them, in layouts, archives and registries,
// and annotations. Where a Docker with the image store of containerd is named, on its own attestations too.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FindingCollector } from '../../src/app/secrets/collect.ts';
import { createDetector } from '../../src/app/secrets/detector.ts';
import { scanImage } from '../../src/app/secrets/scan-image.ts';
import { openStore, type Store } from '../../src/oci/store/index.ts';
import { allowList } from '../../src/secrets/index.ts';
import { command, findDocker } from '../support/docker.ts';
import { openWith } from '../support/open-image.ts';
import { type Blob, blobOf, type FakeRegistry, fakeRegistry, tinyImage } from '../support/registry.ts';

const token = (n: number) => `ghp_${n}aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0eFgHjK`.slice(0, 40);
const PASSWORD = 'hunter2Xyz99';
const SECRETS = [...[0, 1, 2, 3, 4, 5, 6].map(token), PASSWORD];

const base64 = (text: string) => Buffer.from(text).toString('base64');
const media = 'application/vnd.oci.image';
const DOCKERFILE = `FROM busybox AS build\nARG TOKEN\nRUN curl -u ci:${PASSWORD} https://x\nFROM scratch\n`;

/** As BuildKit writes it with mode=max; the token is in a stage of which nothing is in the image. */
const PROVENANCE = {
  builder: { id: '' },
  buildType: 'https://mobyproject.org/buildkit@v1',
  materials: [{ uri: `https://${token(3)}@git.corp/a.git`, digest: { sha1: 'ab' } }],
  invocation: {
    configSource: { entryPoint: 'Dockerfile' },
    parameters: {
      frontend: 'dockerfile.v0',
      args: { 'build-arg:TOKEN': token(0), 'label:ci.token': token(1), 'force-network-mode': 'host' },
    },
  },
  buildConfig: {
    llbDefinition: [
      {
        id: 'step0',
        op: { Op: { file: { actions: [{ Action: { mkfile: { path: '/EOF', data: base64(token(2)) } } }] } } },
      },
      {
        id: 'step1',
        op: {
          Op: {
            exec: {
              meta: {
                args: ['/bin/sh', '-c', `curl -u ci:${PASSWORD} https://x`],
                env: ['PATH=/bin', `TOKEN=${token(0)}`, `NPM_TOKEN=${token(4)}`],
              },
            },
          },
        },
      },
    ],
  },
  metadata: {
    'https://mobyproject.org/buildkit@v1#metadata': {
      source: {
        locations: { step1: { locations: [{ ranges: [{ start: { line: 3 }, end: { line: 3 } }] }] } },
        infos: [{ filename: 'Dockerfile', language: 'Dockerfile', data: base64(DOCKERFILE) }],
      },
    },
  },
};

const PREDICATE = 'https://slsa.dev/provenance/v0.2';
const statement = (predicateType: string, predicate: object) =>
  blobOf(
    JSON.stringify({ _type: 'https://in-toto.io/Statement/v0.1', predicateType, subject: [], predicate }),
  );

const describeBlob = ({ digest, bytes }: Blob, mediaType: string, annotations?: object) => ({
  ...{ mediaType, digest, size: bytes.length },
  ...(annotations ? { annotations } : {}),
});

/** An attestation's manifest, and what it consists of. */
function attestation(statements: readonly (readonly [Blob, string])[]) {
  const config = blobOf(JSON.stringify({ architecture: 'unknown', os: 'unknown', rootfs: { diff_ids: [] } }));
  const manifest = blobOf(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: `${media}.manifest.v1+json` },
      config: describeBlob(config, `${media}.config.v1+json`),
      layers: statements.map(([blob, type]) =>
        describeBlob(blob, 'application/vnd.in-toto+json', { 'in-toto.io/predicate-type': type }),
      ),
    }),
  );
  return { manifest, blobs: [config, manifest, ...statements.map(([blob]) => blob)] };
}

/** What an index says of an attestation. */
function beside(manifest: Blob, subject: string) {
  const annotations = {
    'vnd.docker.reference.digest': subject,
    'vnd.docker.reference.type': 'attestation-manifest',
  };
  return {
    ...describeBlob(manifest, `${media}.manifest.v1+json`, annotations),
    platform: { os: 'unknown', architecture: 'unknown' },
  };
}

const image = tinyImage('hello');
const provenance = statement(PREDICATE, PROVENANCE);
const sbom = statement('https://spdx.dev/Document', { packages: [{ downloadLocation: `x ${token(5)}` }] });
const attached = attestation([
  [provenance, PREDICATE],
  [sbom, 'https://spdx.dev/Document'],
]);
const ofOther = attestation([[statement(PREDICATE, { materials: [{ uri: token(6) }] }), PREDICATE]]);
const index = blobOf(
  JSON.stringify({
    ...{ schemaVersion: 2, mediaType: `${media}.index.v1+json` },
    manifests: [
      {
        ...describeBlob(image.manifest, `${media}.manifest.v1+json`, { note: token(6) }),
        platform: { os: 'linux', architecture: 'amd64' },
      },
      beside(attached.manifest, image.manifest.digest),
      beside(ofOther.manifest, `sha256:${'0'.repeat(64)}`),
    ],
    annotations: { 'deploy.password': PASSWORD },
  }),
);
const all = [index, image.manifest, image.config, image.layer, ...attached.blobs, ...ofOther.blobs];

let base = '';
let store: Store;
let registry: FakeRegistry;
const offline = process.env.MILLE_OFFLINE;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'mille-attestations-'));
  store = openStore(join(base, 'store'), { privilege: 'root' });
  registry = fakeRegistry();
  delete process.env.MILLE_OFFLINE;
});

afterAll(() => {
  if (offline !== undefined) process.env.MILLE_OFFLINE = offline;
  registry.stop();
  store.close();
  rmSync(base, { recursive: true, force: true });
});

function writeLayout(name: string, blobs: readonly Blob[]): string {
  const directory = join(base, name);
  mkdirSync(join(directory, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const manifests = [describeBlob(index, `${media}.index.v1+json`)];
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  for (const { digest, bytes } of blobs)
    writeFileSync(join(directory, 'blobs/sha256', digest.slice(7)), bytes);
  return directory;
}

async function scan(name: string) {
  const opened = await openWith(store, name, { contents: true, caches: true });
  try {
    const collector = new FindingCollector(allowList([]));
    const { skipped } = await scanImage({
      ...{ image: opened, record: undefined, known: { lines: new Map(), others: [] }, baseHistory: 0 },
      ...{ others: [], detector: createDetector(), collector, signal: new AbortController().signal },
    });
    const findings = collector.sorted();
    const text = JSON.stringify(findings);
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
    return {
      findings,
      skipped,
      found: findings.map(({ where, path, rule }) => `${where} ${path}: ${rule}`).sort(),
    };
  } finally {
    await opened.close();
  }
}

const EXPECTED = [
  'annotation entry note: github',
  'annotation index deploy.password: variable',
  'attestation provenance Dockerfile: command',
  'attestation provenance build-arg:TOKEN: github',
  'attestation provenance label:ci.token: github',
  'attestation provenance materials[0].uri: github',
  'attestation provenance step0 file /EOF: github',
  'attestation provenance step1 env NPM_TOKEN: github',
  'attestation sbom: github',
];

test('of a layout: arguments, variables, addresses, files, the Dockerfile; each value once, and none of other images', async () => {
  const { findings, found, skipped } = await scan(writeLayout('layout', all));
  expect(found).toEqual(EXPECTED);
  expect(skipped).toEqual([]);
  const command = findings.find(({ path }) => path === 'provenance Dockerfile');
  expect(command).toMatchObject({
    line: 3,
    instruction: { text: 'RUN curl -u ci:*** https://x', dockerfile: 'Dockerfile', line: 3 },
    advice: { text: expect.stringContaining('--provenance=mode=min') },
  });
  const variable = findings.find(({ path }) => path.endsWith('NPM_TOKEN'));
  expect(variable).toMatchObject({ name: 'NPM_TOKEN', instruction: { line: 3 }, visible: true });
});

test('of an archive', async () => {
  const archive = join(base, 'archive.tar');
  command(['tar', '-C', writeLayout('packed', all), '-cf', archive, '.']);
  expect((await scan(archive)).found).toEqual(EXPECTED);
});

test('of a registry', async () => {
  registry.serve('1', image);
  for (const blob of all) registry.blob(blob);
  registry.manifest('1', index);
  registry.manifest('attached', attached.manifest);
  registry.manifest('other', ofOther.manifest);
  const { found } = await scan(`registry://${registry.host}/a/b:1`);
  expect(found).toEqual(EXPECTED);
  expect(registry.requests.filter((request) => request.endsWith(ofOther.manifest.digest))).toEqual([]);
});

describe('what cannot be read is said, and the rest is looked at', () => {
  const rest = EXPECTED.filter((one) => !one.includes('provenance'));

  test('a damaged one', async () => {
    const directory = writeLayout('damaged', all);
    const damaged = Buffer.from(provenance.bytes);
    damaged[20]! ^= 1;
    writeFileSync(join(directory, 'blobs/sha256', provenance.digest.slice(7)), damaged);
    const { found, skipped } = await scan(directory);
    expect(found).toEqual(rest);
    expect(skipped).toEqual([{ path: 'provenance', why: expect.stringContaining(provenance.digest) }]);
  });

  test('one that is not there', async () => {
    const without = all.filter(({ digest }) => digest !== attached.manifest.digest);
    const { found, skipped } = await scan(writeLayout('without', without));
    expect(found).toEqual(EXPECTED.filter((one) => one.startsWith('annotation')));
    expect(skipped).toEqual([{ path: 'attestation', why: expect.stringContaining('registry:') }]);
  });
});

describe('a cache of BuildKit, layers of all stages in it', () => {
  const { layer } = tinyImage(`T=${token(0)}`);
  const document = blobOf('{"layers":[],"records":[]}');
  const diffId = blobOf(Bun.gunzipSync(layer.bytes as Uint8Array<ArrayBuffer>)).digest;
  const listed = [
    describeBlob(layer, `${media}.layer.v1.tar+gzip`, { 'containerd.io/uncompressed': diffId }),
    describeBlob(document, 'application/vnd.buildkit.cacheconfig.v0'),
  ] as const;
  const forms = {
    manifest: { mediaType: `${media}.manifest.v1+json`, config: listed[1], layers: [listed[0]] },
    index: { mediaType: `${media}.index.v1+json`, manifests: listed },
  };

  test.each(Object.entries(forms))('as a %s', async (form, content) => {
    const cache = blobOf(JSON.stringify({ schemaVersion: 2, ...content }));
    const directory = writeLayout(form, [cache, layer, document]);
    const manifests = [describeBlob(cache, content.mediaType)];
    writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
    for (const blob of [layer, document]) registry.blob(blob);
    registry.manifest(form, cache);
    const inRegistry = `registry://${registry.host}/a/cache:${form}`;
    for (const name of [directory, inRegistry]) {
      const { found, findings } = await scan(name);
      expect(found).toEqual(['cache file: github']);
      expect(findings[0]!.advice.text).toContain('mode=min');
      await expect(openWith(store, name)).rejects.toMatchObject({
        code: 'image-invalid',
        message: expect.stringContaining('a cache of builds'),
      });
    }
  });
});

/** It takes buildx, and the image store of containerd: `dockerd --feature containerd-snapshotter=true`. */
const docker = process.env.MILLE_TEST_DOCKER_HOST ? await findDocker(join(tmpdir(), 'unused')) : undefined;
const attests =
  docker?.run(['buildx', 'version']).status === 0 &&
  /containerd\.snapshotter/.test(String(docker.run(['info']).stdout));
if (!attests)
  console.warn("Docker's own attestations skipped: MILLE_TEST_DOCKER_HOST names no daemon that makes some");

test.skipIf(!attests)("of Docker's own, in both versions", async () => {
  const directory = join(base, 'docker');
  mkdirSync(directory);
  writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\nARG TOKEN\nCOPY Dockerfile /f\n');
  for (const version of ['', ',version=v1']) {
    const archive = join(base, `docker${version.length}.tar`);
    const { status, stderr } = docker!.run(
      [
        ...[
          'buildx',
          'build',
          '--attest',
          `type=provenance,mode=max${version}`,
          '-o',
          `type=oci,dest=${archive}`,
        ],
        ...['--build-arg', `TOKEN=${token(0)}`, '.'],
      ],
      { cwd: directory },
    );
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect((await scan(archive)).found).toEqual([
      'attestation provenance build-arg:TOKEN: github',
      'history history[0]: github',
    ]);
  }
});
