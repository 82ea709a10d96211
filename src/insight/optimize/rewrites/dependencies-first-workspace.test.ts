// Dependencies first in workspaces: the manifests of members, by lines or by one pattern.

import { describe, expect, test } from 'bun:test';
import { type EvidenceOptions, evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import type { RewriteExample } from '../rewrite.ts';
import { dependenciesFirst } from './dependencies-first.ts';

type Given = Omit<RewriteExample, 'after'>;

function rewritten(given: Given, options: EvidenceOptions = {}): string {
  const { draft, around } = evidenceFor({ ...given, after: '' }, options);
  return propose(draft, around, { rewrites: [dependenciesFirst] }).draft.source.text;
}

describe('of a workspace', () => {
  const members = Array.from({ length: 20 }, (_, i) => `packages/p${i}/package.json`);
  const context = ['package.json', 'package-lock.json', ...members];
  const before = 'FROM base\nWORKDIR /app\nCOPY --chown=1:1 . .\nRUN npm ci\n';
  const given = (text: string, files = context): Given => ({
    before: text,
    context: Object.fromEntries([...files, 'packages/p1/a.js'].map((path) => [path, 1])),
    steps: { 4: { seconds: 9 }, 5: { seconds: 9 } },
  });
  const after = before.replace(
    'COPY --chown=1:1 . .\nRUN npm ci\n',
    'COPY --chown=1:1 --parents package.json package-lock.json packages/*/package.json ./\nRUN npm ci\nCOPY --chown=1:1 . .\n',
  );

  test('many members are one pattern, and the frontend that knows it is asked for', () => {
    expect(rewritten(given(before))).toBe(`# syntax=docker/dockerfile:1\n${after}`);
  });
  test('a frontend that is asked for stays what it is', () => {
    expect(rewritten(given(`# syntax=docker/dockerfile:1.20\n${before}`))).toBe(
      `# syntax=docker/dockerfile:1.20\n${after}`,
    );
    const old = `# syntax=docker/dockerfile:1.7\n${before}`;
    expect(rewritten(given(old))).toBe(old);
  });
  test('which frontend knows it is said', () => {
    const risk = (text: string) => {
      const { draft, around } = evidenceFor({ ...given(text), after: '' });
      return propose(draft, around, { rewrites: [dependenciesFirst] }).applied[0]?.proposal.risk;
    };
    expect(risk(before)).toContain('from its registry: COPY --parents needs 1.20 of it or newer');
    expect(risk(`# syntax=docker/dockerfile:1\n${before}`)).toContain(
      'needs docker/dockerfile 1.20 or newer',
    );
  });
  test('directories may be listed in which its members are looked for', () => {
    const files = ['package.json', 'packages/p1/package.json'];
    const moved = (install: string, ...listed: string[]) =>
      rewritten(
        {
          before: `FROM base\nWORKDIR /app\nCOPY . .\nRUN ${install}\n`,
          context: {
            'package.json': 1,
            'packages/p1/package.json': 1,
            'packages/p1/src/a.js': 1,
            'doc/a': 1,
          },
          steps: { 4: { seconds: 9, reads: files } },
        },
        { listed: { 4: listed } },
      ).includes('COPY packages/p1/package.json ./packages/p1/');
    for (const install of ['yarn install --frozen-lockfile', 'pnpm install', 'npm ci'])
      expect(moved(install, 'app/packages', 'app/packages/p1')).toBe(true);
    expect(moved('pnpm install', 'app/packages/p1/src')).toBe(false);
    expect(moved('pnpm install', 'app/doc')).toBe(false);
    expect(moved('./install', 'app/packages/p1')).toBe(false);
  });
  test('few members have a line each', () => {
    expect(rewritten(given(before, context.slice(0, 4)))).toContain(
      'COPY --chown=1:1 packages/p0/package.json ./packages/p0/\nCOPY --chown=1:1 packages/p1/package.json ./packages/p1/\nRUN npm ci\n',
    );
  });
});

describe('files that are copied by their names beside the manifests', () => {
  const given = (commits: readonly (readonly string[])[], named: string): Given => ({
    before: `FROM base\nWORKDIR /app\nCOPY package.json ${named} ./\nCOPY packages packages\nRUN npm ci\n`,
    context: { 'package.json': 9, [named]: 9, 'packages/a/package.json': 9, 'packages/a/a.js': 9 },
    steps: { 5: { seconds: 20, reads: ['package.json', 'packages/a/package.json'] } },
    commits,
  });
  const source = Array.from({ length: 10 }, () => ['packages/a/a.js']);

  test('stay where they are, if commits hardly touch them', () => {
    expect(rewritten(given(source, 'lerna.json'))).toBe(
      'FROM base\nWORKDIR /app\nCOPY package.json lerna.json ./\nCOPY packages/a/package.json packages/a/\nRUN npm ci\nCOPY packages packages\n',
    );
  });
  test('go below the install, if commits touch them often', () => {
    const both = [...source, ...Array.from({ length: 10 }, () => ['index.js'])];
    expect(rewritten(given(both, 'index.js'))).toContain(
      'RUN npm ci\nCOPY package.json index.js ./\nCOPY packages packages\n',
    );
  });
});
