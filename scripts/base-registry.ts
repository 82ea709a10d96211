// A registry of base images made of Debian's packages, to stand in for Docker Hub where that cannot be reached: old and
// new releases, slim and with a compiler, with and without a shell.
//
//   node scripts/run-bun.mjs scripts/base-registry.ts DIRECTORY [--listen 127.0.0.1:5055] [--only bookworm,trixie] [--serve]
//
// Fills DIRECTORY/registry through Debian's docker-registry and ends, or with --serve goes on until it is stopped. What
// is there already is kept, so that it can be stopped and started again. mille's own store is DIRECTORY/store. To be
// asked in the place of Docker Hub: --registry-mirror http://127.0.0.1:5055 (the repositories are library/debian,
// library/python and distroless/python3-debianN).

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** A release of Debian with its Python. */
interface Release {
  readonly suite: string;
  /** Debian's number; absent before it has one. */
  readonly number?: number;
  readonly python: string;
}

const RELEASES: readonly Release[] = [
  { suite: 'bullseye', number: 11, python: '3.9' },
  { suite: 'bookworm', number: 12, python: '3.11' },
  { suite: 'trixie', number: 13, python: '3.13' },
  // What these have moves on: the tags get the name of the release alone.
  { suite: 'forky', number: 14, python: '3' },
  { suite: 'sid', python: '3' },
];

const PIP = 'python3 python3-pip python3-venv ca-certificates';
const COMPILERS = 'build-essential python3-dev git curl libssl-dev libffi-dev zlib1g-dev pkg-config';

/** An image: its names, and how it is made. */
interface Image {
  readonly names: readonly string[];
  readonly bootstrap?: readonly string[];
  /** Packages put on top of another one. */
  readonly on?: { readonly base: string; readonly packages: string };
}

function imagesOf({ suite, number, python }: Release): Image[] {
  const slim = `library/debian:${suite}-slim`;
  const distroless = `distroless/python3-debian${number ?? `-${suite}`}`;
  const packages = ['--profile', 'distroless', '--include', 'python3,ca-certificates,tzdata'];
  return [
    { names: [slim, ...(number ? [`library/debian:${number}-slim`] : [])], bootstrap: [] },
    {
      names: [`library/python:${python}-slim-${suite}`],
      on: { base: slim, packages: PIP },
    },
    { names: [`${distroless}:latest`], bootstrap: packages },
    { names: [`${distroless}:nonroot`], bootstrap: [...packages, '--user', 'nonroot'] },
    // The largest last: without it there is something to compare already.
    {
      names: [`library/python:${python}-${suite}`],
      on: { base: `library/python:${python}-slim-${suite}`, packages: COMPILERS },
    },
  ];
}

const ROOT = resolve(dirname(import.meta.path), '..');
const { values, positionals } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:5055' },
    only: { type: 'string' },
    serve: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [given] = positionals;
if (given === undefined)
  fail('usage: base-registry.ts DIRECTORY [--listen HOST:PORT] [--only SUITE,…] [--serve]');
const directory = resolve(given);
const host = values.listen;
const only = values.only?.split(',');
const known = RELEASES.map(({ suite }) => suite);
const odd = only?.find((suite) => !known.includes(suite));
if (odd !== undefined) fail(`no such release here: ${odd}; there are ${known.join(', ')}`);

const registry = await startRegistry();
try {
  for (const release of RELEASES) {
    if (only && !only.includes(release.suite)) continue;
    for (const image of imagesOf(release)) await provide(image);
  }
  if (values.serve) {
    console.log(`serving at ${host}; stop with Ctrl-C`);
    await registry.exited;
  }
} finally {
  registry.kill();
  await registry.exited;
}

async function startRegistry() {
  const program =
    Bun.which('docker-registry') ?? fail('docker-registry is not installed (Debian: docker-registry)');
  mkdirSync(join(directory, 'registry'), { recursive: true });
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, 'registry') }, delete: { enabled: true } },
    http: { addr: host },
  };
  // JSON is YAML.
  writeFileSync(join(directory, 'registry.yml'), JSON.stringify(config));
  const child = Bun.spawn([program, 'serve', join(directory, 'registry.yml')], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
  });
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) fail(`the registry did not start: is something else at ${host}?`);
    if (await fetch(`http://${host}/v2/`).catch(() => undefined)) return child;
    await Bun.sleep(50);
  }
  return fail('the registry does not answer');
}

async function provide({ names, bootstrap, on }: Image): Promise<void> {
  const [name = '', ...others] = names;
  if (await isThere(name)) {
    console.log(`${name} is there`);
    return;
  }
  const tag = `${host}/${name}`;
  const started = Date.now();
  if (bootstrap) {
    const suite = /:(?:[\d.]+-)?([a-z]+)-slim$/.exec(name)?.[1] ?? suiteOf(name);
    mille(['bootstrap', '--progress', 'none', ...bootstrap, '-t', tag, `debian:${suite}`]);
  } else if (on) {
    const context = join(directory, 'context');
    mkdirSync(context, { recursive: true });
    const clean = 'rm -rf /var/lib/apt/lists/*';
    const install = `apt-get update && apt-get install -y --no-install-recommends ${on.packages}`;
    const link = 'ln -sf /usr/bin/python3 /usr/local/bin/python';
    writeFileSync(
      join(context, 'Dockerfile'),
      `FROM ${host}/${on.base}\nENV LANG=C.UTF-8\nRUN ${install} && ${link} && ${clean}\nCMD ["python3"]\n`,
    );
    mille(['build', '--progress', 'none', '--ca', 'host', '-t', tag, context]);
  }
  for (const other of others) mille(['tag', tag, `${host}/${other}`]);
  for (const one of names) mille(['push', '-q', `${host}/${one}`]);
  console.log(`${names.join(', ')}: ${Math.round((Date.now() - started) / 1000)} s`);
}

function suiteOf(name: string): string {
  const number = Number(/debian(\d+):/.exec(name)?.[1]);
  return RELEASES.find((one) => one.number === number)?.suite ?? 'sid';
}

async function isThere(name: string): Promise<boolean> {
  const [repository, tag] = name.split(':');
  const accept =
    'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { headers: { accept } });
  return answer.ok;
}

function mille(args: readonly string[]): void {
  const { exitCode } = Bun.spawnSync([join(ROOT, 'mille'), ...args], {
    env: { ...process.env, MILLE_ROOT: join(directory, 'store') },
    stdout: 'ignore',
    stderr: 'inherit',
  });
  if (exitCode !== 0) fail(`mille ${args.join(' ')}: status ${exitCode}`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
