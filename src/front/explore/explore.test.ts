// The explorer without a terminal: keys in, screens out.

import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import fc from 'fast-check';
import { textWidth } from '../report/index.ts';
import { renderScreen } from './render/screen.ts';
import { entry, file, sampleImage, Trial } from './testdata/sample.ts';

/** Compares with a screen that is kept as text. MILLE_UPDATE_SCREENS=1 writes it anew: look at the difference. */
async function expectScreen(trial: Trial, name: string): Promise<void> {
  const path = join(import.meta.dir, 'testdata', `${name}.txt`);
  const text = `${trial.lines().join('\n')}\n`;
  if (process.env.MILLE_UPDATE_SCREENS === '1') await Bun.write(path, text);
  expect(text).toBe(await Bun.file(path).text());
}

describe('screens', () => {
  test('the beginning', () => expectScreen(new Trial(), 'beginning'));
  test('all open, a file chosen', () =>
    expectScreen(new Trial().keys('tab', 'E', 'down', 'down', 'o'), 'file-chosen'));
  test('what a layer did', () => expectScreen(new Trial().keys('[', 'a', 'tab', 'E'), 'layer-alone'));
  test('what is wasted', () => expectScreen(new Trial().keys('i', 'down'), 'waste'));
  test('narrow, one pane', () => expectScreen(new Trial({ columns: 50, rows: 12 }).keys('b'), 'narrow'));
  test('the help', () => expectScreen(new Trial().keys('?'), 'help'));
});

describe('the tree', () => {
  test('opens and closes, by name and by size', () => {
    const trial = new Trial().keys('tab', 'right', 'down');
    expect(trial.files()).toEqual([
      '     32MB ▾ usr/',
      '     30MB   ▸ bin/',
      '      2MB   ▸ lib/',
      ' !   12MB ▸ app/ *',
      '    120kB ▸ bin/',
      ' !  1.1kB ▸ etc/',
      '       0B   lib → usr/lib',
      ' !     0B ▸ var/ *',
    ]);
    trial.keys('s');
    expect(trial.files()[0]).toBe(' !   12MB ▸ app/ *');
    // The row that was chosen still is.
    expect(trial.keys('left', 'left').files()).toHaveLength(6);
  });

  test('only what changed, only what is wasted; escape goes back', () => {
    const trial = new Trial().keys('c');
    expect(trial.files()).toEqual([
      ' !   12MB ▾ app/ *',
      '≈!   12MB     model.bin',
      '≈!    5kB     main.py',
      ' !     0B ▾ var/ *',
      ' !     0B   ▾ lib/ *',
      ' !     0B     ▾ apt/ *',
      '-!              ▾ lists/',
      '-!    8MB           main',
    ]);
    expect(trial.keys('w', 'w').files()).toHaveLength(6);
    expect(trial.keys('c', 'escape').files()).toHaveLength(6);
  });

  test('what an earlier layer removed is not listed, and what this one removes is', () => {
    const tables = [
      { entries: [file('a', 10), file('b', 20)] },
      { entries: [entry('a', 'whiteout')] },
      { entries: [file('c', 1)] },
    ];
    const trial = new Trial(undefined, sampleImage(tables, 0));
    expect(trial.files()).toEqual(['      20B   b', '+      1B   c']);
    expect(trial.keys('[').files()).toEqual(['      20B   b', '-!    10B   a']);
    expect(trial.keys(']', 'w').files()).toEqual(['-!    10B   a']);
  });

  test('filters by words, by size, by a regular expression', () => {
    const trial = new Trial().keys('/', 'text:lib .so');
    // Directories weigh what is left of them.
    expect(trial.files()).toEqual(['      2MB ▾ usr/', '      2MB   ▾ lib/', '      2MB       libc.so']);
    trial.keys('ctrl-u', 'text:>10MB', 'enter');
    expect(trial.files().filter((line) => !line.endsWith('/') && !line.includes('/ '))).toEqual([
      '     30MB       gcc',
      '≈!   12MB     model.bin',
    ]);
    trial.keys('/', 'ctrl-u', 'ctrl-r', 'text:(passwd|sh)$');
    expect(trial.files().filter((line) => !line.endsWith('/'))).toEqual([
      '    120kB     sh',
      ' !  1.1kB     passwd',
    ]);
    expect(trial.keys('text:(', 'enter').last()).toContain('missing )');
    expect(trial.keys('escape').files()).toHaveLength(6);
    expect(new Trial().keys('/', 'text:>10XB', 'enter').last()).toContain("'10XB' is no size");
  });

  test("the base's layers are one row where that is wanted", () => {
    const trial = new Trial(undefined, sampleImage(undefined, 2)).keys('b');
    expect(trial.lines()[2]).toContain('1-2 base image, 2 layers');
    expect(trial.keys('home').state.layer).toBe(1);
    expect(trial.keys('i').state.waste!.items.every(({ piece }) => piece.scope !== 'base')).toBe(true);
  });

  test('many thousands of files are no burden', () => {
    const entries = [];
    for (let d = 0; d < 30; d++) {
      entries.push(entry(`d${d}`, 'dir'));
      for (let f = 0; f < 1000; f++) entries.push(file(`d${d}/file${f}`, f + 1, `${d} ${f}`));
    }
    const trial = new Trial(undefined, sampleImage([{ entries }, { entries: [file('d7/new', 5)] }], 0));
    const start = performance.now();
    trial.keys('tab', 'E', 'end', 'pageup', 'home', 's', '[', ']', '/', 'text:file99', 'escape', 'C').lines();
    // Nineteen pictures' worth of work; generous, for busy machines.
    expect(performance.now() - start).toBeLessThan(8000);
    expect(trial.keys('E').state.tree.rows.nodes).toHaveLength(30_031);
    const moves = performance.now();
    for (let i = 0; i < 100; i++) trial.keys('down').lines();
    expect((performance.now() - moves) / 100).toBeLessThan(100);
  });
});

describe('files', () => {
  const content = (trial: Trial, bytes: Uint8Array, size = bytes.length) => {
    const wanted = trial.effects.at(-1)!;
    if (wanted.type !== 'read') throw new Error(`not ${wanted.type}`);
    return trial.send({ type: 'content', node: wanted.node, version: wanted.version, bytes, size });
  };
  const open = (path: string) => {
    const trial = new Trial().keys('tab', 'E', '/', `text:${path}`, 'enter');
    while (!trial.files()[trial.state.tree.place.at]!.trim().endsWith(path)) trial.keys('down');
    return trial.keys('enter');
  };

  test('text is shown safely, page by page, and searched', () => {
    const trial = open('main.py');
    expect(trial.last()).toContain('reading');
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i + 1}`);
    lines[1] = '\x1b[2Jno \x1b]0;title\x07escape\x07';
    content(trial, Buffer.from(lines.join('\n')));
    expect(trial.lines()[0]).toContain('/app/main.py');
    expect(trial.lines()[2]).toBe('no escape');
    expect(trial.lines()[0]).toContain('line 1 of 100');
    expect(trial.keys(' ', '/', 'text:LINE', 'enter').last()).toContain("'LINE' is not there");
    expect(trial.keys('/', 'text:line 77', 'enter').lines()[1]).toBe('line 77');
    expect(trial.keys('G').lines()[22]).toBe('line 100');
    expect(trial.keys('q').state.viewer).toBeUndefined();
  });

  test('bytes are shown in hexadecimal', () => {
    const trial = content(open('model.bin'), new Uint8Array(40).fill(65).fill(0, 0, 4), 12_000_000);
    expect(trial.lines()[0]).toContain('12MB, its first 40B');
    expect(trial.lines()[1]).toBe(
      '00000000  00 00 00 00 41 41 41 41  41 41 41 41 41 41 41 41  ....AAAAAAAAAAAA',
    );
    expect(trial.keys('b').last()).toContain('no text');
  });

  test('an earlier version of it, by another layer', () => {
    const trial = content(open('main.py'), Buffer.from('new'));
    const shown = trial.state.viewer!.version;
    trial.keys('[');
    expect(trial.effects.at(-1)).toMatchObject({ type: 'read' });
    content(trial, Buffer.from('old'));
    expect(trial.state.viewer!.version).toBeLessThan(shown);
    expect(trial.lines()[0]).toContain('layer 3');
    expect(trial.keys('[').last()).toContain('no earlier layer');
  });

  test('a link is followed; a directory has no content', () => {
    const trial = new Trial().keys('tab', 'E', '/', 'text:app/link', 'enter', 'down', 'v');
    expect(trial.effects.at(-1)).toMatchObject({ type: 'read' });
    expect(new Trial().keys('tab', 'v').last()).toContain('a directory');
  });

  test('extracting asks where to, and before something is overwritten', () => {
    const trial = new Trial().keys('tab', 'E', '/', 'text:gcc', 'enter', 'end', 'x');
    expect(trial.last()).toBe('write to: gcc');
    trial.keys('ctrl-u', 'text:/tmp/out', 'enter');
    const wanted = trial.effects.at(-1)!;
    expect(wanted).toMatchObject({ type: 'extract', path: '/tmp/out', overwrite: false });
    const version = wanted.type === 'extract' ? wanted.version : -1;
    trial.send({ type: 'exists', version, path: '/tmp/out' });
    expect(trial.last()).toBe('/tmp/out is there already. Overwrite it? y/N');
    expect(trial.keys('enter').last()).toBe('nothing was written');
    trial.send({ type: 'exists', version, path: '/tmp/out' }).keys('y');
    expect(trial.effects.at(-1)).toMatchObject({ type: 'extract', overwrite: true });
    expect(trial.send({ type: 'extracted', path: '/tmp/out' }).last()).toBe('written to /tmp/out');
  });

  test('what takes long can be given up', () => {
    const trial = open('main.py').keys('down', 'x');
    expect(trial.last()).toContain('reading');
    trial.keys('escape');
    expect(trial.effects.at(-1)).toEqual({ type: 'cancel' });
    expect(trial.send({ type: 'cancelled' }).last()).toBe('given up');
  });
});

test('any keys on any screen: as many lines as there are, none too wide, and no colours where none are wanted', () => {
  const names = [
    'up',
    'down',
    'left',
    'right',
    'enter',
    'tab',
    'escape',
    'pagedown',
    'end',
    'home',
    'backspace',
  ];
  const key = fc.constantFrom(...names, ...'asdwcbiov/xECnN[]?q >1日'.replace('q', ''));
  const size = fc.record({
    columns: fc.integer({ min: 1, max: 140 }),
    rows: fc.integer({ min: 1, max: 30 }),
  });
  const image = sampleImage();
  fc.assert(
    fc.property(size, size, fc.array(key, { maxLength: 25 }), (first, second, keys) => {
      const trial = new Trial(first, image);
      trial.keys(...keys);
      const wanted = trial.effects.at(-1);
      if (wanted?.type === 'read') {
        const bytes = Buffer.from('a\tb\n日本\n\x1b[31mred');
        trial.send({
          type: 'content',
          node: wanted.node,
          version: wanted.version,
          bytes,
          size: bytes.length,
        });
      }
      trial.send({ type: 'resize', size: second }).keys(...keys);
      const { lines, cursor } = renderScreen(trial.state, { color: false });
      expect(lines).toHaveLength(second.rows);
      for (const line of lines) {
        const plain = line.replace(/\x1b\[(?:7|27)m|\x1b\[\d+G/g, '');
        expect(plain).not.toMatch(/[\x00-\x1f]/);
        expect(textWidth(plain)).toBe(second.columns);
      }
      if (cursor) expect(cursor.column).toBeLessThan(second.columns);
    }),
    { numRuns: 150 },
  );
});
