import { describe, expect, test } from 'bun:test';
import { inspectDockerfile, parseTree, resolveMount } from '../../../lang/dockerfile/index.ts';
import { PAGES } from '../pages.ts';
import { composeFlagPlace, composeFlags, flagChoices, flagsName, mountChoices } from './compose-flags.ts';
import { findFlags, flagsOf, nearestFlag } from './find-flag.ts';
import { flagAt } from './flag-at.ts';
import { MOUNT_FIELDS, MOUNT_TYPES } from './mount-texts.ts';
import { FLAGS } from './texts.ts';

const fileOf = (text: string) => ({ name: 'Dockerfile', text });

/** What the parser says that an instruction takes, when it meets a flag that is not there. */
function flagsOfParser(keyword: string): readonly string[] {
  const line = keyword === 'FROM' ? 'FROM --zzzzzzzz a' : `FROM a\n${keyword} --zzzzzzzz CMD a`;
  const { errors } = inspectDockerfile(fileOf(line));
  const hint = errors.find(({ message }) => message.includes('--zzzzzzzz'))?.hint ?? '';
  return hint.match(/--[a-z-]+/g) ?? [];
}

function mount(text: string) {
  const word = { text, span: { source: fileOf(text), start: 0, end: text.length } };
  const fields = text.split(',').map((field) => {
    const [key = '', value] = field.split('=', 2);
    return { key, text: field, ...(value === undefined ? {} : { value }) };
  });
  return resolveMount({ word, fields }, (value) => value);
}

/** The hint of the error, which names what would have been right. */
function hintFor(text: string): string {
  try {
    mount(text);
    return '';
  } catch (error) {
    return (error as { hint: string }).hint;
  }
}

describe('what is told of', () => {
  for (const { name } of PAGES.filter(({ kind }) => kind === 'instruction')) {
    test(`${name}: the flags that the parser takes`, () => {
      const told = flagsOf(name).map((flag) => flag.name);
      expect(told.toSorted()).toEqual([...flagsOfParser(name)].sort());
    });
  }

  test('mounts: the types and fields that the parser takes', () => {
    expect(hintFor('type=zzzzzzzz')).toBe(
      `it is one of ${['bind', 'cache', 'tmpfs', 'secret', 'ssh'].join(', ')}`,
    );
    expect(Object.keys(MOUNT_TYPES).sort()).toEqual(['bind', 'cache', 'secret', 'ssh', 'tmpfs']);
    const fields = hintFor('zzzzzzzz=1').replace('it takes ', '').split(', ');
    expect(MOUNT_FIELDS.map(({ name }) => name).sort()).toEqual(fields.sort());
    for (const { name, aliases = [], isSwitch } of MOUNT_FIELDS) {
      for (const word of [name, ...aliases]) {
        const value = isSwitch ? '' : `=${{ type: 'ssh', sharing: 'shared' }[name] ?? '1'}`;
        const type = { sharing: 'cache', size: 'tmpfs' }[name] ?? (name === 'readonly' ? 'bind' : 'ssh');
        expect(mount(`type=${type},${word}${value}`)).toBeDefined();
      }
    }
  });

  for (const { name, of, example, texts } of FLAGS) {
    test(`${of.join(', ')} ${name}: an example that can be read, sentences in both languages`, () => {
      const text = example.startsWith('FROM') ? example : `FROM a AS build\n${example}`;
      const { dockerfile, errors } = inspectDockerfile(fileOf(text));
      expect(errors).toEqual([]);
      const { clause } = dockerfile.instructions.at(-1)!.node;
      expect(of).toContain(clause.keyword.text);
      expect(clause.flags.map((flag) => `--${flag.name}`)).toContain(name);
      for (const { title, text } of Object.values(texts)) {
        expect(title).toMatch(/[^.]$/);
        expect(text).toMatch(/\.$/);
      }
    });
  }
});

describe('asking for flags', () => {
  test.each([
    ['COPY --chown', 'COPY --chown'],
    ['copy --CHOWN=1:2 --link', 'COPY --chown --link'],
    ['--chown', 'COPY, ADD --chown'],
    ['FROM --platform=$BUILDPLATFORM', 'FROM --platform'],
  ])('%s', (words, name) => {
    const found = findFlags(words.split(' '))!;
    expect(flagsName(found)).toBe(name);
    expect(composeFlags(found, 'en')).toStartWith(`# ${name.split(' --').slice(0, 2).join(' --')}: `);
    expect(composeFlags(found, 'fr')).toContain('\u00a0: ');
  });

  test.each([
    ['COPY --lnik', 'COPY --link'],
    ['RUN --chown', 'COPY --chown'],
    ['--chonw', '--chown'],
    ['COPY --constructor', undefined],
    ['COPY chown', undefined],
    ['COPY', undefined],
    ['', undefined],
  ])('%s is not there', (words, suggestion) => {
    expect(findFlags(words.split(' '))).toBeUndefined();
    expect(nearestFlag(words.split(' '))).toBe(suggestion);
  });
});

/** What is at the bar: its heading, and the text that it is about. */
function at(marked: string): readonly [string, string] | undefined {
  const source = fileOf(marked.replace('|', ''));
  const found = flagAt(source, marked.indexOf('|'));
  if (!found) return undefined;
  return [`${found.keyword} ${found.name}`, source.text.slice(found.start, found.end)];
}

describe('the flag at a place', () => {
  test.each([
    ['COPY --ch|own=a --link x /y', 'COPY --chown', '--chown=a'],
    ['COPY --chown=a |--link x /y', 'COPY --link', '--link'],
    ['add \\\n  --unpack=tr|ue \\\n x /y', 'ADD --unpack', '--unpack=true'],
    ['ONBUILD COPY --fr|om=b x /y', 'COPY --from', '--from=b'],
    ['HEALTHCHECK --inter|val=1s CMD x', 'HEALTHCHECK --interval', '--interval=1s'],
    ['RUN --mo|unt=type=cache,target=/x y', 'RUN --mount', '--mount=type=cache,target=/x'],
    ['RUN --mount=ty|pe=cache,target=/x y', 'RUN --mount=type=cache', 'type=cache'],
    ['RUN --mount=type=cache,tar|get=/x y', 'RUN --mount=…,target', 'target=/x'],
    ['RUN --mount=type=cache,"ds|t=/a,b" y', 'RUN --mount=…,target', 'dst=/a,b"'],
    ['RUN --mount=type=cache,\\\nr|o,id=1 y', 'RUN --mount=…,readonly', 'ro'],
    ['RUN --mount=type=constru|ctor y', 'RUN --mount=…,type', 'type=constructor'],
    ['RUN --mount=type=cache|,target=/x y', 'RUN --mount', '--mount=type=cache,target=/x'],
    ['RUN --mount=constru|ctor=1 y', 'RUN --mount', '--mount=constructor=1'],
  ])('%j', (text, name, words) => {
    expect(at(`FROM a\n${text}\n`)).toEqual([name, words]);
  });

  test.each([
    'CO|PY --chown=a x /y',
    'COPY --chown=a| x /y',
    'COPY --chow|m=a x /y',
    'RUN x --net|work=none',
    'COPY --chown=a x /|y',
    'RUN <<E\n--net|work\nE',
    '# COPY --ch|own',
    '|',
  ])('%j: none', (text) => {
    expect(at(`FROM a\n${text}`)).toBeUndefined();
  });

  test('is told in short', () => {
    const source = fileOf('FROM a\nRUN --mount=type=cache,sharing=locked x');
    const place = flagAt(source, source.text.indexOf('sharing'))!;
    expect(composeFlagPlace(place, 'en')).toMatch(
      /^\*\*RUN --mount=…,sharing: .*\*\*\n\n`shared`.*\n\nSee also:/,
    );
    expect(composeFlagPlace(place, 'fr')).toContain('`mille explain run-mount`');
  });

  test('never fails', () => {
    const source = fileOf('FROM a\nRUN --mount=\nCOPY --\nRUN --mount=,,"\nADD --checksum\nONBUILD ONBUILD');
    const tree = parseTree(source);
    expect(tree.nodes.length).toBeGreaterThan(0);
    for (let i = -1; i <= source.text.length + 1; i++) flagAt(source, i);
  });
});

test('choices say whether a value follows', () => {
  expect(flagChoices('copy', 'en').map(({ name }) => name)).toContain('--link');
  expect(flagChoices('copy', 'en').map(({ name }) => name)).toContain('--chown=');
  expect(flagChoices('CMD', 'en')).toEqual([]);
  const { types, fields } = mountChoices('fr');
  expect(types).toHaveLength(5);
  expect(fields.map(({ name }) => name)).toContain('required');
  expect(fields.map(({ name }) => name)).toContain('target=');
});
