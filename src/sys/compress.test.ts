import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readChunks } from './chunks.ts';
import { decompress, packBytes, sniffCompression, unpackBytes } from './compress.ts';
import { compressGzip, compressZstd } from './compress-blocks.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, void> {
  // One buffer again and again, as a reader of a pipe would.
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const out: Buffer[] = [];
  for await (const chunk of stream) out.push(Buffer.from(chunk));
  return Buffer.concat(out);
}

async function expand(bytes: Uint8Array, size = 1000) {
  const { format, stream } = await decompress(pieces(bytes, size));
  return { format, bytes: await collect(stream) };
}

const text = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `line ${i * 7919}\n`).join(''));

function program(name: string, input: Uint8Array): Uint8Array {
  const { stdout, exitCode } = Bun.spawnSync([name, '-c'], { stdin: input });
  expect(exitCode).toBe(0);
  return stdout;
}

const packed: Record<string, Uint8Array> = {
  gzip: Bun.gzipSync(text),
  // With a checksum, as the zstd program writes it; without one damage cannot always be seen.
  zstd: program('zstd', text),
  bzip2: program('bzip2', text),
  xz: program('xz', text),
};
const tiny: Record<string, Uint8Array> = Object.fromEntries(
  Object.keys(packed).map((name) => [name, program(name, Buffer.from('tiny'))]),
);

describe('decompress', () => {
  for (const [format, bytes] of Object.entries(packed)) {
    test(`${format}: whole, in pieces, and two in a row`, async () => {
      for (const size of [1, 1000, 1 << 20]) {
        const [from, to] = size === 1 ? [tiny[format]!, Buffer.from('tiny')] : [bytes, text];
        const result = await expand(from, size);
        expect(result.format as string).toBe(format);
        expect(result.bytes.equals(to)).toBe(true);
      }
      const twice = await expand(Buffer.concat([bytes, bytes]));
      expect(twice.bytes.equals(Buffer.concat([text, text]))).toBe(true);
    });

    test(`${format}: cut short anywhere is an error`, async () => {
      for (const cut of [1, 4, 9, bytes.length >> 1, bytes.length - 7]) {
        const short = bytes.subarray(0, bytes.length - cut);
        await expect(expand(short)).rejects.toMatchObject({ code: 'archive-broken' });
      }
      const second = Buffer.concat([bytes, bytes.subarray(0, bytes.length - 3)]);
      await expect(expand(second)).rejects.toMatchObject({ code: 'archive-broken' });
    });

    test(`${format}: a flipped bit is an error or harmless, never a hang`, async () => {
      for (const at of [7, 20, bytes.length >> 1, bytes.length - 5]) {
        const bad = Uint8Array.from(bytes);
        bad[at]! ^= 0x10;
        const outcome = await expand(bad).then(
          (r) => r.bytes.equals(text),
          (e) => e.code,
        );
        expect([true, 'archive-broken', 'archive-limit']).toContain(outcome as never);
      }
    });
  }

  test('nothing compressed passes as it is', async () => {
    expect(await expand(text)).toEqual({ format: 'none', bytes: text });
    expect((await expand(new Uint8Array())).bytes.length).toBe(0);
    expect((await expand(Buffer.from('ab'))).format).toBe('none');
  });

  test('zstd frames with and without checksum and size, and skippable ones', async () => {
    const checked = packed.zstd!;
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    expect(sniffCompression(skippable)).toBe('zstd');
    const both = await expand(Buffer.concat([skippable, checked, Bun.zstdCompressSync(text)]));
    expect(both.bytes.length).toBe(text.length * 2);
    await expect(expand(checked.subarray(0, checked.length - 2))).rejects.toMatchObject({
      code: 'archive-broken',
    });
  });

  test('a bomb is stopped', async () => {
    const bomb = Bun.zstdCompressSync(new Uint8Array(300 << 20));
    await expect(expand(bomb, 1 << 16)).rejects.toMatchObject({ code: 'archive-limit' });
  });

  test('a consumer that stops early leaves nothing behind', async () => {
    for (const bytes of Object.values(packed)) {
      const { stream } = await decompress(pieces(bytes, 100));
      for await (const chunk of stream) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
    }
  });

  test('an error of the source is passed on as it is', async () => {
    async function* failing() {
      yield packed.gzip!.subarray(0, 100);
      throw new Error('the disk is gone');
    }
    const { stream } = await decompress(failing());
    await expect(collect(stream)).rejects.toThrow('the disk is gone');
  });
});

test('small gzip data are one member, several, or damaged: never a part of them', async () => {
  const member = (text: string) => Bun.gzipSync(Buffer.from(text));
  const read = async (bytes: Uint8Array) => {
    const { stream } = await decompress(
      (async function* () {
        for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
      })(),
    );
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part.slice());
    return Buffer.concat(parts).toString();
  };
  expect(await read(member('alone'))).toBe('alone');
  expect(await read(member(''))).toBe('');
  expect(await read(Buffer.concat([member('one'), member('two')]))).toBe('onetwo');
  expect(await read(Buffer.concat([member('same'), member('same')]))).toBe('samesame');
  const large = 'x'.repeat(1 << 20);
  expect(await read(member(large))).toBe(large);
  await expect(read(member('cut').subarray(0, -3))).rejects.toMatchObject({ code: 'archive-broken' });
});

test('gzip is deterministic and other tools read it', async () => {
  const one = await collect(compressGzip(pieces(text, 5000), 6));
  const two = await collect(compressGzip(pieces(text, 777), 6));
  expect(one.equals(two)).toBe(true);
  expect([...one.subarray(3, 8)]).toEqual([0, 0, 0, 0, 0]);
  expect(Bun.spawnSync(['gzip', '-dc'], { stdin: one }).stdout.equals(text)).toBe(true);
});

test('zstd is deterministic, has levels and a checksum, and other tools read it', async () => {
  const one = await collect(compressZstd(pieces(text, 5000)));
  const two = await collect(compressZstd(pieces(text, 777), 3));
  expect(one.equals(two)).toBe(true);
  expect(Bun.spawnSync(['zstd', '-dc'], { stdin: one }).stdout.equals(text)).toBe(true);
  const small = await collect(compressZstd(pieces(text, 5000), 19));
  expect(small.length).toBeLessThan(one.length);
  const damaged = Buffer.from(small);
  damaged[damaged.length - 1]! ^= 1;
  await expect(expand(damaged)).rejects.toThrow('the zstd data are damaged');
});

describe.each([
  ['gzip', compressGzip],
  ['zstd', compressZstd],
] as const)('%s in blocks', (name, compress) => {
  const large = Buffer.concat(Array.from({ length: 20 }, () => text));

  test('is the same whatever the number of workers, and other tools read it', async () => {
    const one = await collect(compress(pieces(large, 9999), undefined, 1));
    const three = await collect(compress(pieces(large, 1 << 18), undefined, 3));
    expect(one.equals(three)).toBe(true);
    expect(Bun.spawnSync([name, '-dc'], { stdin: one }).stdout.equals(large)).toBe(true);
    expect((await expand(one, 1 << 16)).bytes.equals(large)).toBe(true);
    const empty = await collect(compress(pieces(Buffer.alloc(0), 10)));
    expect(Bun.spawnSync([name, '-dc'], { stdin: empty })).toMatchObject({ exitCode: 0 });
    expect((await expand(empty)).format).toBe(name);
  });

  test('ends where its reader or its source does', async () => {
    for await (const chunk of compress(pieces(large, 1 << 16))) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    async function* failing() {
      yield large;
      throw new Error('the disk is gone');
    }
    await expect(collect(compress(failing()))).rejects.toThrow('the disk is gone');
  });
});

test('packed values come back', () => {
  expect(Buffer.from(unpackBytes(packBytes(text))).equals(text)).toBe(true);
});

test('chunks of a file, whole and in part', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'chunks-'));
  try {
    writeFileSync(join(directory, 'f'), text);
    const path = join(directory, 'f');
    expect((await collect(readChunks(path))).equals(text)).toBe(true);
    const part = await collect(readChunks(path, { start: 5, length: 300_001 }));
    expect(part.equals(text.subarray(5, 300_006))).toBe(true);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
