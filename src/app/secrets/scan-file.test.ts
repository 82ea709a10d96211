import { expect, test } from 'bun:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { file, layerBytes } from '../../testkit/layers.ts';
import { type FileFindings, FileScan } from './scan-file.ts';
import { zipMembers } from './zip.ts';

const TOKEN = `ghp_${'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0eFgHjK'}`;

async function scan(path: string, bytes: Uint8Array): Promise<FileFindings> {
  const files = new FileScan(async () => []);
  const found: FileFindings = { findings: [], skipped: [] };
  files.start(path, bytes.length);
  for (let at = 0; at < bytes.length; at += 100_000) files.feed(bytes.subarray(at, at + 100_000));
  await files.end(found);
  return found;
}

/** A zip of one member, whatever is said of it. */
function zip(
  name: string,
  data: Uint8Array,
  said: { readonly size: number; readonly method?: number },
): Buffer {
  const packed = said.method === 0 ? Buffer.from(data) : deflateRawSync(data);
  const head = Buffer.alloc(26);
  head.writeUInt16LE(said.method ?? 8, 4);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(said.size, 18);
  head.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), packed]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\0\0', 'latin1'),
    head,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

const secret = Buffer.from('spring.datasource.password=Zx9Qw7e1\n');

test('members of a zip, deflated and stored', async () => {
  for (const method of [8, 0]) {
    const { findings } = await scan('a.jar', zip('b.properties', secret, { size: secret.length, method }));
    expect(findings.map(({ path, line }) => `${path}:${line}`)).toEqual(['a.jar!/b.properties:1']);
  }
});

test('a zip that says less than it holds is not believed, and one that is cut short breaks nothing', async () => {
  const bomb = zip('zeroes', Buffer.alloc(50_000_000), { size: 1000 });
  expect(await scan('a.zip', bomb)).toMatchObject({ findings: [], skipped: [{ path: 'a.zip!/zeroes' }] });
  const whole = zip('b.properties', secret, { size: secret.length });
  for (let length = 0; length < whole.length; length += 7) {
    const cut = whole.subarray(0, length);
    expect(() => zipMembers(cut)).not.toThrow();
    expect((await scan('a.zip', cut)).findings).toEqual([]);
  }
});

test('archives in archives, three deep, and no deeper', async () => {
  let bytes: Uint8Array = secret;
  let name = 'b.properties';
  for (let depth = 1; depth <= 5; depth++) {
    const { tar } = await layerBytes([file(name, bytes)]);
    bytes = gzipSync(tar);
    name = `${depth}.tgz`;
    const { findings, skipped } = await scan(name, bytes);
    expect({ depth, found: findings.length, skipped: skipped.length }).toEqual({
      depth,
      found: depth <= 3 ? 1 : 0,
      skipped: depth <= 3 ? 0 : 1,
    });
  }
});

test('a compressed file that expands to too much is named', async () => {
  const { findings, skipped } = await scan('a.gz', gzipSync(Buffer.alloc(140_000_000)));
  expect(findings).toEqual([]);
  expect(skipped).toHaveLength(1);
});

test('a secret is found wherever it begins, whatever is before it', async () => {
  const found = async (path: string, text: string) =>
    (await scan(path, Buffer.from(text))).findings.map(({ rule }) => rule);
  expect(await found('.env', `A_TOKEN=${TOKEN}`)).toEqual(['assignment']);
  expect(await found('.env', 'A=1\n')).toEqual(['secret-file']);
  expect(await found('.env', '')).toEqual([]);
});
