import { expect, test } from 'bun:test';
import { chunksOf, entry, file, layerBytes } from '../../testkit/layers.ts';
import { readContents } from './read-contents.ts';

const LAYER = [
  entry('d', 'dir'),
  file('d/a', 'one'),
  file('d/b', ''),
  file('d/c', 'x'.repeat(30_000)),
  entry('e', 'whiteout'),
];

test('contents come in order, and the pass waits for whoever takes them', async () => {
  const { tar, toc } = await layerBytes(LAYER);
  const seen: string[] = [];
  await readContents(chunksOf(tar, 700), toc, (one) => {
    seen.push(`${one.type} ${one.path}`);
    expect(toc.entries).toContain(one);
    if (one.path !== 'd/a' && one.path !== 'd/c') return undefined;
    let bytes = 0;
    return {
      data: (part) => {
        bytes += part.length;
      },
      end: async () => {
        await Bun.sleep(1);
        seen.push(`${bytes} bytes`);
      },
    };
  });
  expect(seen).toEqual(['dir d', 'file d/a', '3 bytes', 'file d/b', 'file d/c', '30000 bytes', 'whiteout e']);
});

test('the first part tells what a file is, wherever the stream is cut', async () => {
  const { tar, toc } = await layerBytes([file('a', '#!'), file('b', '0123456789abcdefghij')]);
  for (let size = 1; size < 40; size++) {
    const parts = new Map<string, string[]>();
    await readContents(chunksOf(tar, size), toc, ({ path }) => {
      const own: string[] = [];
      parts.set(path, own);
      return { data: (bytes) => void own.push(new TextDecoder().decode(bytes)) };
    });
    expect(parts.get('a')).toEqual(['#!']);
    expect(parts.get('b')![0]!.length).toBeGreaterThanOrEqual(16);
    expect(parts.get('b')!.join('')).toBe('0123456789abcdefghij');
  }
});

test('a tar of another layer is noticed', async () => {
  const { toc } = await layerBytes(LAYER);
  for (const other of [LAYER.slice(0, 3), [...LAYER, file('f', 'new')], [file('d', 'x')]]) {
    const { tar } = await layerBytes(other);
    const reading = readContents(chunksOf(tar), toc, () => undefined);
    await expect(reading).rejects.toMatchObject({ code: 'digest-mismatch' });
  }
});

test('what the visitor throws ends it', async () => {
  const { tar, toc } = await layerBytes(LAYER);
  const reading = readContents(chunksOf(tar), toc, () => {
    throw new Error('enough');
  });
  await expect(reading).rejects.toThrow('enough');
});
