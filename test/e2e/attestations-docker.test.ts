// What mille attests beside what Docker attests of the same Dockerfile, field by field, and Docker's own tools reading it. It
// takes a Docker with containerd's image store (scripts/current-docker.sh start), and is for MILLE_LONG_TESTS.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { command, runningDocker } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';

const docker = process.env.MILLE_LONG_TESTS ? runningDocker() : undefined;
const attests = docker !== undefined && /containerd\.snapshotter/.test(String(docker.run(['info']).stdout));
const enabled = attests && process.getuid?.() === 0 && (await busyboxBase()) !== undefined;
if (!enabled)
  console.warn('attestations are not compared: MILLE_LONG_TESTS and a Docker that makes some are wanted');

const DOCKERFILE = `FROM busybox:latest AS build
ARG VERSION=1
RUN --mount=type=secret,id=tok cat /run/secrets/tok >/dev/null; echo built $VERSION > /out
COPY hello.txt /hello.txt

FROM busybox AS final
WORKDIR /app
ENV GREETING=hi
COPY --from=build /out ./
COPY <<END /etc/motd
hello
END
USER 1000:1000
RUN --mount=type=cache,target=/c --mount=type=bind,source=hello.txt,target=/h ls /c
RUN <<END
#!/bin/sh
echo script
END
COPY --chmod=755 --chown=1:2 hello.txt Dockerfile /x/
LABEL a=b
`;

let place = '';
let context = '';
let self: Mille;
let registry: TestRegistry | undefined;

beforeAll(async () => {
  if (!enabled) return;
  place = makePlace('attestations-docker');
  self = await mille(join(place, 'store'));
  context = join(place, 'context');
  writeTree(context, { Dockerfile: DOCKERFILE, 'hello.txt': 'hello\n' });
  writeTree(place, { tok: 'value-of-it' });
  registry = await realRegistry();
  const archive = (await busyboxBase())!.path;
  docker!.run(['load', '-i', archive]);
}, 120_000);

afterAll(async () => {
  await registry?.stop();
  removePlace(place);
});

const flags = (provenance: string, name: string) => [
  ...['--network', 'host', '--secret', `id=tok,src=${join(place, 'tok')}`, '--build-arg', 'VERSION=2'],
  ...['--label', 'l=m', `--provenance=${provenance}`, '-t', 'r.example/app:1'],
  ...['-o', `type=oci,dest=${join(place, name)}.tar`, context],
];

// biome-ignore lint/suspicious/noExplicitAny: documents of all kinds
type Any = any;

/** The documents of an archive: the index, the attestation's manifest and config, its statement. */
function documentsOf(name: string): Any {
  const read = (path: string): Any =>
    JSON.parse(command(['tar', 'xOf', join(place, `${name}.tar`), path]).stdout.toString());
  const blob = (digest: string) => read(`blobs/sha256/${digest.slice(7)}`);
  const index = blob(read('index.json').manifests[0].digest);
  const manifest = blob(index.manifests[1].digest);
  return {
    index,
    manifest,
    config: blob(manifest.config.digest),
    statement: blob(manifest.layers[0].digest),
  };
}

async function both(provenance: string): Promise<readonly [Any, Any]> {
  const { status, stderr } = docker!.run(['buildx', 'build', ...flags(provenance, 'docker')]);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  await self.must(['build', '-q', ...flags(provenance, 'mille')]);
  return [documentsOf('docker'), documentsOf('mille')];
}

/** What differs from build to build, and from one builder to another by nature, made the same. */
function levelled(value: Any): Any {
  if (Array.isArray(value)) return value.map(levelled);
  if (typeof value === 'string')
    return value
      .replace(/sha256:[0-9a-f]{64}|^[0-9a-f]{64}$/g, 'DIGEST')
      .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'TIME');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, one]) => [
        key,
        /^(?:buildInvocationID|invocationId|size)$/.test(key) ? key : levelled(one),
      ]),
  );
}

/** How a local source is transferred, what the daemon keeps for itself, digests of definitions; see differences.md. */
const LEFT_OUT = new Set([...['attrs', 'digestMapping', 'removeMountStubsRecursive', 'mediaType']]);

describe.skipIf(!enabled)('beside Docker', () => {
  test.each(['mode=min', 'mode=min,version=v1', 'mode=min,builder-id=https://ci/1,reproducible=true'])(
    'the same with %s',
    async (provenance) => {
      const [theirs, ours] = await both(provenance);
      expect(levelled(ours)).toEqual(levelled(theirs));
    },
    120_000,
  );

  test('with mode=max: the call, the steps, their lines and layers', async () => {
    const [theirs, ours] = await both('mode=max');
    const [their, our] = [levelled(theirs.statement.predicate), levelled(ours.statement.predicate)];
    expect(our.invocation).toEqual(their.invocation);
    expect(our.materials).toEqual(their.materials);
    expect(our.buildConfig.llbDefinition).toEqual(their.buildConfig.llbDefinition);
    const key = 'https://mobyproject.org/buildkit@v1#metadata';
    const [{ source: theirSource }, { source }] = [their.metadata[key], our.metadata[key]];
    expect(source.locations).toEqual(theirSource.locations);
    expect(source.infos[0].data).toBe(theirSource.infos[0].data);
    expect(Object.keys(our.metadata)).toEqual(Object.keys(their.metadata));
  }, 120_000);

  test("Docker's tools read what was pushed, and pull the image", async () => {
    if (!registry) return;
    const name = `${registry.host}/app:1`;
    const args = ['build', '-q', '--provenance=mode=max', '--sbom=true', '--push', '-t', name, context];
    await self.must(args, { env: { MILLE_OFFLINE: '0' } });
    const inspect = (format: string) => {
      const { status, stdout, stderr } = docker!.run([
        'buildx',
        'imagetools',
        'inspect',
        name,
        '--format',
        format,
      ]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(stdout.toString());
    };
    expect(inspect('{{json .Provenance}}').SLSA.buildConfig.llbDefinition.length).toBeGreaterThan(5);
    expect(inspect('{{json .SBOM}}').SPDX.spdxVersion).toBe('SPDX-2.3');
    expect(docker!.run(['pull', name]).status).toBe(0);
    const told = docker!.run(['run', '--rm', '--network', 'host', name, 'cat', '/app/out']);
    expect(told.stdout.toString()).toBe('built 1\n');
    docker!.run(['rmi', name]);
  }, 120_000);
});
