import { expect, test } from 'bun:test';
import { evidenceFor } from '../../evidence-for.ts';
import { propose } from '../../propose.ts';
import type { Allowance } from '../../rewrite.ts';
import { CACHE_REWRITES } from './index.ts';

/** What is made of a text whose RUN of a line leave some files. */
function made(before: string, left: Readonly<Record<number, Readonly<Record<string, number>>>>) {
  const steps = Object.fromEntries(Object.entries(left).map(([line, layer]) => [line, { layer }]));
  const { draft, around } = evidenceFor({ before, after: before, steps });
  return propose(draft, around, { rewrites: CACHE_REWRITES });
}

const LISTS = { 'var/lib/apt/lists/a_Packages': 9_000_000 };

test('where nothing was left nothing is proposed, whatever the command looks like', () => {
  const text = 'FROM a\nRUN apt-get update && apt-get install -y curl && pip install flask && npm ci\n';
  expect(
    made(text, { 2: { 'var/lib/apt/lists/lock': 0, 'root/.cache/pip/selfcheck.json': 200 } }).applied,
  ).toEqual([]);
});

test('what a RUN below needs stays', () => {
  const text = 'FROM a\nRUN apt-get update\nRUN apt-get install -y curl\n';
  expect(made(text, { 2: LISTS }).applied).toEqual([]);
  const again =
    'FROM a\nRUN apt-get update && apt-get install -y a\nRUN apt-get update && apt-get install -y b\n';
  expect(made(again, { 2: LISTS, 3: LISTS }).applied).toHaveLength(2);
});

test('what the image starts needs stays', () => {
  const crates = { 'usr/local/cargo/registry/cache/a/b.crate': 9_000_000 };
  const text = (command: string) => `FROM rust\nRUN cargo build --release\nCMD ${command}\n`;
  for (const command of ['["cargo", "run"]', 'cargo run --release', '["sh", "-c", "exec cargo run"]'])
    expect(made(text(command), { 2: crates }).applied).toEqual([]);
  expect(made(text('["target/release/a"]'), { 2: crates }).applied).toHaveLength(1);
  const go = 'FROM golang AS run\nRUN go build ./...\nFROM run\nCMD go run .\n';
  expect(made(go, { 2: { 'root/.cache/go-build/a': 9_000_000 } }).applied).toEqual([]);
});

test('stages that are not shipped are left alone', () => {
  const text =
    'FROM a AS build\nRUN apt-get update && apt-get install -y gcc\nFROM a\nCOPY --from=build /x /x\n';
  expect(made(text, { 2: LISTS }).applied).toEqual([]);
});

test('of several in one RUN each is cleaned up', () => {
  const text =
    'FROM a\nRUN apt-get update && apt-get install -y pip && pip install -U pip && pip install flask\n';
  const { draft, applied } = made(text, { 2: { ...LISTS, 'root/.cache/pip/http/a': 800_000 } });
  expect(draft.source.text).toBe(
    'FROM a\nRUN apt-get update && apt-get install -y pip && pip install --no-cache-dir -U pip && pip install --no-cache-dir flask && rm -rf /var/lib/apt/lists/*\n',
  );
  expect(applied.map(({ proposal }) => proposal.claim.bytes)).toEqual([9_000_000, 800_000]);
});

test('only what was left may be missing, and directories that the same RUN made for it', () => {
  const pip = { 'root/.cache/pip/http/a': 800_000 };
  const text = 'FROM a\nRUN touch /root/.cache/fonts\nRUN pip install flask\n';
  const allows = (other: Readonly<Record<string, number>>) =>
    made(text, { 2: other, 3: pip }).applied.flatMap(({ proposal }) => proposal.allows);
  const cache = { what: 'files', change: 'removed', below: 'root/.cache/pip' } as const;
  const emptied = (...paths: string[]): Allowance => ({
    ...{ what: 'paths', change: 'removed', of: 'directories that held nothing else' },
    ...{ paths, emptied: true },
  });
  expect(allows({})).toEqual([cache, emptied('root', 'root/.cache')]);
  expect(allows({ 'root/.cache/fonts': 1 })).toEqual([cache]);
  expect(allows({ 'root/a': 1 })).toEqual([cache, emptied('root/.cache')]);
});

test('a cache mount, and a removal of more, are clean', () => {
  const npm = { 'root/.npm/_cacache/a': 800_000 };
  for (const text of [
    'FROM a\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    'FROM a\nRUN npm ci && rm -rf ~/.npm\n',
    'FROM a\nRUN npm ci && rm -rf "/root/.npm/"\n',
    'FROM a\nRUN npm ci && npm cache clean --force\n',
  ])
    expect(made(text, { 2: npm }).applied).toEqual([]);
});

test('a command that nobody can append to is left alone', () => {
  const npm = { 'root/.npm/_cacache/a': 800_000 };
  expect(made('FROM a\nRUN ["npm", "ci"]\n', { 2: npm }).applied).toEqual([]);
  expect(made('FROM a\nRUN npm ci || true\n', { 2: npm }).applied).toEqual([]);
});

/** What is made of a text of which nothing was ever built. */
function unbuilt(before: string) {
  const { draft, around } = evidenceFor({ before, after: before }, { unbuilt: true });
  return propose(draft, around, { rewrites: CACHE_REWRITES });
}

test('of what never ran the words say what stays, and no size is claimed', () => {
  const { draft, applied } = unbuilt(
    'FROM a\nRUN apt-get update && apt-get install -y pip\nRUN pip install -r a.txt\nRUN npm ci\n',
  );
  expect(draft.source.text).toBe(
    'FROM a\nRUN apt-get update && apt-get install -y pip && rm -rf /var/lib/apt/lists/*\nRUN pip install --no-cache-dir -r a.txt\nRUN npm ci && rm -rf /root/.npm/_cacache /root/.npm/_logs\n',
  );
  expect(applied.map(({ proposal }) => proposal.claim)).toEqual([{}, {}, {}]);
});

test('of what never ran nothing is taken for left that may lie elsewhere, is removed or needed', () => {
  for (const text of [
    'FROM a\nRUN apt-get install -y pip\n',
    'FROM a\nRUN apt-get update\nRUN apt-get install -y pip\n',
    'FROM a\nRUN apt-get update && apt-get install -y pip && rm -rf /var/lib/apt/lists/*\n',
    'FROM a\nENV PIP_NO_CACHE_DIR=1\nRUN pip install flask\n',
    'FROM a\nUSER app\nRUN pip install flask\n',
    'FROM a\nENV HOME=/srv\nRUN pip install flask\n',
    'FROM a\nENV XDG_CACHE_HOME=/srv\nRUN pip install flask\n',
    'FROM a\nRUN pip install flask && rm -rf ~/.cache\n',
    'FROM a\nRUN pip install --no-cache-dir flask\n',
    'FROM a\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n',
    'FROM a\nRUN apk add --no-cache curl\n',
    'FROM a\nRUN dnf install -y httpd && dnf clean all\n',
    'FROM a AS build\nRUN pip install flask\nFROM b\nCOPY --from=build /x /x\n',
  ])
    expect([text, unbuilt(text).applied]).toEqual([text, []]);
});

test('a home that is said to be the one that root has is that', () => {
  for (const line of ['ENV HOME=/root', 'ENV XDG_CACHE_HOME=/srv'])
    expect(unbuilt(`FROM a\n${line}\nRUN npm ci\n`).applied).toHaveLength(1);
});

test('conda that never ran leaves as a rule what it unpacked', () => {
  const proposed = (run: string) => unbuilt(`FROM a\nRUN ${run}\n`).draft.source.text;
  expect(proposed('conda env create -f a.yml')).toBe(
    'FROM a\nRUN conda env create -f a.yml && conda clean -afy\n',
  );
  for (const run of ['conda info', 'conda install -y numpy && conda clean -a'])
    expect(proposed(run)).toBe(`FROM a\nRUN ${run}\n`);
});
