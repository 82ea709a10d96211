// The real registry behind a proxy that cuts, delays, truncates, corrupts and refuses by chance: every push and every
// pull completes right or fails clean, and after it all is done that was to be done.
//
// MILLE_LONG_TESTS=10 goes on for ten minutes; MILLE_FAULT_SEED repeats a round (it is printed where something is wrong).

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRemote } from '../../src/app/pull/find-remote.ts';
import { type Digest, MilleError } from '../../src/core/index.ts';
import { parsePlatform, parseReference } from '../../src/oci/image/index.ts';
import { openRepository, type RegistryAccess } from '../../src/oci/registry/index.ts';
import { openStore, type Store } from '../../src/oci/store/index.ts';
import { type Fault, type FaultPlan, type FaultProxy, faultProxy, noise } from '../support/fault-proxy.ts';
import {
  type Blob,
  realRegistry,
  type ServedImage,
  type TestRegistry,
  tinyImage,
} from '../support/registry.ts';

const MINUTES = Number(process.env.MILLE_LONG_TESTS ?? 0);
const SEED = Number(process.env.MILLE_FAULT_SEED ?? Date.now() % 1_000_000);
const KINDS: readonly Fault[] = [
  ...(['slow', 'cut-request', 'cut-answer', 'truncate', 'corrupt'] as const),
  ...(['denied', 'busy', 'error', 'lost'] as const),
];
/** What a failure may be called: never a bug of ours, never a damaged store. */
const CLEAN = [
  'network',
  'registry-denied',
  'digest-mismatch',
  'image-invalid',
  'archive-broken',
  'image-missing',
];

const amd64 = parsePlatform('linux/amd64', { os: 'linux', architecture: 'amd64' });
const place = mkdtempSync(join(tmpdir(), 'mille-transfer-faults-'));
let registry: TestRegistry | undefined;
let proxy: FaultProxy;

beforeAll(async () => {
  registry = await realRegistry();
  if (registry) proxy = await faultProxy(registry.host, { seed: 0, percent: 0, kinds: KINDS });
});
afterAll(async () => {
  await proxy?.stop();
  await registry?.stop();
  rmSync(place, { recursive: true, force: true });
});

function access(seed: number): RegistryAccess {
  const login = { kind: 'password', user: 'me', password: 'secret' } as const;
  return { credentials: async () => (seed % 2 ? login : undefined), pause: 1, patience: 20_000 };
}

/** Without an error, or with one that a user can be told. */
async function cleanly(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof MilleError) || !CLEAN.includes(error.code)) throw error;
    expect(error.message).not.toContain('secret');
    return false;
  }
}

const asBlob = ({ digest, bytes }: Blob) => ({
  digest: digest as Digest,
  size: bytes.length,
  async *open() {
    yield bytes;
  },
});

async function push(host: string, name: string, image: ServedImage, seed: number): Promise<void> {
  const reference = parseReference(`${host}/${name}:1`);
  const repository = openRepository(reference, access(seed), { push: true });
  for (const blob of [image.layer, image.config]) {
    if (await repository.has(blob.digest as Digest)) continue;
    if (seed % 2 === 0) await repository.send(asBlob(blob));
    // As layers are sent that are compressed on the way.
    else expect(await repository.sendMade(asBlob(blob))).toMatchObject({ digest: blob.digest });
  }
  const { mediaType } = JSON.parse(image.manifest.bytes.toString());
  await repository.putManifest('1', { mediaType, bytes: image.manifest.bytes });
}

async function pull(store: Store, name: string, seed: number): Promise<void> {
  const reference = parseReference(`${proxy.host}/${name}:1`);
  const lock = store.lockShared();
  try {
    const found = await findRemote(store, {
      ...{ reference, platform: amd64, access: access(seed), keepOther: false },
    });
    await found.keep(() => {});
  } finally {
    lock.release();
  }
}

/** What the registry itself says of a blob. */
async function truly(path: string): Promise<{ status: number; bytes: Buffer }> {
  const answer = await fetch(`http://${registry!.host}/v2/${path}`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}

async function round(seed: number): Promise<void> {
  const name = `faults/r${seed}`;
  const kinds = KINDS.filter((_, i) => noise(seed + i) % 3 > 0);
  const plan: FaultPlan = { seed, percent: 10 + (noise(seed) % 50), kinds: kinds.length > 0 ? kinds : KINDS };
  const size = [2000, 700_000, 9_000_000][noise(seed * 7) % 3]!;
  const content = Buffer.alloc(size, `${seed} `);
  for (let at = 0; at < size; at += 997) content[at] = noise(seed + at) & 0xff;
  const image = tinyImage(content);

  proxy.plan = plan;
  const pushed = await cleanly(() => push(proxy.host, name, image, seed));
  const there = await truly(`${name}/manifests/1`);
  // A name is there only with all that it means, whether we heard of it or not.
  if (pushed) expect(there.status).toBe(200);
  if (there.status === 200) {
    expect(there.bytes.equals(image.manifest.bytes)).toBe(true);
    for (const blob of [image.config, image.layer])
      expect((await truly(`${name}/blobs/${blob.digest}`)).bytes.equals(blob.bytes)).toBe(true);
  }
  proxy.plan = { ...plan, percent: 0 };
  await push(proxy.host, name, image, seed);

  const root = join(place, String(seed));
  const store = openStore(root, { privilege: 'root' });
  try {
    for (let tries = 0; tries < 3; tries++) {
      proxy.plan = { ...plan, seed: seed + 1 };
      const pulled = await cleanly(() => pull(store, name, seed));
      if (!pulled) expect(store.listImages()).toEqual([]);
      expect(await store.verify()).toEqual([]);
      if (pulled) break;
    }
    proxy.plan = { ...plan, percent: 0 };
    await pull(store, name, seed);
    expect(store.listImages().map(({ names }) => names)).toEqual([[`${proxy.host}/${name}:1`]]);
    const file = join(store.paths.blobs, image.layer.digest.slice(7));
    expect(readFileSync(file).equals(image.layer.bytes as Buffer)).toBe(true);
    expect(await store.verify()).toEqual([]);
  } finally {
    store.close();
    rmSync(root, { recursive: true, force: true });
  }
}

test(
  'whatever the way does, a transfer completes right or fails clean',
  async () => {
    if (!registry) return;
    const until = performance.now() + MINUTES * 60_000;
    let rounds = 0;
    for (let seed = SEED; rounds < 8 || performance.now() < until; seed++, rounds++) {
      try {
        await round(seed);
      } catch (error) {
        console.error(`MILLE_FAULT_SEED=${seed}\n${proxy.faults.slice(-20).join('\n')}`);
        throw error;
      }
    }
    expect(proxy.faults.length).toBeGreaterThan(8);
    if (MINUTES > 0) console.log(`${rounds} rounds, ${proxy.faults.length} faults`);
  },
  { timeout: MINUTES * 60_000 + 120_000 },
);
