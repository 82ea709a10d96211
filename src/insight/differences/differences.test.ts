import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Digest } from '../../core/index.ts';
import type { Entry, ImageConfig, TableOfContents } from '../../oci/image/index.ts';
import { sameInstructions } from './causes.ts';
import { compareConfigs } from './config.ts';
import { compareFiles } from './files.ts';
import { groupChanges } from './groups.ts';
import { comparePackages, type OwnPackage } from './packages.ts';
import type { FileChange } from './types.ts';

const digest = (text: string) => `sha256:${text.padEnd(64, '0')}` as Digest;

function file(path: string, content: string, more: Partial<Entry> = {}): Entry {
  return {
    ...{ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 1 },
    ...{ digest: digest(Buffer.from(content).toString('hex')), ...more },
  };
}

const plain = (path: string, type: Entry['type'], more: Partial<Entry> = {}): Entry => ({
  ...{ path, type, mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 1 },
  ...more,
});
const dir = (path: string, more: Partial<Entry> = {}) => plain(path, 'dir', more);

type Layers = Readonly<Record<string, readonly Entry[]>>;

/** Layers by names, which stand for their ids. */
function stack(layers: Layers) {
  return {
    diffIds: Object.keys(layers).map((name) => digest(Buffer.from(name).toString('hex'))),
    tables: Object.values(layers).map((entries): TableOfContents => ({ entries })),
  };
}

function told(changes: readonly FileChange[]): string[] {
  return changes.map(({ path, kind, aspects, cause }) =>
    [kind, path, ...aspects, `${cause.side}:${cause.layer}`].join(' '),
  );
}

const base = [dir('etc'), file('etc/a', 'a'), file('etc/b', 'b'), dir('lib'), file('lib/x', 'x')];

describe('files', () => {
  test('what was added, removed and changed, and by which layer', () => {
    const before = stack({ base, old: [file('only-before', '1')] });
    const after = stack({
      base,
      one: [dir('etc'), file('etc/a', 'A!'), plain('etc/b', 'whiteout')],
      two: [dir('etc'), file('etc/c', 'c'), file('lib/x', 'x', { mode: 0o600, uid: 5 })],
      three: [plain('gone', 'whiteout'), file('late', '1')],
    });
    const { changes, ...rest } = compareFiles(before, after);
    expect(told(changes)).toEqual([
      'changed etc/a content after:1',
      'removed etc/b after:1',
      'added etc/c after:2',
      'added late after:3',
      'changed lib/x mode owner after:2',
      'removed only-before before:1',
    ]);
    expect(rest).toEqual({
      ...{ timesOnly: 0, same: 2 },
      before: { files: 4, bytes: 4 },
      after: { files: 4, bytes: 5 },
    });
  });

  test('times alone are counted, and hide nothing else', () => {
    const after = stack({
      base: [dir('etc', { mtime: 9 }), file('etc/a', 'a', { mtime: 9 }), ...base.slice(2)],
    });
    const { changes, timesOnly } = compareFiles(stack({ other: base }), after);
    expect(changes).toEqual([]);
    expect(timesOnly).toBe(2);
  });

  test('a directory that later layers list again is of the one that said so first', () => {
    const after = stack({
      base,
      chmod: [dir('etc', { mode: 0o700 })],
      copy: [dir('etc', { mode: 0o700 }), file('etc/n', 'n')],
    });
    expect(told(compareFiles(stack({ base }), after).changes)).toEqual([
      'changed etc mode after:1',
      'added etc/n after:2',
    ]);
  });

  test('a later change of owner takes nobody his addition', () => {
    const after = stack({
      base,
      install: [file('n', 'n'), file('etc/a', 'new')],
      chown: [file('n', 'n', { uid: 7 }), file('etc/a', 'new', { uid: 7 }), file('etc/b', 'b', { uid: 7 })],
    });
    expect(told(compareFiles(stack({ base }), after).changes)).toEqual([
      'changed etc/a content owner after:1',
      'changed etc/b owner after:2',
      'added n after:1',
    ]);
  });

  test('what is deleted and made again is of the one that made it again', () => {
    const after = stack({
      base,
      make: [file('n', 'n')],
      remove: [plain('n', 'whiteout')],
      again: [file('n', 'n')],
    });
    expect(told(compareFiles(stack({ base }), after).changes)).toEqual(['added n after:3']);
  });

  test('a deletion that only the first image made is its own', () => {
    const before = stack({ base, rm: [plain('lib', 'whiteout')], more: [file('y', 'y')] });
    expect(told(compareFiles(before, stack({ base })).changes)).toEqual([
      'added lib before:1',
      'added lib/x before:1',
      'removed y before:2',
    ]);
  });

  test('a file in place of a directory takes away what was in it', () => {
    const after = stack({ base, swap: [file('lib', 'now a file')] });
    expect(told(compareFiles(stack({ base }), after).changes)).toEqual([
      'changed lib type after:1',
      'removed lib/x after:1',
    ]);
  });

  test('an image has no differences to itself, and two have the same both ways', () => {
    const name = fc.constantFrom('a', 'b', 'd/a', 'd/b', 'd/e/f');
    const entry = fc.oneof(
      fc.tuple(name, fc.string({ maxLength: 3 })).map(([path, text]) => file(path, text)),
      name.map((path) => plain(path, 'whiteout')),
    );
    const layers = fc
      .array(
        fc
          .uniqueArray(entry, { maxLength: 4, selector: ({ path }) => path })
          .map((entries) =>
            entries.filter(({ path }) => !entries.some((one) => one.path.startsWith(`${path}/`))),
          ),
        { minLength: 1, maxLength: 4 },
      )
      .map((list) =>
        stack(Object.fromEntries(list.map((entries, i) => [`${i} ${JSON.stringify(entries)}`, entries]))),
      );
    fc.assert(
      fc.property(layers, layers, (a, b) => {
        expect(compareFiles(a, a).changes).toEqual([]);
        const there = compareFiles(a, b);
        const back = compareFiles(b, a);
        const opposite = { added: 'removed', removed: 'added', changed: 'changed' } as const;
        expect(back.changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual(
          there.changes.map(({ path, kind }) => `${opposite[kind]} ${path}`),
        );
        for (const { cause } of there.changes) {
          const side = cause.side === 'before' ? a : b;
          expect(side.diffIds[cause.layer]).toBeDefined();
        }
        const grown = there.changes.reduce((sum, one) => sum + one.afterBytes - one.beforeBytes, 0);
        expect(grown).toBe(there.after.bytes - there.before.bytes);
      }),
      { numRuns: 200 },
    );
  });
});

test('a directory that came as a whole is shown as one, the largest first', () => {
  const after = stack({
    base,
    venv: [
      dir('venv'),
      dir('venv/lib'),
      file('venv/lib/a', 'aaaa'),
      file('venv/b', 'b'),
      file('venv-x', 'xxxxxxxx'),
    ],
    more: [file('venv/c', 'c')],
  });
  const groups = groupChanges(compareFiles(stack({ base }), after).changes);
  expect(groups.map(({ cause, added, shown }) => [cause.layer, added, shown.length])).toEqual([
    [1, 3, 2],
    [2, 1, 1],
  ]);
  expect(groups[0]!.shown.map(({ change, files, afterBytes }) => [change.path, files, afterBytes])).toEqual([
    ['venv-x', undefined, 8],
    ['venv', 2, 5],
  ]);
});

test('config: variables and labels one by one, secrets without their values', () => {
  const image = (config: ImageConfig['config']): ImageConfig => ({
    ...{ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] } },
    ...(config ? { config } : {}),
  });
  const before = image({
    Env: ['PATH=/bin', 'A=1', 'API_TOKEN=x'],
    Cmd: ['sh'],
    Labels: { v: '1' },
    WorkingDir: '/',
  });
  const after = image({
    Env: ['PATH=/bin', 'A=2', 'API_TOKEN=y', 'B='],
    Cmd: ['sh', '-x'],
    ExposedPorts: { '80/tcp': {} },
  });
  expect(compareConfigs(before, before)).toEqual([]);
  expect(compareConfigs(before, after)).toEqual([
    { what: 'Env A', kind: 'changed', before: '1', after: '2' },
    { what: 'Env API_TOKEN', kind: 'changed', secret: true },
    { what: 'Label v', kind: 'removed', before: '1' },
    { what: 'Cmd', kind: 'changed', before: '["sh"]', after: '["sh","-x"]' },
    { what: 'Env B', kind: 'added', after: '' },
    { what: 'ExposedPorts', kind: 'added', after: '["80/tcp"]' },
  ]);
});

test('packages: another version is a change, and the cause is the layer that brought it', () => {
  const deb = (name: string, version: string, layer: number): OwnPackage => ({
    ...({ type: 'deb', name, version, layer } as const),
    path: `db/${name}`,
  });
  const before = [
    deb('a', '1', 0),
    deb('b', '1', 0),
    deb('c', '1', 1),
    deb('d', '1', 0),
    deb('two', '1', 0),
    deb('two', '2', 0),
  ];
  const after = [
    deb('a', '1', 0),
    deb('b', '2', 2),
    deb('e', '1', 0),
    deb('new', '1', 1),
    deb('two', '2', 0),
    deb('two', '1', 0),
  ];
  expect(
    comparePackages(before, after, {
      shared: 1,
      removedBy: ({ path }) => (path === 'db/d' ? 2 : undefined),
      lostBy: ({ path }) => (path === 'db/e' ? 3 : undefined),
    }),
  ).toEqual([
    {
      type: 'deb',
      name: 'b',
      kind: 'changed',
      before: ['1'],
      after: ['2'],
      cause: { side: 'after', layer: 2 },
    },
    {
      type: 'deb',
      name: 'c',
      kind: 'removed',
      before: ['1'],
      after: [],
      cause: { side: 'before', layer: 1 },
    },
    { type: 'deb', name: 'd', kind: 'removed', before: ['1'], after: [], cause: { side: 'after', layer: 2 } },
    { type: 'deb', name: 'e', kind: 'added', before: [], after: ['1'], cause: { side: 'before', layer: 3 } },
    { type: 'deb', name: 'new', kind: 'added', before: [], after: ['1'], cause: { side: 'after', layer: 1 } },
  ]);
});

test('the same instruction in both images is one line', () => {
  const before = ['ADD base', 'RUN pip install', 'COPY . .', '', 'RUN x'];
  const after = ['ADD base', 'RUN apt', 'RUN pip install', 'COPY . .', '', 'COPY . .'];
  expect([...sameInstructions(before, after, 1)]).toEqual([
    [1, 2],
    [2, 3],
  ]);
});
