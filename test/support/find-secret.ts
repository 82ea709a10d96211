// Where a secret can be found: in files, in every column of every database, in what programs said, and in the arguments
// and variables of processes; as it is, and in the forms that programs write such bytes in.

import { Database } from 'bun:sqlite';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { unpackBytes } from '../../src/sys/index.ts';

/** Texts that give a secret away: itself, and in base64 (wherever it begins), hexadecimal, JSON and URLs. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // Of three bytes in a row one is the first of a group of base64; what depends on the neighbours is cut off.
  const shifted = [0, 1, 2].map((skip) => {
    const whole = bytes.subarray(skip, bytes.length - ((bytes.length - skip) % 3));
    return whole.toString('base64');
  });
  const forms = [
    ...[bytes.toString('latin1'), ...shifted, ...shifted.map(urlAlphabet)],
    ...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    ...[Buffer.from(JSON.stringify(secret).slice(1, -1)).toString('latin1'), encodeURIComponent(secret)],
  ];
  return [...new Set(forms)];
}

const urlAlphabet = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');

/** Looks for secrets. Each method gives the places where one is, a line each. */
export class SecretSearch {
  private readonly forms: readonly string[];

  constructor(secrets: readonly string[]) {
    this.forms = secrets.flatMap(formsOf);
  }

  /** @param text one character a byte, or without others than ASCII */
  isIn(text: string): boolean {
    return this.forms.some((form) => text.includes(form));
  }

  /** Names and contents of all files below a directory, and the values in databases, packed or not. */
  inFiles(directory: string): string[] {
    const found: string[] = [];
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (this.isIn(entry.name)) found.push(path);
      if (!entry.isFile()) continue;
      const content = readIfThere(path);
      if (this.isIn(content)) found.push(path);
      if (content.startsWith('SQLite format 3\0')) found.push(...this.inDatabase(path));
    }
    return found;
  }

  /** Also what is only in its write-ahead log so far. */
  private inDatabase(path: string): string[] {
    const database = new Database(path, { readonly: true });
    try {
      const tables = database.query<{ name: string }, []>(
        "SELECT name FROM sqlite_master WHERE type = 'table'",
      );
      return tables.all().flatMap(({ name }) => {
        const rows = database.query<Record<string, unknown>, []>(`SELECT * FROM "${name}"`).all();
        const values = rows.flatMap((row) => Object.entries(row));
        return values.flatMap(([column, value]) =>
          this.isIn(valueText(value)) ? [`${path}: ${name}.${column}`] : [],
        );
      });
    } finally {
      database.close();
    }
  }

  /**
   * Arguments and variables of every process outside of containers.
   * @param except who was given the secret by whoever started it: a process, or whatever runs a program (its path);
   * children are their parent until they start a program of their own
   */
  inProcesses(except?: number | string): string[] {
    const line = typeof except === 'number' ? readIfThere(`/proc/${except}/cmdline`) : '';
    // Asked before anything is read: what is no longer the parent then is not when it is read either.
    const excepted = (pid: string) =>
      typeof except === 'string'
        ? programOf(pid) === except
        : Number(pid) === except || (line !== '' && readIfThere(`/proc/${pid}/cmdline`) === line);
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && !excepted(pid) && !insideContainer(pid))
      .flatMap((pid) =>
        ['cmdline', 'environ']
          .map((file) => `/proc/${pid}/${file}`)
          .filter((path) => this.isIn(readIfThere(path)))
          .map((path) => `${path} (${readIfThere(`/proc/${pid}/comm`).trim()})`),
      );
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return Buffer.from(value).toString('latin1');
  if (!(value instanceof Uint8Array)) return '';
  const plain = Buffer.from(value).toString('latin1');
  try {
    return plain + Buffer.from(unpackBytes(value)).toString('latin1');
  } catch {
    return plain;
  }
}

/** The first process namespace is of the runtime and what starts it, the one below it the container's own. */
function insideContainer(pid: string): boolean {
  const ids = /^NSpid:\s*(.*)$/m.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? '';
  return ids.split(/\s+/).length > 2;
}

/** The program that a process runs; empty where it has ended. */
function programOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
