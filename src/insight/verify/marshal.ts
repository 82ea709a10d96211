// What Python compiled, read as what it means. Python writes the same module in several ways: whether an object is marked
// as one that may be referred to depends on how many hold it just then, and before 3.11 a set is written in the order of
// hashes, which are others in each process. Once it was read and written anew, both are gone.

/** Longer texts are not made: references to references to references would fill any memory. */
const LONGEST = 64 * 1024 * 1024;
const DEEPEST = 500;
/** The bit of a type that makes an object one that may be referred to. */
const MAY_BE_MEANT = 0x80;

/** Of what a code object consists, in order; `n` is a number, `o` an object. */
interface CodeLayout {
  /** The first two bytes of the files of the first version that wrote it so, and of the one behind the last. */
  readonly from: number;
  readonly until: number;
  readonly parts: string;
}

/** Python 3.8 to 3.10, and 3.11 to 3.14. */
const LAYOUTS: readonly CodeLayout[] = [
  { from: 3400, until: 3450, parts: 'nnnnnnoooooooono' },
  { from: 3450, until: 3650, parts: 'nnnnnoooooooonoo' },
];

/**
 * A text that is the same for what means the same.
 * @param magic the first two bytes of the file, which say what version wrote it
 * @returns undefined for what is not read: other versions, damaged files
 */
export function meaningOfMarshal(bytes: Uint8Array, magic: number): string | undefined {
  const code = LAYOUTS.find(({ from, until }) => magic >= from && magic < until)?.parts;
  if (code === undefined) return undefined;
  const reader = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  try {
    const text = readObject({ ...{ code, known: [] }, reader }, 0);
    return reader.at === bytes.length ? text : undefined;
  } catch (error) {
    // What is cut short, or what nobody knows.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

interface Reading {
  readonly reader: Reader;
  readonly code: string;
  /** What may be referred to; undefined as long as it is not read to its end. */
  readonly known: (string | undefined)[];
}

function readObject(reading: Reading, depth: number): string {
  if (depth > DEEPEST) throw new RangeError('too deep');
  const { reader, known } = reading;
  const type = takeByte(reader);
  const kind = String.fromCharCode(type & ~MAY_BE_MEANT);
  const place = type & MAY_BE_MEANT ? known.push(undefined) - 1 : undefined;
  const text = readBody(reading, kind, depth + 1);
  if (text.length > LONGEST) throw new RangeError('too long');
  if (place !== undefined) known[place] = text;
  return text;
}

/** Each text tells its end by itself, so that no two objects beside one another can be read as two others. */
function readBody(reading: Reading, kind: string, depth: number): string {
  const { reader } = reading;
  switch (kind) {
    // None, True, False, `...`, StopIteration, and an end.
    case 'N':
    case 'T':
    case 'F':
    case '.':
    case 'S':
    case '0':
      return kind;
    case 'i':
      return `i${takeNumber(reader)};`;
    case 'l': {
      // Digits of fifteen bits; how many there are has the number's sign.
      const digits = takeNumber(reader);
      return `l${Math.sign(digits)}${takeText(reader, Math.abs(digits) * 2)}`;
    }
    case 'g':
      return `g${takeText(reader, 8)}`;
    case 'y':
      return `y${takeText(reader, 16)}`;
    case 's':
      return `s${takeText(reader, takeNumber(reader))}`;
    // A string, whether it is one that exists once, and whether it is ASCII: so it is for the same characters.
    case 'u':
    case 't':
    case 'a':
    case 'A':
      return `u${takeText(reader, takeNumber(reader))}`;
    case 'z':
    case 'Z':
      return `u${takeText(reader, takeByte(reader))}`;
    case ')':
      return `(${readMany(reading, takeByte(reader), depth).join('')})`;
    case '(':
      return `(${readMany(reading, takeNumber(reader), depth).join('')})`;
    case '[':
      return `[${readMany(reading, takeNumber(reader), depth).join('')}]`;
    case '<':
    case '>':
      return `${kind}${readMany(reading, takeNumber(reader), depth).sort().join('')};`;
    case ':':
      return `:${readMany(reading, 3, depth).join('')}`;
    case 'c':
      return `c${readCode(reading, depth)}`;
    case 'r': {
      const text = reading.known[takeNumber(reader)];
      if (text === undefined) throw new RangeError('a reference to nothing');
      return text;
    }
    default:
      throw new RangeError(`unknown type ${kind}`);
  }
}

function readMany(reading: Reading, count: number, depth: number): string[] {
  if (count < 0) throw new RangeError('fewer than none');
  const all: string[] = [];
  let length = 0;
  for (let i = 0; i < count; i++) {
    const one = readObject(reading, depth);
    length += one.length;
    if (length > LONGEST) throw new RangeError('too long');
    all.push(one);
  }
  return all;
}

function readCode(reading: Reading, depth: number): string {
  const parts = [...reading.code].map((part) =>
    part === 'n' ? `${takeNumber(reading.reader)};` : readObject(reading, depth),
  );
  return parts.join('');
}

function takeByte(reader: Reader): number {
  return reader.view.getUint8(reader.at++);
}

function takeNumber(reader: Reader): number {
  reader.at += 4;
  return reader.view.getInt32(reader.at - 4, true);
}

/** Bytes as they are, behind how many there are. */
function takeText(reader: Reader, length: number): string {
  const end = reader.at + length;
  if (length < 0 || end > reader.bytes.length) throw new RangeError('cut short');
  const text = Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset + reader.at, length);
  reader.at = end;
  return `${length}:${text.toString('latin1')}`;
}
