// Provenance and inventories that builds attest: their shape beside an image, that the image stays the same, where they go
// and stay, and what they never tell.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { SecretSearch } from '../support/find-secret.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';

repeatsCommands();

const enabled = process.getuid?.() === 0 && (await busyboxBase()) !== undefined;
const random = () => crypto.randomUUID().replaceAll('-', '');
/** Never to be told: of a mounted secret, of arguments by their names, of a command, of a default, by their form, in a URL. */
const HIDDEN = {
  mounted: `m${random()}`,
  argument: `a${random()}`,
  label: `l${random()}`,
  inCommand: `c${random()}`,
  inDefault: `d${random()}`,
  byForm: `ghp_${`aB3dE${random()}`.slice(0, 36)}`,
  inUrl: `u${random()}`,
};

const DOCKERFILE = `FROM busybox AS build
ARG VERSION=1
ARG API_TOKEN
ARG DB_PASSWORD=${HIDDEN.inDefault}
RUN --mount=type=secret,id=tok,required=true cat /run/secrets/tok > /dev/null; echo $VERSION > /out
RUN echo "password=${HIDDEN.inCommand}" ${HIDDEN.byForm} https://ci:${HIDDEN.inUrl}@git.corp/a > /dev/null
FROM busybox
COPY --from=build /out /app/
COPY <<END /etc/os-release
ID=debian
VERSION_ID=12
END
COPY status /var/lib/dpkg/status
RUN --network=none echo made > /made
LABEL of=mine
`;
const STATUS = 'Package: hello\nStatus: install ok installed\nArchitecture: all\nVersion: 2.10-3\n\n';

let place = '';
let self: Mille;
let context = '';
let registry: TestRegistry | undefined;

beforeAll(async () => {
  if (!enabled) return;
  place = makePlace('build-attestations');
  self = await mille(join(place, 'store'));
  context = join(place, 'context');
  writeTree(context, { Dockerfile: DOCKERFILE, status: STATUS });
  writeTree(place, { tok: HIDDEN.mounted });
}, 60_000);

afterAll(async () => {
  await registry?.stop();
  removePlace(place);
});

const build = (...args: readonly string[]) =>
  self.must(
    [
      ...['build', '-q', '--secrets=off', '--secret', `id=tok,src=${join(place, 'tok')}`],
      ...['--build-arg', 'VERSION=2', '--build-arg', `API_TOKEN=${HIDDEN.argument}`],
      ...['--label', `ci.token=${HIDDEN.label}`, ...args, context],
    ],
    { env: { MILLE_OFFLINE: '0' } },
  );

interface Document {
  readonly mediaType: string;
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Statement {
  readonly predicateType: string;
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  // biome-ignore lint/suspicious/noExplicitAny: a document from outside
  readonly predicate: any;
}

function none(): never {
  throw new Error('there is no such statement');
}

/** What a layout holds: its image, and what stands beside it. */
function look(layout: string, name?: string) {
  // biome-ignore lint/suspicious/noExplicitAny: documents of all kinds
  const blob = (digest: string): any =>
    JSON.parse(readFileSync(join(layout, 'blobs/sha256', digest.slice(7)), 'utf8'));
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: Document[] };
  const named = (entry: Document) => entry.annotations?.['org.opencontainers.image.ref.name'] === name;
  const root = name === undefined ? index.manifests[0] : index.manifests.find(named);
  if (!root!.mediaType.endsWith('index.v1+json')) return { root: root!, image: root!.digest, statements: [] };
  const { manifests } = blob(root!.digest) as { manifests: Document[] };
  const [image, ...beside] = manifests;
  const attestations = beside.map((entry) => ({ entry, manifest: blob(entry.digest) }));
  const statements = attestations.flatMap(({ manifest }) =>
    manifest.layers.map(({ digest }: Document) => blob(digest) as Statement),
  );
  return { root: root!, image: image!.digest, attestations, statements, blob };
}

async function layout(name: string, ...args: readonly string[]) {
  const directory = join(place, name);
  await build('-o', `type=oci,dest=${directory},tar=false`, ...args);
  return look(directory);
}

describe.skipIf(!enabled)('what a build attests', () => {
  test('stands beside the image as BuildKit puts it there, and the image is the same', async () => {
    const without = await layout('without');
    const attested = await layout(
      'attested',
      '-t',
      'r.example/team/app:1',
      '--provenance=mode=max',
      '--sbom=true',
    );
    expect(without.root.mediaType).toEndWith('manifest.v1+json');
    expect(attested.image).toBe(without.image);
    const [{ entry, manifest } = { entry: undefined, manifest: undefined }] = attested.attestations ?? [];
    expect(entry).toMatchObject({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': attested.image,
      },
    });
    expect(manifest.layers.map((layer: Document) => [layer.mediaType, layer.annotations])).toEqual([
      ['application/vnd.in-toto+json', { 'in-toto.io/predicate-type': 'https://spdx.dev/Document' }],
      ['application/vnd.in-toto+json', { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' }],
    ]);
    expect(attested.blob!(manifest.config.digest)).toEqual({
      ...{ architecture: 'unknown', os: 'unknown', config: {} },
      rootfs: { type: 'layers', diff_ids: manifest.layers.map(({ digest }: Document) => digest) },
    });
    const [sbom, provenance] = attested.statements;
    const digest = { sha256: attested.image.slice(7) };
    for (const statement of attested.statements) {
      expect(Object.keys(statement)).toEqual(['_type', 'predicateType', 'subject', 'predicate']);
      expect(statement.subject).toEqual([
        { name: expect.stringMatching(/^pkg:docker\/r\.example\/team\/app@1\?platform=linux%2F/), digest },
      ]);
    }
    const packages = sbom!.predicate.packages as {
      name: string;
      versionInfo: string;
      annotations?: object[];
    }[];
    expect(packages.find(({ name }) => name === 'hello')).toMatchObject({
      versionInfo: '2.10-3',
      annotations: [{ comment: expect.stringContaining('Dockerfile:13') }],
    });
    const { predicate } = provenance!;
    expect(predicate.materials).toEqual([
      {
        uri: expect.stringMatching(/^pkg:docker\/busybox@latest\?platform=linux%2F/),
        digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
    expect(predicate.invocation).toMatchObject({
      configSource: { entryPoint: 'Dockerfile' },
      parameters: {
        frontend: 'dockerfile.v0',
        args: { 'build-arg:API_TOKEN': '****', 'build-arg:VERSION': '2', 'label:ci.token': '****' },
        secrets: [{ id: 'tok' }],
        locals: [{ name: 'context' }, { name: 'dockerfile' }],
      },
    });
    expect(predicate.metadata).toMatchObject({
      completeness: { parameters: true, environment: true, materials: false },
      reproducible: false,
    });
    checkSteps(predicate);
  });

  test('min tells less, version 1 the same in other places, and a second build makes the same image', async () => {
    const min = await layout('min', '--provenance=mode=min,builder-id=https://ci/1');
    const v1 = await layout('v1', '--attest', 'type=provenance,mode=min,version=v1,reproducible=true');
    expect(v1.image).toBe(min.image);
    const [{ predicate, subject } = none()] = min.statements;
    expect(subject).toEqual([{ name: '_', digest: { sha256: min.image.slice(7) } }]);
    expect(predicate.builder).toEqual({ id: 'https://ci/1' });
    expect(predicate.invocation.parameters).toEqual({
      frontend: 'dockerfile.v0',
      locals: [{ name: 'context' }, { name: 'dockerfile' }],
    });
    expect(predicate.buildConfig).toBeUndefined();
    expect(predicate.metadata.completeness.parameters).toBe(false);
    expect(predicate.metadata['https://mobyproject.org/buildkit@v1#metadata']).toEqual({});
    const [one = none()] = v1.statements;
    expect(one.predicateType).toBe('https://slsa.dev/provenance/v1');
    expect(one.predicate).toMatchObject({
      buildDefinition: {
        resolvedDependencies: predicate.materials,
        externalParameters: {
          configSource: { path: 'Dockerfile' },
          request: predicate.invocation.parameters,
        },
        internalParameters: { builderPlatform: predicate.invocation.environment.platform },
      },
      runDetails: {
        builder: { id: '' },
        metadata: {
          buildkit_reproducible: true,
          buildkit_completeness: { request: false, resolvedDependencies: false },
        },
      },
    });
  });

  test('inline only: no index of an archive for its sake, but one in the store', async () => {
    const alone = await layout('inline', '--provenance=mode=min,inline-only=true');
    expect(alone.statements).toEqual([]);
    const onIndex = ['--annotation', 'index:a=b'];
    const id = await build('-t', 'inline', '--provenance=mode=min,inline-only=true', ...onIndex);
    expect(await self.must(['run', '--rm', id.trim(), 'cat', '/made'])).toBe('made\n');
    expect(look(self.root, 'inline:latest').statements).toHaveLength(1);
  });

  test('the metadata file holds a little provenance, unless told otherwise', async () => {
    const file = join(place, 'metadata.json');
    const metadata = async (mode: string, ...args: string[]) => {
      const flags = ['build', '-q', '--metadata-file', file, '--build-arg', 'VERSION=3', ...args];
      const given = [
        '--secret',
        `id=tok,src=${join(place, 'tok')}`,
        '--build-arg',
        `API_TOKEN=${HIDDEN.argument}`,
      ];
      await self.must([...flags, ...given, context], { env: { BUILDX_METADATA_PROVENANCE: mode } });
      const text = readFileSync(file, 'utf8');
      expect(new SecretSearch(Object.values(HIDDEN)).isIn(text)).toBe(false);
      return JSON.parse(text);
    };
    const little = (await metadata(''))['buildx.build.provenance'];
    expect(Object.keys(little)).toEqual(['builder', 'buildType', 'materials', 'invocation']);
    expect(little.invocation.parameters).toMatchObject({
      args: { 'build-arg:API_TOKEN': '****', 'build-arg:VERSION': '3' },
      secrets: [{ id: 'tok' }],
    });
    const all = await metadata('max', '--provenance=mode=min', '-t', 'metadata');
    expect(all['buildx.build.provenance'].buildConfig.llbDefinition).not.toEqual([]);
    expect(all).not.toHaveProperty(['containerimage.config.digest']);
    expect(all['containerimage.descriptor'].mediaType).toBe('application/vnd.oci.image.index.v1+json');
    expect(await metadata('disabled')).not.toHaveProperty(['buildx.build.provenance']);
  });

  test('beside files it is about the files', async () => {
    const out = join(place, 'files');
    await build(
      '--provenance=mode=min',
      '--sbom=true',
      '-o',
      `type=local,dest=${out},attestation-prefix=my-`,
    );
    const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8')) as Statement;
    const { subject } = read('my-provenance.json');
    expect(read('my-sbom.spdx.json').subject).toEqual(subject);
    expect(subject.map(({ name }) => name)).toContain('app/out');
    const hash = new Bun.CryptoHasher('sha256').update(readFileSync(join(out, 'made'))).digest('hex');
    expect(subject.find(({ name }) => name === 'made')?.digest).toEqual({ sha256: hash });
    expect(statSync(join(out, 'my-provenance.json')).mode & 0o777).toBe(0o600);
    const archive = join(place, 'files.tar');
    await build('--provenance=mode=min', '-o', `type=tar,dest=${archive}`);
    expect(command(['tar', 'tf', archive]).stdout.toString().split('\n')).toContain('provenance.json');
    const refused = await self.run(['build', '--sbom=1', '-o', `type=docker,dest=${archive}`, context]);
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no place for attestations'),
    });
  });

  test('is sent with the image, about the image as it is sent', async () => {
    registry = await realRegistry();
    if (!registry) return;
    const { host } = registry;
    await build('-t', `${host}/app:1`, '--provenance=mode=max', '--sbom=true', '--push');
    const get = async (path: string, accept: string) => {
      const answer = await fetch(`http://${host}/v2/app/${path}`, { headers: { accept } });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { manifests: Document[]; layers: Document[]; config: Document };
    };
    const inspected = await self.must(['inspect', '--remote', '--format', 'table', `${host}/app:1`], {
      env: { MILLE_OFFLINE: '0' },
    });
    expect(inspected).toMatch(
      /^linux\/\S+ +sha256:[0-9a-f]{64} +inventory \(SPDX\), provenance \(SLSA 0\.2\)$/m,
    );
    const { manifests } = await get('manifests/1', 'application/vnd.oci.image.index.v1+json');
    const [image, beside] = manifests;
    const manifest = await get(`manifests/${image!.digest}`, image!.mediaType);
    expect(new Set(manifest.layers.map(({ mediaType }) => mediaType.split('+')[1]))).toEqual(
      new Set(['gzip']),
    );
    const { layers } = await get(`manifests/${beside!.digest}`, beside!.mediaType);
    const statement = (await get(`blobs/${layers[1]!.digest}`, '*/*')) as unknown as Statement;
    expect(statement.subject[0]!.digest).toEqual({ sha256: image!.digest.slice(7) });
    const told =
      statement.predicate.metadata['https://mobyproject.org/buildkit@v1#metadata'].layers['step8:0'][0];
    expect(told.map(({ digest }: Document) => digest)).toEqual(manifest.layers.map(({ digest }) => digest));
  });

  test('is sent by digest alone, where nothing is to get a tag', async () => {
    if (!registry) return;
    const file = join(place, 'by-digest.json');
    const output = `type=image,name=${registry.host}/bare,push-by-digest=true,name-canonical=true,push=true`;
    await build('--provenance=mode=min', '--metadata-file', file, '-o', output);
    const digest = JSON.parse(readFileSync(file, 'utf8'))['containerimage.digest'] as string;
    const asked = { headers: { accept: 'application/vnd.oci.image.index.v1+json' } };
    const at = (path: string) => fetch(`http://${registry!.host}/v2/bare/${path}`, asked);
    expect((await at(`manifests/${digest}`)).status).toBe(200);
    expect((await at('manifests/latest')).status).toBe(404);
  });

  test('stays with the image: pruned, saved, loaded, copied and pushed', async () => {
    await build('-t', 'kept', '--provenance=mode=max', '--sbom=true');
    // The same image again: what was attested before goes, and what is attested now stays.
    await build('-t', 'kept', '--provenance=mode=max', '--sbom=true');
    await self.must(['prune', '--force']);
    expect(await self.verify()).toEqual([]);
    const { root, statements, image } = look(self.root, 'kept:latest');
    expect(statements).toHaveLength(2);
    const archive = join(place, 'kept.tar');
    await self.must(['save', '-o', archive, 'kept']);
    const other = await mille(join(place, 'other'));
    await other.must(['load', '-i', archive]);
    await other.must(['prune', '--force']);
    const loaded = look(other.root, 'kept:latest');
    expect(loaded.root.digest).toBe(root.digest);
    expect(loaded.statements).toEqual(statements);
    if (!registry) return;
    const online = { env: { MILLE_OFFLINE: '0' } };
    const name = `${registry.host}/kept:1`;
    await other.must(['tag', 'kept', name]);
    await other.must(['push', name], online);
    const copied = join(place, 'copied');
    await self.must(['copy', name, `oci:${copied}`], online);
    const pushed = look(copied);
    // Its layers are compressed there: it has another digest, and is what is attested.
    expect(pushed.image).not.toBe(image);
    for (const { subject } of pushed.statements)
      expect(subject[0]!.digest).toEqual({ sha256: pushed.image.slice(7) });
    const layersOf = ([, { predicate } = none()]: readonly Statement[]): Document[] =>
      predicate.metadata['https://mobyproject.org/buildkit@v1#metadata'].layers['step8:0'][0];
    expect(layersOf(pushed.statements).every(({ mediaType }) => mediaType.endsWith('gzip'))).toBe(true);
    expect(layersOf(statements).some(({ mediaType }) => mediaType.endsWith('gzip'))).toBe(false);
  });

  test('tells no secret', async () => {
    mkdirSync(join(place, 'told'));
    await layout('told/max', '--provenance=true', '--sbom=true', '-t', 'told');
    await build('--provenance=mode=max,version=v1', '--sbom=true', '-o', join(place, 'told/files'));
    const search = new SecretSearch(Object.values(HIDDEN));
    const { statements } = look(join(place, 'told/max'));
    expect(search.isIn(JSON.stringify(statements))).toBe(false);
    expect(search.isIn(readFileSync(join(place, 'told/files/provenance.json'), 'utf8'))).toBe(false);
    const [, { predicate } = none()] = statements;
    const { infos } = predicate.metadata['https://mobyproject.org/buildkit@v1#metadata'].source;
    const text = Buffer.from(infos[0].data, 'base64').toString();
    expect(search.isIn(text)).toBe(false);
    expect(text).toContain('ARG DB_PASSWORD=****\nRUN --mount=type=secret,id=tok,required=true cat');
  });
});

/** The steps that mode=max tells: commands, copies, lines. */
// biome-ignore lint/suspicious/noExplicitAny: a document from outside
function checkSteps(predicate: any): void {
  const steps = predicate.buildConfig.llbDefinition as {
    id: string;
    inputs?: string[];
    op: { Op: object };
  }[];
  expect(steps.map(({ id }) => id)).toEqual(steps.map((_, i) => `step${i}`));
  for (const [i, { inputs = [] }] of steps.entries())
    for (const input of inputs) expect(Number(/^step(\d+):0$/.exec(input)?.[1])).toBeLessThan(i);
  const kinds = steps.map(({ op }) => Object.keys(op.Op)[0] ?? 'end');
  expect(kinds).toEqual(['source', 'exec', 'exec', 'file', 'file', 'file', 'source', 'file', 'exec', 'end']);
  expect(steps[1]!.op.Op).toMatchObject({
    exec: {
      meta: {
        args: ['/bin/sh', '-c', 'cat /run/secrets/tok > /dev/null; echo $VERSION > /out'],
        env: ['PATH=/bin', 'VERSION=2', 'API_TOKEN=****', 'DB_PASSWORD=****'],
      },
      mounts: [{ dest: '/' }, { dest: '/run/secrets/tok', mountType: 1, secretOpt: { ID: 'tok' } }],
    },
  });
  const { source, layers } = predicate.metadata['https://mobyproject.org/buildkit@v1#metadata'];
  expect(source.locations.step1).toEqual({
    locations: [{ ranges: [{ start: { line: 5 }, end: { line: 5 } }] }],
  });
  expect(layers['step8:0'][0]).toHaveLength(5);
  expect(layers['step1:0']).toBeUndefined();
}
