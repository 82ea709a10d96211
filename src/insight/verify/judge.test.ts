import { describe, expect, test } from 'bun:test';
import type { Digest } from '../../core/index.ts';
import type { Entry, ImageConfig } from '../../oci/image/index.ts';
import type { Allowance, ObservedImage } from '../optimize/index.ts';
import { judge } from './judge.ts';
import { noiseOf, noisyPaths } from './noise.ts';
import type { Verdict } from './types.ts';

const digest = (text: string) => `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0')}` as Digest;

function file(path: string, content: string, more: Partial<Entry> = {}): Entry {
  return {
    ...{ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 1 },
    ...{ digest: digest(content), ...more },
  };
}

const plain = (path: string, type: Entry['type'], more: Partial<Entry> = {}): Entry => ({
  ...{ path, type, mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 1 },
  ...more,
});
const dir = (path: string, more: Partial<Entry> = {}) => plain(path, 'dir', more);

function image(layers: readonly (readonly Entry[])[], config: ImageConfig['config'] = {}): ObservedImage {
  return {
    imageId: digest('image'),
    config: { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] }, config },
    diffIds: layers.map((entries) => digest(JSON.stringify(entries).slice(0, 20))),
    tables: layers.map((entries) => ({ entries })),
    ...{ bytes: 0, sent: 0 },
  };
}

interface Given {
  /** Builds of the original: layers of each. */
  readonly original: readonly (readonly Entry[])[];
  readonly rewritten: readonly (readonly Entry[])[];
  readonly allows?: readonly Allowance[];
  readonly normalised?: readonly string[];
  readonly noiseNormalised?: readonly string[];
}

const meaningless = (paths: readonly string[] = []) => new Map(paths.map((path) => [path, 'times']));

function verdict({ original, rewritten, allows = [], normalised, noiseNormalised }: Given): Verdict {
  const [first, ...others] = original.map((entries) => image([entries]));
  const noise = noiseOf(
    first!,
    others.map((one) => ({ image: one, normalised: meaningless(noiseNormalised) })),
  );
  return judge(first!, image(rewritten), { noise, allows, normalised: meaningless(normalised) });
}

const found = ({ files, noise }: Verdict) => ({
  files: files.map(({ path, kind, aspects }) => [kind, path, ...aspects].join(' ')),
  noise,
});

test('what only comes along with a change is counted to the one that means it', () => {
  const along = { what: 'files', change: 'removed', below: 'cache', incidental: true } as const;
  const meant = { what: 'files', change: 'removed', below: 'cache/a' } as const;
  const original = [file('cache/a/x', '1'), file('cache/b', '22'), file('kept', '3')];
  const { same, allowed } = verdict({
    ...{ original: [original], rewritten: [[file('kept', '3')]], allows: [along, meant] },
  });
  expect(same).toBe(true);
  // With the directories that they were in.
  expect(allowed).toEqual([
    { allowance: along, paths: 2, bytes: 2 },
    { allowance: meant, paths: 2, bytes: 1 },
  ]);
});

test('exactly the paths that a change names may be missing', () => {
  const allows = [{ what: 'paths', change: 'removed', of: 'a compiler', paths: ['bin/cc', 'lib'] }] as const;
  const original = [dir('bin'), file('bin/cc', '1'), file('bin/sh', '2'), dir('lib'), file('lib/a', '3')];
  const same = verdict({
    original: [original, original],
    rewritten: [[dir('bin'), file('bin/sh', '2')]],
    allows,
  });
  expect(found(same).files).toEqual(['removed lib/a']);
  expect(same.allowed).toEqual([{ allowance: allows[0], paths: 2, bytes: 1 }]);
});

describe('directories that held nothing but what may be missing', () => {
  const allows = [
    { what: 'files', change: 'removed', below: 'c/tool/a' },
    { what: 'paths', change: 'removed', of: 'empty', paths: ['c', 'c/tool'], emptied: true },
  ] as const;
  const cache = [dir('c'), dir('c/tool'), dir('c/tool/a'), file('c/tool/a/x', '1'), file('kept', '2')];
  const without = [file('kept', '2')];

  test('may be missing too', () => {
    const { same, allowed } = verdict({ original: [cache], rewritten: [without], allows });
    expect(same).toBe(true);
    expect(allowed).toEqual([
      { allowance: allows[1], paths: 2, bytes: 0 },
      { allowance: allows[0], paths: 2, bytes: 1 },
    ]);
  });

  test('may not, with all above them, where anything else lay there', () => {
    const original = [...cache, file('c/tool/other', '3')];
    const refused = verdict({ original: [original], rewritten: [without], allows });
    expect(found(refused).files).toEqual(['removed c', 'removed c/tool', 'removed c/tool/other']);
  });

  test('may not where what else lay there differs between builds of the original as well', () => {
    const original = [[...cache, file('c/log', '3')], cache];
    const refused = verdict({ original, rewritten: [without], allows });
    expect(found(refused)).toEqual({ files: ['removed c'], noise: ['c/log'] });
  });

  test('may not where nothing lay there, or nothing was said of them', () => {
    const bare = [dir('d'), dir('e'), file('kept', '2')];
    const emptied = [{ ...allows[1], paths: ['d'] }];
    expect(found(verdict({ original: [bare], rewritten: [without], allows: emptied })).files).toEqual([
      'removed d',
      'removed e',
    ]);
  });
});

describe('what containers see', () => {
  const base = [dir('d'), file('d/a', '1'), file('b', '2')];

  test('is the same, however it is spread over layers, and whatever the times', () => {
    const rewritten = [
      [file('b', 'old'), file('gone', '')],
      [file('b', '2', { mtime: 9 }), plain('gone', 'whiteout')],
      [dir('d', { mtime: 7 }), file('d/a', '1')],
    ];
    expect(verdict({ original: [base], rewritten }).same).toBe(true);
  });

  test('is not, for each thing that may be another one', () => {
    for (const [other, expected] of [
      [file('d/a', '2'), 'changed d/a content'],
      [file('d/a', '1', { mode: 0o755 }), 'changed d/a mode'],
      [file('d/a', '1', { gid: 1 }), 'changed d/a owner'],
      [file('d/a', '1', { xattrs: { 'user.x': 'eA==' } }), 'changed d/a attributes'],
      [plain('d/a', 'fifo'), 'changed d/a type'],
      [dir('d', { mode: 0o700 }), 'changed d mode'],
      [dir('', { mode: 0o700 }), 'changed  mode'],
      [dir('', { uid: 5 }), 'changed  owner'],
      [file('n', ''), 'added n'],
      [plain('b', 'whiteout'), 'removed b'],
    ] as const) {
      const result = verdict({ original: [base], rewritten: [base, [other]] });
      expect(found(result)).toEqual({ files: [expected], noise: [] });
      expect(result.same).toBe(false);
    }
  });

  test('the root directory as it is where no layer lists it', () => {
    expect(verdict({ original: [[dir(''), ...base]], rewritten: [base] }).same).toBe(true);
  });

  test('which names are those of one file', () => {
    const linked = [file('a', '1'), plain('b', 'hardlink', { link: 'a', mode: 0o644 }), file('c', '1')];
    const apart = [file('a', '1'), file('b', '1'), file('c', '1')];
    expect(verdict({ original: [linked], rewritten: [linked] }).same).toBe(true);
    expect(found(verdict({ original: [linked], rewritten: [apart] })).files).toEqual([
      'changed a link',
      'changed b link',
    ]);
    const allows: Allowance[] = ['a', 'b'].map((below) => ({
      ...({ what: 'files', change: 'changed', below, aspects: ['link'] } as const),
    }));
    expect(verdict({ original: [linked], rewritten: [apart], allows }).same).toBe(true);
    // A name that is gone is told as that, and once.
    expect(
      found(verdict({ original: [linked], rewritten: [[file('a', '1'), file('c', '1')]] })).files,
    ).toEqual(['removed b']);
  });

  test('the config, but for what may change of it', () => {
    const before = image([base], { Env: ['A=1'], Cmd: ['x'], Labels: { v: '1' } });
    const after = image([base], { Env: ['A=2'], Cmd: ['x'], Labels: { v: '1', maintainer: 'm' } });
    const noise = noiseOf(before, []);
    const options = { noise, allows: [{ what: 'config', key: 'Label maintainer' }] as const };
    expect(judge(before, after, options)).toMatchObject({ same: false, config: [{ what: 'Env A' }] });
  });
});

describe('noise', () => {
  test('is what differs between builds of the original; kind, mode and owner count all the same', () => {
    const original = [[file('log', '1')], [file('log', '22')]];
    expect(found(verdict({ original, rewritten: [[file('log', '333')]] }))).toEqual({
      files: [],
      noise: ['log'],
    });
    expect(found(verdict({ original, rewritten: [[file('log', '3', { mode: 0o600 })]] })).files).toEqual([
      'changed log content mode',
    ]);
    expect(found(verdict({ original, rewritten: [[plain('log', 'symlink', { link: 'x' })]] })).files).toEqual(
      ['changed log type'],
    );
    expect(found(verdict({ original, rewritten: [[]] })).files).toEqual(['removed log']);
  });

  test('an owner that varies is one of those that were seen', () => {
    const original = [[file('f', '1', { uid: 1 })], [file('f', '1', { uid: 2 })]];
    expect(verdict({ original, rewritten: [[file('f', '1', { uid: 2 })]] }).same).toBe(true);
    expect(verdict({ original, rewritten: [[file('f', '1', { uid: 3 })]] }).same).toBe(false);
  });

  test('is not what can be compared after all', () => {
    const original = [[file('m.pyc', '1')], [file('m.pyc', '2')]];
    const given = { original, rewritten: [[file('m.pyc', '3')]], noiseNormalised: ['m.pyc'] };
    expect(verdict({ ...given, normalised: ['m.pyc'] })).toMatchObject({
      ...{ same: true, noise: [] },
      normalised: [{ path: 'm.pyc', leftOut: 'times' }],
    });
    expect(verdict(given).same).toBe(false);
  });

  test('what is there at times may be there or not, as it was', () => {
    const original = [[file('a', '')], [file('a', ''), file('sometimes', '1', { mode: 0o600 })]];
    const with_ = (mode: number) => [[file('a', ''), file('sometimes', '2', { mode })]];
    expect(verdict({ original, rewritten: with_(0o600) }).same).toBe(true);
    expect(verdict({ original, rewritten: with_(0o644) }).same).toBe(false);
    const reverse = { original: [...original].reverse(), rewritten: [[file('a', '')]] };
    expect(verdict(reverse).same).toBe(true);
  });

  test('names that are other ones each time: as many, of the same form, with the same below them', () => {
    const tmp = (name: string, content = 'x') => [
      dir('tmp'),
      dir(`tmp/build-${name}`),
      file(`tmp/build-${name}/log`, content),
    ];
    const original = [tmp('a8f3'), tmp('77c1')];
    expect(found(verdict({ original, rewritten: [tmp('09ee')] }))).toEqual({
      files: [],
      noise: ['tmp/build-09ee', 'tmp/build-09ee/log', 'tmp/build-a8f3', 'tmp/build-a8f3/log'],
    });
    // The original's own, of the second build: steps may be taken from the cache.
    expect(verdict({ original, rewritten: [tmp('77c1')] }).same).toBe(true);
    expect(verdict({ original, rewritten: [tmp('09ee', 'other')] }).same).toBe(false);
    expect(verdict({ original, rewritten: [[...tmp('09ee'), dir('tmp/build-1111')]] }).same).toBe(false);
    expect(verdict({ original, rewritten: [[dir('tmp'), file('tmp/build-09ee', '')]] }).same).toBe(false);
    expect(verdict({ original, rewritten: [tmp('longer0')] }).same).toBe(false);
    expect(verdict({ original, rewritten: [[dir('tmp')]] }).same).toBe(false);
    // Contents that vary as well say nothing; elsewhere the same names would be something else.
    const varying = [tmp('a8f3', '1'), tmp('77c1', '2')];
    expect(verdict({ original: varying, rewritten: [tmp('09ee', '3')] }).same).toBe(true);
    expect(found(verdict({ original, rewritten: [[...tmp('a8f3'), file('build-09ee', '')]] })).files).toEqual(
      ['added build-09ee'],
    );
  });

  test('all paths of it', () => {
    const noise = noiseOf(image([[file('a', '1'), file('b', '1')]]), [
      { image: image([[file('a', '2'), file('c', '1')]]), normalised: new Map() },
    ]);
    expect([...noisyPaths(noise)].sort()).toEqual(['a', 'b', 'c']);
  });
});

test('what a rewrite said it would change', () => {
  const original = [[dir('var'), file('var/x.log', '12345'), file('var/y', '1')]];
  const allows: Allowance[] = [{ what: 'files', change: 'removed', below: 'var/*.log' }];
  const result = verdict({ original, rewritten: [[dir('var')]], allows });
  expect(found(result).files).toEqual(['removed var/y']);
  expect(result.allowed).toEqual([{ allowance: allows[0]!, paths: 1, bytes: 5 }]);
});
