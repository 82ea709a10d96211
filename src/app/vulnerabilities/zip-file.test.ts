// Archives of any size, and such as mean harm.

import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { smallZip } from '../../../test/support/small-zip.ts';
import { readZipFile } from './zip-file.ts';

const place = mkdtempSync(`${tmpdir()}/mille-zip-`);
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function read(
  bytes: Uint8Array,
  limit = 1000,
): Promise<readonly (readonly [string, string | undefined])[]> {
  const path = `${place}/some.zip`;
  writeFileSync(path, bytes);
  const found: [string, string | undefined][] = [];
  for await (const { name, bytes: content } of readZipFile(path, { wanted: (one) => one !== 'no', limit }))
    found.push([name, content && Buffer.from(content).toString()]);
  return found;
}

const SMALL = smallZip({ a: 'one', no: 'x', b: 'two'.repeat(200) });
const EXPECTED = [
  ['a', 'one'],
  ['b', 'two'.repeat(200)],
];

/** The same archive with the records of archives that have more than 65,535 members. */
function wide(zip: Uint8Array): Uint8Array {
  const end = Buffer.from(zip.subarray(zip.length - 22));
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(zip.length - 22), 8);
  end.fill(0xff, 8, 20);
  return Buffer.concat([zip.subarray(0, zip.length - 22), record, locator, end]);
}

test('members that are wanted, also of archives with more than 65,535', async () => {
  expect(await read(SMALL)).toEqual(EXPECTED as never);
  expect(await read(wide(SMALL))).toEqual(EXPECTED as never);
});

test('a member that is too large, or says less than it is, has no content', async () => {
  expect(await read(SMALL, 100)).toEqual([
    ['a', 'one'],
    ['b', undefined],
  ]);
  const lying = Buffer.from(SMALL);
  lying.writeUInt32LE(3, lying.lastIndexOf('PK\x01\x02') + 24);
  expect((await read(lying, 100))[1]).toEqual(['b', undefined]);
});

test('what was cut, or leads elsewhere, is an error or nothing', async () => {
  for (const bytes of [SMALL.subarray(0, SMALL.length - 30), new Uint8Array(0), SMALL.subarray(0, 40)])
    expect(read(bytes)).rejects.toMatchObject({ code: 'archive-broken' });
  for (let at = SMALL.length - 22; at < SMALL.length; at++) {
    const other = Buffer.from(SMALL);
    other[at] = 0xff;
    // Whatever comes of it, it ends.
    await read(other).catch((error) => expect(error.code).toStartWith('archive-'));
  }
});
