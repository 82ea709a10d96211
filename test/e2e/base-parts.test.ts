// `mille base` and what a project installs of languages: a package index on this machine, lock files of Node.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOf } from '../support/end-of-life.ts';
import { type FakeHub, fakeHub, officialTags } from '../support/hub.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

let place = '';
let hub: FakeHub;
let own: Mille;
let index: ReturnType<typeof Bun.serve>;
let asked: string[] = [];

/** What the index has: names of files, without the machine. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  both: ['both-1.0-cp312-cp312-manylinux_2_17_x86_64.whl', 'both-1.0-cp312-cp312-musllinux_1_2_x86_64.whl'],
  glibc: ['glibc-1.0-cp312-cp312-manylinux_2_17_x86_64.whl', 'glibc-1.0.tar.gz'],
  pure: ['pure-2.1-py3-none-any.whl'],
};

beforeAll(async () => {
  place = makePlace('base-parts');
  hub = fakeHub({ 'library/python': officialTags('python'), 'library/node': officialTags('node') });
  own = await mille(join(place, 'store'), { base: false });
  // Makes the store.
  writeTree(place, { 'dates/ruby.json': JSON.stringify(documentOf('ruby')) });
  await own.must(['base', 'update', '--from', join(place, 'dates'), 'ruby']);
  index = Bun.serve({
    ...{ hostname: '127.0.0.1', port: 0 },
    fetch(request) {
      const name = new URL(request.url).pathname.split('/')[2]!;
      asked.push(`${name} ${request.headers.get('authorization') ?? '-'}`);
      const files = FILES[name];
      if (!files) return new Response('', { status: 404 });
      if (name === 'pure') return new Response(`<html>${files.map((one) => `<a href="x">${one}</a>`)}`);
      return Response.json({ name, files: files.map((filename) => ({ filename, yanked: false })) });
    },
  });
});
afterAll(() => {
  hub.stop();
  void index.stop(true);
  removePlace(place);
});

interface Shown {
  readonly kind: string;
  readonly gains: readonly string[];
  readonly risks: readonly { readonly level: string; readonly text: string; readonly lines: number[] }[];
}

async function lookAt(words: readonly string[], env: Record<string, string | undefined> = {}) {
  asked = [];
  const surroundings = { MILLE_OFFLINE: undefined, MILLE_HUB_URL: hub.url, ...env };
  const out = await own.must(['base', '--format=json', ...words, '--platform=linux/amd64'], {
    env: surroundings,
  });
  const { bases } = JSON.parse(out) as { bases: { alternatives: Shown[] }[] };
  const alpine = bases[0]!.alternatives.find(({ kind }) => kind === 'alpine')!;
  return { alpine, texts: alpine.risks.map(({ level, text }) => `${level}: ${text}`) };
}

test('Python: which packages have no wheels for musl, by the index that the project names', async () => {
  const project = join(place, 'python');
  writeTree(project, {
    Dockerfile:
      'FROM python:3.12-slim\nCOPY app/requirements.txt /srv/\nRUN pip install -r /srv/requirements.txt mine\n',
    'app/requirements.txt': `-i http://me:hush@${index.url.host}/simple\nboth==1.0\nglibc==1.0\npure>=2\n`,
  });
  const { alpine, texts } = await lookAt([project]);
  expect(texts).toContain(
    'breaks: no wheels for musl of glibc 1.0 (app/requirements.txt:3): compiled, and there is no compiler (apk add build-base) unless it is installed',
  );
  expect(alpine.gains).toEqual(['wheels for musl: of 2 of 4 Python packages']);
  expect(texts.join('\n')).not.toContain('(musllinux)');
  expect(asked.toSorted().slice(0, 2)).toEqual([
    `both Basic ${btoa('me:hush')}`,
    `glibc Basic ${btoa('me:hush')}`,
  ]);
  // Answers are kept for a while, without the login.
  await lookAt([project]);
  expect(asked.filter((one) => !/^mine /.test(one))).toEqual([]);
  const kept = join(own.root, 'package-index');
  expect(readdirSync(kept)).toHaveLength(3);
  for (const name of readdirSync(kept)) expect(readFileSync(join(kept, name), 'utf8')).not.toContain('hush');
});

test('where the index does not answer, or may not be asked, it is said what is not known', async () => {
  const project = join(place, 'silent');
  writeTree(project, {
    Dockerfile: 'FROM python:3.12-slim\nCOPY . .\nRUN pip install -r requirements.txt\n',
    'requirements.txt': 'other==1.0\n',
  });
  const silent = { PIP_INDEX_URL: 'http://me:hush@127.0.0.1:9/simple' };
  const { texts } = await lookAt([project], silent);
  const [last = ''] = texts.slice(-1);
  expect(last).toStartWith('check: of 1 Python package it is not known whether there are wheels for musl: ');
  expect(last).toContain('the connection was refused');
  expect(last).not.toContain('hush');
  const unnamed = await lookAt([project], { PIP_INDEX_URL: '', PIP_CONFIG_FILE: '/dev/null' });
  expect(unnamed.texts.at(-1)).toContain('no package index is named; PIP_INDEX_URL');
  const none = await lookAt(['--no-index', project], silent);
  expect(none.texts.at(-1)).toContain('a package index was not to be asked');
});

test('lock files name their wheels: no index is asked', async () => {
  const project = join(place, 'poetry');
  writeTree(project, {
    Dockerfile: 'FROM python:3.12-slim\nCOPY . .\nRUN pip install poetry && poetry install\n',
    'poetry.lock':
      '[[package]]\nname = "glibc"\nversion = "1.0"\nfiles = [\n  {file = "glibc-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", hash = "x"},\n]\n',
  });
  const { texts } = await lookAt([project], { PIP_INDEX_URL: `${index.url.origin}/simple` });
  expect(texts).toContain('breaks: neither wheels for musl nor source of glibc 1.0 (poetry.lock)');
  expect(asked).toEqual(['poetry -']);
});

test('Node: a lock file of yarn that a pattern of COPY brings', async () => {
  const project = join(place, 'yarn');
  writeTree(project, {
    Dockerfile: 'FROM node:24-bookworm-slim\nCOPY web/package.json web/*yarn* ./\nRUN yarn install\n',
    'web/yarn.lock': '# yarn lockfile v1\n\nbcrypt@^5:\n  version "5.1.1"\n  dependencies:\n    nan "^2"\n',
  });
  const { texts } = await lookAt([project]);
  expect(texts).toEqual([
    'check: bcrypt 5.1.1: its install script fetches a build for musl if there is one, or compiles (apk add python3 make g++)',
  ]);
});

test('Node: what its lock file has no build for musl of', async () => {
  const project = join(place, 'node');
  const files = {
    Dockerfile: 'FROM node:24-bookworm-slim\nCOPY package*.json .\nRUN npm ci\n',
    'package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: {
        'node_modules/native': { version: '1.0.0', optionalDependencies: { 'native-linux-x64': '1' } },
        'node_modules/native-linux-x64': { os: ['linux'], cpu: ['x64'], libc: ['glibc'], optional: true },
      },
    }),
  };
  writeTree(project, files);
  const { texts } = await lookAt([project]);
  expect(texts.at(-1)).toStartWith('breaks: package-lock.json has no build for musl of native 1.0.0');
  writeTree(project, { ...files, 'package-lock.json': '{"lockfileVersion":3,"packages":{}}' });
  const { alpine, texts: nothing } = await lookAt([project]);
  expect(nothing).toEqual([]);
  expect(alpine.gains).toContain('no package of package-lock.json needs a build that musl lacks');
});
