// One file after another: its bytes come in parts, what is found in it goes out at its end. Archives, compressed files
// and git's objects are opened, to a depth.

import { readTar } from '../../oci/layer/index.ts';
import {
  type Detector,
  FileScanner,
  type FoundSecret,
  findSecrets,
  isSpecialFile,
  kindOfFile,
  scanSpecialFile,
  secretFileName,
  textOf,
} from '../../secrets/index.ts';
import { inflateAtMost } from '../../sys/index.ts';
import { gitObjects, isGitObjects } from './git-objects.ts';
import { zipMembers } from './zip.ts';

/** A secret, and where in what file it is: `app.jar!/application.properties`. */
export interface FileFinding extends FoundSecret {
  readonly path: string;
}

/** A file that was not looked at as it should be. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
}

/** What came of some files. */
export interface FileFindings {
  readonly findings: FileFinding[];
  readonly skipped: Skipped[];
}

/** Archives in archives. */
const MOST_DEPTH = 3;
/** Bytes of a file that is held in memory to be opened, and of what comes out of it. */
const MOST_HELD = 64 * 1024 * 1024;
const MOST_EXPANDED = 128 * 1024 * 1024;
const MOST_SPECIAL = 1 << 20;

/** Scans files, one at a time. */
export class FileScan {
  readonly #scanner = new FileScanner();
  readonly #detector: Detector;
  readonly #depth: number;
  #inner: FileScan | undefined;
  #path = '';
  #size = 0;
  #held: Uint8Array[] | undefined;
  #heldSize = 0;
  #begun = false;
  /** Of the file that is on the outside; counts what comes out of all archives in it. */
  #budget = { left: MOST_EXPANDED };

  constructor(detector: Detector, depth = 0) {
    this.#detector = detector;
    this.#depth = depth;
  }

  /** Begins a file. */
  start(path: string, size: number): void {
    this.#path = path;
    this.#size = size;
    this.#held = undefined;
    this.#heldSize = 0;
    this.#begun = false;
    if (this.#depth === 0) this.#budget = { left: MOST_EXPANDED };
    this.#scanner.start(kindOfFile(path));
  }

  /** The next bytes. */
  feed(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (!this.#begun) {
      this.#begun = true;
      if (isContainer(this.#path, bytes)) this.#held = [];
    }
    if (this.#held) {
      if (this.#heldSize + bytes.length <= MOST_HELD) this.#held.push(bytes.slice());
      this.#heldSize += bytes.length;
    }
    // What is compressed shows nothing of what it holds.
    else this.#scanner.feed(bytes);
  }

  /** All bytes came. */
  async end(found: FileFindings): Promise<void> {
    const path = this.#path;
    const add = (more: readonly FoundSecret[]) => {
      for (const one of more) found.findings.push({ ...one, path });
    };
    const excerpts = this.#scanner.finish();
    if (excerpts.length > 0) add(await findSecrets(excerpts, { detector: this.#detector, path }));
    const special = this.#size <= MOST_SPECIAL && isSpecialFile(path);
    const whole = special ? this.#scanner.whole() : undefined;
    if (whole && whole.length > 0) add(scanSpecialFile(path, textOf(whole)));
    if (!this.#size) return;
    const keeps = secretFileName(path);
    if (keeps !== undefined && !found.findings.some((one) => one.path === path))
      add([{ rule: 'secret-file', severity: 'warning', shown: keeps, offset: 0, length: 0 }]);
    if (this.#held) await this.#open(found);
  }

  async #open(found: FileFindings): Promise<void> {
    const path = this.#path;
    const skip = (why: string) => void found.skipped.push({ path, why });
    if (this.#heldSize > MOST_HELD) return skip(`an archive of more than ${MOST_HELD >> 20} MB`);
    if (this.#depth >= MOST_DEPTH) return skip(`an archive more than ${MOST_DEPTH} deep`);
    const parts = this.#held!;
    this.#held = undefined;
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    this.#inner ??= new FileScan(this.#detector, this.#depth + 1);
    this.#inner.#budget = this.#budget;
    const scan = async (name: string, content: Uint8Array) => {
      this.#budget.left -= content.length;
      const inner = this.#inner!;
      inner.start(name, content.length);
      inner.feed(content);
      await inner.end(found);
    };
    const budget = this.#budget;
    const before = budget.left;
    if (isGitObjects(path)) {
      for await (const object of gitObjects(path, bytes, budget.left)) {
        await scan(`${path}!/${object.name}`, object.bytes);
        if (budget.left <= 0) break;
      }
    } else if (isZip(bytes)) {
      for (const member of zipMembers(bytes)) {
        const content = await member.read(Math.min(budget.left, MOST_HELD));
        if (content) await scan(`${path}!/${member.path}`, content);
        else if (member.size > 0) {
          // It was tried, and may have cost as much.
          budget.left -= member.size;
          found.skipped.push({ path: `${path}!/${member.path}`, why: 'it cannot be unpacked here' });
        }
        if (budget.left <= 0) break;
      }
    } else if (isGzip(bytes)) {
      const content = await inflateAtMost(bytes, 'gzip', Math.min(budget.left, MOST_EXPANDED));
      if (!content) return skip('its compression is damaged, or it expands to too much');
      budget.left -= content.bytes.length;
      if (isTar(content.bytes)) await scanTar(path, content.bytes, scan);
      else
        await scan(`${path}!/${path.slice(path.lastIndexOf('/') + 1).replace(/\.gz$/, '')}`, content.bytes);
    } else await scanTar(path, bytes, scan);
    if (before > 0 && budget.left <= 0)
      skip(`it expands to more than ${MOST_EXPANDED >> 20} MB: the rest was not looked at`);
  }
}

async function scanTar(
  path: string,
  bytes: Uint8Array,
  scan: (name: string, content: Uint8Array) => Promise<void>,
): Promise<void> {
  const members: { readonly name: string; readonly parts: Uint8Array[] }[] = [];
  async function* whole() {
    yield bytes;
  }
  try {
    await readTar(whole(), {
      entry: (entry) => void members.push({ name: entry.path, parts: [] }),
      // Of what is in memory already; what is handed over is valid only now.
      data: (part, offset) => void members.at(-1)?.parts.push(bytes.subarray(offset, offset + part.length)),
    });
  } catch {
    // What was read of a damaged archive counts.
  }
  for (const { name, parts } of members)
    if (parts.length > 0)
      await scan(`${path}!/${name}`, parts.length === 1 ? parts[0]! : Buffer.concat(parts));
}

function isContainer(path: string, start: Uint8Array): boolean {
  return isGitObjects(path) || isZip(start) || isGzip(start) || (isTar(start) && /\.tar$/i.test(path));
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

function isTar(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', 257, 262) === 'ustar';
}
