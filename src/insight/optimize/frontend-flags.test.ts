// For which frontends COPY --parents is written, and which manifests become a pattern.

import { describe, expect, test } from 'bun:test';
import { asPatterns, knowsFlag } from './frontend-flags.ts';

describe('the frontend knows --parents', () => {
  test.each<[string, boolean]>([
    ['docker/dockerfile:1', true],
    ['docker/dockerfile', true],
    ['docker.io/docker/dockerfile:latest', true],
    ['mirror.example:5000/docker/dockerfile:1', true],
    ['docker/dockerfile:1.20', true],
    ['docker/dockerfile:1.21.0@sha256:0', true],
    ['docker/dockerfile:1.7-labs', true],
    ['docker/dockerfile:1.7.1-labs', true],
    ['docker/dockerfile:1-labs', true],
    ['docker/dockerfile:labs', true],
    ['docker/dockerfile-upstream:master', true],
    ['docker/dockerfile:1.6-labs', false],
    ['docker/dockerfile:1.7', false],
    ['docker/dockerfile:1.19.0', false],
    ['docker/dockerfile:1@sha256:0', false],
    ['docker/dockerfile@sha256:0', false],
    ['docker/dockerfile:experimental', false],
    ['docker/dockerfile:master-experimental', false],
    ['example/frontend:1', false],
  ])('%s: %p', (image, known) => {
    expect(knowsFlag({ name: 'Dockerfile', text: `# syntax=${image}\nFROM a\n` }, 'parents')).toBe(known);
  });
  test('--exclude is older', () => {
    const knows = (version: string, flag: 'exclude' | 'parents') =>
      knowsFlag({ name: 'Dockerfile', text: `# syntax=docker/dockerfile:${version}\nFROM a\n` }, flag);
    expect([knows('1.18', 'exclude'), knows('1.19', 'exclude'), knows('1.19', 'parents')]).toEqual([
      false,
      true,
      false,
    ]);
  });
  test('not where none is asked for', () => {
    expect(knowsFlag({ name: 'Dockerfile', text: 'FROM a\n' }, 'parents')).toBe(false);
  });
});

test.each<[string[], string[], string[]]>([
  [
    ['package.json', 'p/a/package.json', 'p/b/package.json'],
    ['p/a/x.js'],
    ['package.json', 'p/*/package.json'],
  ],
  [['p/a/package.json'], [], ['p/a/package.json']],
  [['p/a/package.json', 'p/b/package.json'], ['p/c/package.json'], ['p/a/package.json', 'p/b/package.json']],
  [['a/pom.xml', 'b/pom.xml', 'b/c/pom.xml'], [], ['*/pom.xml', 'b/c/pom.xml']],
  [['a/main.js', 'b/main.js'], [], ['a/main.js', 'b/main.js']],
])('%j besides %j: %j', (files, others, sources) => {
  expect(asPatterns(files, [...files, ...others])).toEqual(sources);
});
