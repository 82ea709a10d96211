// apk: Alpine, Wolfi, Chainguard. A file of records, a letter and a value a line (apk-tools' manual, "installed").

import { joinRelative } from '../../core/index.ts';
import { type FoundPackage, MOST_PACKAGES, type PackageReader, TEXT_LIMIT, word } from './types.ts';

/** `lib/apk/db/installed`, which newer releases have below usr. */
export const apkInstalled: PackageReader = {
  type: 'apk',
  listsAll: true,
  limit: TEXT_LIMIT,
  matches: ({ path }) => path === 'lib/apk/db/installed' || path === 'usr/lib/apk/db/installed',
  read: ({ bytes }, { text }) => {
    const packages: FoundPackage[] = [];
    for (const record of text(bytes).split(/\n[ \t]*\n/)) {
      if (packages.length >= MOST_PACKAGES) break;
      const found = readRecord(record);
      if (found) packages.push(found);
    }
    return { packages, notes: [] };
  },
};

function readRecord(record: string): FoundPackage | undefined {
  const fields = new Map<string, string>();
  const files: string[] = [];
  let directory = '';
  for (const line of record.split('\n')) {
    if (line[1] !== ':') continue;
    const [letter, value] = [line[0]!, line.slice(2)];
    if (letter === 'F') directory = value;
    else if (letter === 'R') files.push(joinRelative(directory, value));
    else if (!fields.has(letter)) fields.set(letter, value);
  }
  const name = word(fields.get('P'));
  const version = word(fields.get('V'));
  if (!name || !version) return undefined;
  const origin = word(fields.get('o'));
  const architecture = word(fields.get('A'));
  const license = word(fields.get('L'));
  const size = /^[0-9]{1,15}$/.exec(fields.get('I') ?? '')?.[0];
  return {
    ...({ type: 'apk', name, version } as const),
    ...(origin === undefined || origin === name ? {} : { source: { name: origin, version } }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(license === undefined ? {} : { licenses: [license] }),
    ...(size === undefined ? {} : { size: Number(size) }),
    ...(files.length === 0 ? {} : { files }),
  };
}
