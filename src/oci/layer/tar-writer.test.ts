import { expect, test } from 'bun:test';
import { sha256 } from '../../sys/index.ts';
import { TarWriter } from './tar-writer.ts';
import { writeLayer } from './write.ts';

const MIB = 1 << 20;
const later = (work: () => void) =>
  new Promise<void>((resolve) =>
    setTimeout(() => {
      work();
      resolve();
    }, 1),
  );

test('a slow sink gets every byte in order, and never two parts at once', async () => {
  const parts: Uint8Array[] = [];
  let busy = false;
  const writer = new TarWriter((bytes) => {
    expect(busy).toBe(false);
    busy = true;
    return later(() => {
      parts.push(bytes.slice());
      busy = false;
    });
  });
  const sent: Uint8Array[] = [];
  for (let i = 0; i < 9; i++) {
    const bytes = new Uint8Array(700_001).fill(i);
    sent.push(bytes);
    await writer.write(bytes);
  }
  const digest = await writer.finish();
  expect(Buffer.concat(parts).equals(Buffer.concat(sent))).toBe(true);
  expect(digest).toBe(sha256(Buffer.concat(sent)));
});

test('a sink that fails while more is gathered ends the layer with its error', async () => {
  let calls = 0;
  const sink = async () => {
    calls++;
    await Bun.sleep(1);
    throw new Error('no space');
  };
  await expect(writeLayer(files(20), sink)).rejects.toThrow('no space');
  expect(calls).toBe(1);
});

test('the last part may fail too', async () => {
  const sink = () => later(() => {}).then(() => Promise.reject(new Error('no space')));
  await expect(writeLayer(files(0), sink)).rejects.toThrow('no space');
});

test('when a source fails, the sink has nothing more to do once the error is there', async () => {
  let busy = false;
  const sink = () => {
    busy = true;
    return later(() => {
      busy = false;
    });
  };
  function* failing() {
    yield* files(3);
    throw new Error('source gone');
  }
  await expect(writeLayer(failing(), sink)).rejects.toThrow('source gone');
  expect(busy).toBe(false);
});

function* files(count: number) {
  for (let i = 0; i < count; i++) {
    const entry = { path: `f${i}`, type: 'file', mode: 0o644, uid: 0, gid: 0, size: MIB, mtime: 0 } as const;
    let left: number = MIB;
    const read = (buffer: Uint8Array) => {
      const count = Math.min(left, buffer.length);
      left -= count;
      return count;
    };
    yield { entry, open: () => ({ read, close() {} }) };
  }
}
