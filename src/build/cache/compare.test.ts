import { describe, expect, test } from 'bun:test';
import { fileInput, type NamedInput } from '../graph/index.ts';
import { differences, type ParentName, wordReasons } from './compare.ts';

const digest = (char: string) => `sha256:${char.repeat(64)}`;
const file = (path: string, char = 'a', mode = 0o644) =>
  fileInput(path, { type: 'file', mode, uid: 0, gid: 0, digest: digest(char) });
const dir = (path: string) => fileInput(path, { type: 'dir', mode: 0o755, uid: 0, gid: 0 });
const link = (path: string, target: string) =>
  fileInput(path, { type: 'symlink', mode: 0o777, uid: 0, gid: 0, link: target });
const arg = (name: string, value: string): NamedInput => ({ kind: 'argument', name, value });
const env = (name: string, value: string): NamedInput => ({ kind: 'environment', name, value });
const run = (text: string): NamedInput => ({ kind: 'instruction', name: 'RUN', value: text });
const parent = (value: string): NamedInput => ({ kind: 'parent', name: '', value });
const one = (kind: NamedInput['kind'], name: string, value: string): NamedInput => ({ kind, name, value });

describe('wording of differences', () => {
  test.each<[readonly NamedInput[], readonly NamedInput[], readonly string[]]>([
    [[file('requirements.txt')], [file('requirements.txt', 'b')], ['requirements.txt changed']],
    [[], [file('static/a.png')], ['static/a.png added']],
    [[file('b')], [], ['b removed']],
    [[file('run.sh')], [file('run.sh', 'a', 0o755)], ['mode of run.sh: 644 → 755']],
    [
      [fileInput('a', { type: 'file', mode: 0o644, uid: 0, gid: 0, digest: digest('a') })],
      [fileInput('a', { type: 'file', mode: 0o644, uid: 7, gid: 8, digest: digest('a') })],
      ['owner of a: 0:0 → 7:8'],
    ],
    [[file('a')], [dir('a')], ['a: was a file, now a directory']],
    [[link('a', 'x')], [link('a', 'y')], ['link a: "x" → "y"']],
    [[dir('')], [], ['. removed']],
    [[file('a\nb')], [file('a\nb', 'b')], ['a\\nb changed']],
    [
      [file('a'), file('b'), file('c')],
      [file('a', 'x'), file('b', 'x'), file('d')],
      ['a, b and 2 more files changed'],
    ],
    [[file('a')], [file('a', 'x'), file('b'), file('c')], ['a changed', 'b added', 'c added']],
    [[], ['1', '2', '3', '4', '5'].map((name) => file(name)), ['1, 2 and 3 more files added']],
    [[arg('VERSION', '1')], [arg('VERSION', '2')], ['build argument VERSION: 1 → 2']],
    [[], [arg('VERSION', '2')], ['build argument VERSION is new: 2']],
    [[arg('VERSION', '2')], [], ['build argument VERSION is no longer set']],
    [[arg('V', '')], [arg('V', 'a b')], ["build argument V: '' → a b"]],
    [
      [one('commit', 'https://h/x.git#main', 'a'.repeat(40))],
      [one('commit', 'https://h/x.git#main', 'b'.repeat(40))],
      ['commit of https://h/x.git#main changed: aaaaaaa → bbbbbbb'],
    ],
    [
      [one('commit', 'https://h/x.git#main', 'a'.repeat(40))],
      [one('commit', 'https://h/x.git#dev', 'b'.repeat(40))],
      ['https://h/x.git#dev is new', 'https://h/x.git#main is no longer taken'],
    ],
    [[env('PATH', '/a')], [env('PATH', '/b')], ['environment PATH: /a → /b']],
    [[env('X', 'a\x1b[2J')], [env('X', 'b')], ['environment X: a\\x1b[2J → b']],
    [
      [arg('NPM_TOKEN', '#0123456789abcdef')],
      [arg('NPM_TOKEN', '#1123456789abcdef')],
      ['build argument NPM_TOKEN changed'],
    ],
    [[], [arg('DB_PASSWORD', '#0123456789abcdef')], ['build argument DB_PASSWORD is new']],
    [[run('a')], [run('b')], ['instruction edited']],
    [[run('a'), file('x')], [run('b'), file('y')], ['instruction edited']],
    [
      [run('a'), parent('1')],
      [run('b'), parent('2')],
      ['instruction edited', 'the step before it changed: [1/2] RUN x'],
    ],
    [[one('user', '', '')], [one('user', '', 'app')], ['user: root → app']],
    [[one('workdir', '', '/')], [one('workdir', '', '/app')], ['working directory: / → /app']],
    [[one('option', 'chown', '1')], [one('option', 'chown', '2')], ['--chown: 1 → 2']],
    [[], [one('option', 'exclude 0', '*.md')], ['--exclude=*.md added']],
    [[], [one('option', 'link', 'true')], ['--link added']],
    [
      [one('option', 'SOURCE_DATE_EPOCH', '1')],
      [one('option', 'SOURCE_DATE_EPOCH', '2')],
      ['SOURCE_DATE_EPOCH: 1 → 2'],
    ],
    [[], [one('mount', '0 /cache', '["cache"]')], ['mount /cache added']],
  ])('%j → %j', (before, after, expected) => {
    const step: ParentName = { kind: 'step', title: '[1/2] RUN x' };
    expect(wordReasons(differences(before, after), step).map((reason) => reason.text)).toEqual([...expected]);
  });

  test.each<[string, string, string, string]>([
    ['RUN', '[["/bin/sh","-c","x"],null]', '[["bash","-c","x"],null]', 'SHELL changed'],
    ['RUN', '[["/bin/sh","-c","x"],null]', '[["/bin/sh","-c","y"],null]', 'here-document changed'],
    ['RUN', '[["/bin/sh","-c","/f"],"x"]', '[["/bin/sh","-c","/f"],"y"]', 'here-document changed'],
    ['COPY', '[["a"],"/d/"]', '[["a"],"/e/"]', 'the destination changed'],
    ['ADD', '[["a"],"/d/"]', '[["b"],"/d/"]', 'what its sources expand to changed'],
    ['WORKDIR', '/a', '/b', 'the path changed'],
    ['RUN', '#0123456789abcdef', '#1123456789abcdef', 'SHELL or here-document changed'],
    ['COPY', '#0123456789abcdef', '[["b"],"/d/"]', 'what it expands to changed'],
  ])('%s, the same line: %s → %s', (keyword, before, after, expected) => {
    const found = differences([one('instruction', keyword, before)], [one('instruction', keyword, after)]);
    expect(wordReasons(found, undefined, true).map((reason) => reason.text)).toEqual([expected]);
  });

  test('that two names are one file', () => {
    const facts = { type: 'file', mode: 0o644, uid: 0, gid: 0, digest: digest('a') } as const;
    const [own, shared] = [fileInput('b', facts), fileInput('b', { ...facts, sameAs: 'x "y"' })];
    const text = (before: NamedInput, after: NamedInput) =>
      wordReasons(differences([before], [after]))[0]?.text;
    expect(text(own, shared)).toBe('b: now a hard link to x "y"');
    expect(text(shared, own)).toBe('b: was a hard link to x "y", now a file of its own');
    expect(text(shared, fileInput('b', { ...facts, mode: 0o600, sameAs: 'x "y"' }))).toBe(
      'mode of b: 644 → 600',
    );
  });

  test('a time, where it counts', () => {
    const at = (time: number | undefined) =>
      fileInput('b', {
        type: 'file',
        mode: 0o644,
        uid: 0,
        gid: 0,
        digest: digest('a'),
        sameAs: 'c',
        ...(time === undefined ? {} : { time }),
      });
    const text = (before?: number, after?: number) =>
      wordReasons(differences([at(before)], [at(after)]))[0]?.text;
    expect(text(1e9, 0)).toBe('time of b: 2001-09-09T01:46:40Z → 1970-01-01T00:00:00Z');
    expect(text(undefined, -1)).toBe('time of b: a later one → 1969-12-31T23:59:59Z');
    expect(text(0, -1e15)).toBe('time of b: 1970-01-01T00:00:00Z → -1000000000000000');
  });

  test('a parent that counts no longer, or now does, is no news beside the flag', () => {
    const found = differences([parent('1')], [one('option', 'link', 'true')]);
    expect(wordReasons(found).map((reason) => reason.text)).toEqual(['--link added']);
  });

  test('a changed base image is named', () => {
    const found = differences([parent('1')], [parent('2')]);
    expect(wordReasons(found, { kind: 'base', title: 'python:3.11' })).toEqual([
      { kind: 'parent', subject: 'python:3.11', text: 'base image python:3.11 changed' },
    ]);
    expect(wordReasons(found)[0]?.text).toBe('the step before it changed');
    expect(wordReasons(found, { kind: 'stage', title: 'build' })[0]?.text).toBe('stage build changed');
    const earlier: ParentName = { kind: 'earlier-step', title: '[1/2] RUN x' };
    expect(wordReasons(found, earlier)[0]?.text).toBe('an earlier step changed: [1/2] RUN x');
  });
});
