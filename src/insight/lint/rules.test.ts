// Every rule by its examples, and what holds for all rules.

import { describe, expect, test } from 'bun:test';
import { type Diagnostic, MilleError } from '../../core/index.ts';
import { applyEdits } from '../../lang/dockerfile/index.ts';
import { createIgnoreMatcher, parseIgnore } from '../../lang/ignore/index.ts';
import type { ImageConfig } from '../../oci/image/index.ts';
import {
  addLines,
  BUILD_RULES,
  type ContextFacts,
  checkOptions,
  DEFAULT_LINT_OPTIONS,
  inspectForLint,
  RULES,
  type RuleExample,
  readRuns,
} from './index.ts';
import { runRules } from './run-rules.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

function look(text: string, example: RuleExample) {
  const source = { name: 'Dockerfile', text };
  return inspectForLint({
    source,
    options: { hostPlatform: HOST },
    lint: { options: { ...DEFAULT_LINT_OPTIONS, ...example.options }, readRuns, ...contextOf(example) },
    // Every image is there; those not named are empty and for the host.
    image: ({ reference }) => imageFor(example.images?.[reference] ?? 'linux/amd64'),
    ...(example.ignoreFile === undefined
      ? {}
      : { ignore: parseIgnore({ name: '.dockerignore', text: example.ignoreFile }) }),
  });
}

/** What a walk through the context finds. */
function contextOf({ context, ignoreFile }: RuleExample): { readonly context?: ContextFacts } {
  if (!context) return {};
  const ignored =
    ignoreFile === undefined
      ? () => false
      : createIgnoreMatcher(parseIgnore({ name: '.dockerignore', text: ignoreFile })).isIgnored;
  const files = Object.entries(context).map(([path, bytes]) => ({ path, bytes }));
  const parents = files.flatMap(({ path }) =>
    [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)),
  );
  return {
    context: {
      files: files.filter(({ path }) => !ignored(path)),
      directories: [...new Set(parents)].filter((path) => !ignored(path)),
      hidden: files.map(({ path }) => path).filter(ignored),
      more: false,
      ignoreFile: { path: '.dockerignore', exists: ignoreFile !== undefined },
    },
  };
}

function imageFor(platform: string): ImageConfig {
  const [os = '', architecture = ''] = platform.split('/');
  return { os, architecture, rootfs: { type: 'layers', diff_ids: [] } };
}

function find(text: string, example: RuleExample): readonly Diagnostic[] {
  const { subject, error } = look(text, example);
  // What is not so may be why a build fails.
  if (error && text === example.good) throw error;
  return runRules(RULES, subject, checkOptions(subject.dockerfile));
}

/** What the image comes to, but for the history. */
function outcome(text: string, example: RuleExample) {
  // With a line behind the last one, so that what that does is seen too.
  return look(`${text}\nSTOPSIGNAL SIGTERM`, example).subject.stages.map(
    ({ trace }) => trace.at(-1)?.before.config,
  );
}

for (const rule of RULES) {
  describe(rule.name, () => {
    for (const example of rule.examples) {
      const { bad, at, good } = example;

      test(`finds: ${bad.split('\n').at(-1)}`, () => {
        const found = find(bad, example).filter((one) => one.rule === rule.name);
        expect(found.map(({ lines }) => lines.first)).toEqual([...at]);
        for (const { span, lines, message, summary } of found) {
          expect(span.start).toBeLessThan(span.end);
          expect(lines.last).toBeGreaterThanOrEqual(lines.first);
          expect(message).not.toMatch(/\.$|\n/);
          expect(summary).toBe(rule.summary);
        }
      });

      test(`is content with: ${good.split('\n').at(-1)}`, () => {
        const { goodIgnoreFile: ignoreFile = example.ignoreFile } = example;
        const after = { ...example, ...(ignoreFile === undefined ? {} : { ignoreFile }) };
        expect(find(good, after).filter((one) => one.rule === rule.name)).toEqual([]);
      });

      test('fixes remove it and change nothing else', () => {
        const found = find(bad, example).filter((one) => one.rule === rule.name);
        const fixes = found.flatMap(({ fix }) => (fix ? [fix] : []));
        if (fixes.length === 0) return;
        const edits = fixes.flatMap((fix) => fix.edits);
        const { text } = applyEdits({ name: 'Dockerfile', text: bad }, edits);
        if (fixes.length === found.length) expect(text).toBe(good);
        const lines = fixes.flatMap(({ addedLines = [] }) => addedLines).flatMap((added) => added.lines);
        if (lines.length > 0) expect(addLines(example.ignoreFile, lines)).toBe(example.goodIgnoreFile!);
        if (fixes.every(({ fixClass }) => fixClass !== 'unsafe'))
          expect(outcome(text, example)).toEqual(outcome(bad, example));
      });
    }
  });
}

describe('all rules', () => {
  test('are well described', () => {
    for (const { name, summary, page, examples } of RULES) {
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(summary).not.toMatch(/[.\n]$/);
      expect(page.length).toBeGreaterThan(40);
      for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(125);
      expect(examples.length).toBeGreaterThan(0);
    }
  });

  test('have names of their own', () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  });

  test('have nothing to say about a file that cannot be read, but what is certain', () => {
    const { subject, error } = look('FROM scratch AS Up\nfoo\nCMD x\nMAINTAINER me', {
      bad: '',
      good: '',
      at: [],
    });
    expect(error).toBeInstanceOf(MilleError);
    const found = runRules(BUILD_RULES, subject, checkOptions({}));
    expect(found.map(({ rule }) => rule)).toEqual(['StageNameCasing', 'MaintainerDeprecated']);
  });
});

test('of the files to be copied first those are named that the context has', () => {
  const text = 'FROM node:24\nWORKDIR /srv\nCOPY . .\nRUN npm install\n';
  const said = (context: Readonly<Record<string, number>>) =>
    find(text, { bad: text, at: [3], good: text, context })
      .filter(({ rule }) => rule === 'CopyBeforeInstall')
      .map(({ message }) => message.replace(/^.*: /, ''));
  expect(said({ 'package.json': 2, 'index.js': 1 })).toEqual(['copy package.json first']);
  expect(said({ 'web/package.json': 2, 'web/package-lock.json': 2 })).toEqual([
    'copy package.json package-lock.json first',
  ]);
  expect(said({ 'index.js': 1 })).toEqual(['copy package.json package-lock.json first']);
});
