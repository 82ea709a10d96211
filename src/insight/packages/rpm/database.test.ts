// rpm's three formats, each with the same packages. SQLite's is written by SQLite itself; the other two are put together
// here as rpm lays them out (both were compared with what db_load and rpm's own sources say).

import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { rpmDatabase } from './database.ts';

const tools = { text: String, inflate: () => undefined };

type Value = string | readonly string[] | number | readonly number[];

/** A header as databases hold it. */
function header(values: Readonly<Record<number, Value>>): Buffer {
  const index: Buffer[] = [];
  const data: Buffer[] = [];
  let at = 0;
  for (const [tag, value] of Object.entries(values)) {
    const numbers =
      typeof value === 'number' ? [value] : Array.isArray(value) && typeof value[0] === 'number';
    const list = (Array.isArray(value) ? value : [value]) as readonly (string | number)[];
    const part = numbers
      ? Buffer.concat(list.map((one) => u32(Number(one))))
      : Buffer.from(list.map((one) => `${one}\0`).join(''));
    const type = numbers ? 4 : Array.isArray(value) ? 8 : 6;
    index.push(Buffer.concat([Number(tag), type, at, list.length].map((one) => u32(one))));
    data.push(part);
    at += part.length;
  }
  return Buffer.concat([u32(index.length), u32(at), ...index, ...data]);
}

function u32(value: number, little = false): Buffer {
  const bytes = Buffer.alloc(4);
  if (little) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

const FILES = Array.from({ length: 900 }, (_, i) => `a-rather-long-name-of-a-file-${i}`);
const BLOBS = [
  header({
    ...{ 1000: 'bash', 1001: '5.1.8', 1002: '6.el9', 1009: 7_738_634, 1014: 'GPLv3+', 1022: 'x86_64' },
    ...{ 1044: 'bash-5.1.8-6.el9.src.rpm', 1116: FILES.map(() => 0), 1117: FILES, 1118: ['/usr/bin/'] },
  }),
  header({ 1000: 'gpg-pubkey', 1001: '8483c65d', 1002: '5ccc5b19' }),
  header({
    ...{ 1000: 'perl-libs', 1001: '5.32.1', 1002: '480.el9', 1003: 4, 1022: 'x86_64' },
    ...{ 1044: 'perl-5.32.1-480.el9.src.rpm', 1009: 10 },
  }),
];

function sqlite(): Uint8Array {
  const db = new Database(':memory:');
  db.run("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
  db.run("CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)");
  for (const blob of BLOBS) db.run('INSERT INTO Packages (blob) VALUES (?)', [blob]);
  return db.serialize();
}

function ndb(): Buffer {
  const slots = Buffer.alloc(4096);
  Buffer.concat([0x506d7052, 0, 1, 1, 9].map((one) => u32(one, true))).copy(slots);
  for (let at = 32; at < 4096; at += 16) u32(0x746f6c53, true).copy(slots, at);
  const parts: Buffer[] = [slots];
  let block = 4096 / 16;
  BLOBS.forEach((blob, i) => {
    const head = Buffer.concat([0x53626c42, i + 1, 1, blob.length].map((one) => u32(one, true)));
    const size = Math.ceil((head.length + blob.length + 12) / 16);
    Buffer.concat([i + 1, block, size].map((one) => u32(one, true))).copy(slots, 32 + i * 16 + 4);
    parts.push(Buffer.concat([head, blob, Buffer.alloc(size * 16 - head.length - blob.length)]));
    block += size;
  });
  return Buffer.concat(parts);
}

/** One page of pairs; values on pages of their own, but for a short one. */
function berkeley(little: boolean): Buffer {
  const size = 4096;
  const pages: Buffer[] = [Buffer.alloc(size), Buffer.alloc(size)];
  const number = (page: Buffer, at: number, value: number, width: 2 | 4) => {
    if (width === 2) page[little ? 'writeUInt16LE' : 'writeUInt16BE'](value, at);
    else page[little ? 'writeUInt32LE' : 'writeUInt32BE'](value, at);
  };
  const pairs = pages[1]!;
  let free = size;
  let entries = 0;
  const put = (item: Buffer) => {
    free -= item.length;
    item.copy(pairs, free);
    number(pairs, 26 + entries++ * 2, free, 2);
  };
  const values = [Buffer.from([3, 0, 0, 0]), ...BLOBS];
  values.forEach((value, i) => {
    put(Buffer.concat([Buffer.from([1]), u32(i, little)]));
    if (value.length < 200) {
      put(Buffer.concat([Buffer.from([1]), value]));
      return;
    }
    put(Buffer.concat([Buffer.from([3, 0, 0, 0]), u32(pages.length, little), u32(value.length, little)]));
    for (let at = 0; at < value.length; at += size - 26) {
      const page = Buffer.alloc(size);
      const part = value.subarray(at, at + size - 26);
      page[25] = 7;
      number(page, 22, part.length, 2);
      number(page, 16, at + part.length < value.length ? pages.length + 1 : 0, 4);
      part.copy(page, 26);
      pages.push(page);
    }
  });
  number(pairs, 20, entries, 2);
  pairs[25] = 13;
  const head = pages[0]!;
  number(head, 12, 0x061561, 4);
  number(head, 20, size, 4);
  number(head, 32, pages.length - 1, 4);
  head[25] = 8;
  return Buffer.concat(pages);
}

const DATABASES: readonly (readonly [string, Uint8Array])[] = [
  ['var/lib/rpm/rpmdb.sqlite', sqlite()],
  ['usr/lib/sysimage/rpm/Packages.db', ndb()],
  ['var/lib/rpm/Packages', berkeley(true)],
  ['var/lib/rpm/Packages', berkeley(false)],
];

test('the packages of all formats, keys left out', () => {
  for (const [path, bytes] of DATABASES) {
    const { packages, notes } = rpmDatabase.read({ path, bytes }, tools);
    expect(notes).toEqual([]);
    expect(packages.map(({ files, ...found }) => ({ ...found, files: files?.length }))).toEqual([
      {
        ...{
          type: 'rpm',
          name: 'bash',
          version: '5.1.8-6.el9',
          architecture: 'x86_64',
          licenses: ['GPLv3+'],
        },
        ...{ size: 7_738_634, files: 900 },
      },
      {
        ...{ type: 'rpm', name: 'perl-libs', version: '4:5.32.1-480.el9', architecture: 'x86_64', size: 10 },
        ...{ source: { name: 'perl', version: '5.32.1-480.el9' }, files: undefined },
      },
    ]);
    expect(packages[0]!.files?.at(-1)).toBe('usr/bin/a-rather-long-name-of-a-file-899');
  }
});

test('a damaged database is a note, and ends', () => {
  fc.assert(
    fc.property(
      fc.nat(DATABASES.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 }),
      fc.nat(20_000),
      (which, changes, cut) => {
        const [path, sound] = DATABASES[which]!;
        const bytes = Buffer.from(sound).subarray(0, sound.length - cut);
        // Most of it is content: what leads from place to place is hit more often.
        for (const [at, byte] of changes) bytes[at % (at % 2 === 0 ? bytes.length : 200)] = byte;
        try {
          rpmDatabase.read({ path, bytes }, tools);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      },
    ),
    { numRuns: 100 },
  );
});
