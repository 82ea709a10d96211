// Python's distributions, as pip and others record them: a directory of metadata beside the modules (PEP 376, PEP 627),
// or setuptools' older egg-info, a directory or a file.

import { parentPath } from '../../core/index.ts';
import { DOCUMENT_LIMIT, type FoundPackage, NOTHING, type PackageReader, word } from './types.ts';

/** `*.dist-info/METADATA` and `*.egg-info[/PKG-INFO]`. */
export const pythonMetadata: PackageReader = {
  type: 'pypi',
  listsAll: false,
  limit: DOCUMENT_LIMIT,
  matches: ({ path }) => /\.dist-info\/METADATA$|\.egg-info(\/PKG-INFO)?$|\/EGG-INFO\/PKG-INFO$/.test(path),
  read: ({ bytes }, { text }) => {
    const headers = readHeaders(text(bytes));
    const name = word(headers.get('name')?.[0]);
    const version = word(headers.get('version')?.[0]);
    if (!name || !version) return NOTHING;
    const licenses = licensesOf(headers);
    const found: FoundPackage = {
      ...({ type: 'pypi', name, version } as const),
      ...(licenses.length === 0 ? {} : { licenses }),
    };
    return { packages: [found], notes: [] };
  },
};

/** Whether a file lists those of a distribution, with their sizes. */
export function isPythonRecord(path: string): boolean {
  return path.endsWith('.dist-info/RECORD');
}

/** Bytes of the files that a RECORD lists; names, hashes and sizes in CSV, of which only the last column counts. */
export function sizeOfRecord(text: string): number {
  let total = 0;
  for (const line of text.split('\n')) {
    const size = /,([0-9]{1,15})\s*$/.exec(line)?.[1];
    if (size !== undefined) total += Number(size);
  }
  return total;
}

/** What a RECORD and a METADATA have in common. */
export function distributionOf(path: string): string {
  return parentPath(path);
}

/** Headers of mail (PEP 566) up to the first empty line, by names in lower case. */
function readHeaders(text: string): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') break;
    const match = /^([A-Za-z-]+):[ \t]*(.*)$/.exec(line);
    if (!match) continue;
    const [, name = '', value = ''] = match;
    const key = name.toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), value]);
  }
  return headers;
}

/** The expression (PEP 639), else a short text that is no licence as a whole, else what classifiers say. */
function licensesOf(headers: ReadonlyMap<string, readonly string[]>): string[] {
  const expression = word(headers.get('license-expression')?.[0]);
  if (expression) return [expression];
  const short = word(headers.get('license')?.[0]);
  if (short && short.length <= 80 && short !== 'UNKNOWN') return [short];
  return (headers.get('classifier') ?? []).flatMap((classifier) => {
    const parts = classifier.split(' :: ');
    return parts[0] === 'License' && parts.length > 2 ? (word(parts.at(-1)) ?? []) : [];
  });
}
