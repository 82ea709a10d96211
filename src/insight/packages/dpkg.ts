// dpkg: Debian, Ubuntu and what derives from them. One status file for all packages, or, in images without a
// package manager (distroless), one a package in status.d.

import { type FoundPackage, MOST_PACKAGES, NOTHING, type PackageReader, TEXT_LIMIT, word } from './types.ts';

/** Packages whose files are there, configured or not (dpkg's manual, "package states"). */
const PRESENT = new Set(['installed', 'unpacked', 'half-configured', 'triggers-awaited', 'triggers-pending']);

/** `var/lib/dpkg/status`. */
export const dpkgStatus: PackageReader = {
  type: 'deb',
  listsAll: true,
  limit: TEXT_LIMIT,
  matches: ({ path }) => path === 'var/lib/dpkg/status',
  read: ({ bytes }, { text }) => ({ packages: readStanzas(text(bytes), true), notes: [] }),
};

/** `var/lib/dpkg/status.d/*`: stanzas without a status. */
export const dpkgStatusDirectory: PackageReader = {
  type: 'deb',
  listsAll: false,
  limit: TEXT_LIMIT,
  matches: ({ path }) => /^var\/lib\/dpkg\/status\.d\/[^/]+$/.test(path) && !/\.(md5sums|list)$/.test(path),
  read: ({ bytes }, { text }) => {
    const packages = readStanzas(text(bytes), false);
    return packages.length === 0 ? NOTHING : { packages, notes: [] };
  },
};

function readStanzas(text: string, needsStatus: boolean): FoundPackage[] {
  const packages: FoundPackage[] = [];
  for (const stanza of stanzasOf(text)) {
    if (packages.length >= MOST_PACKAGES) break;
    const name = word(stanza.get('package'));
    const version = word(stanza.get('version'));
    const state = stanza.get('status')?.trim().split(/\s+/).at(-1);
    if (!name || !version) continue;
    if (state === undefined ? needsStatus : !PRESENT.has(state)) continue;
    packages.push({ type: 'deb', name, version, ...details(stanza, { name, version }) });
  }
  return packages;
}

function details(
  stanza: ReadonlyMap<string, string>,
  own: { readonly name: string; readonly version: string },
): Pick<FoundPackage, 'source' | 'architecture' | 'size'> {
  const [, source, sourceVersion] = /^(\S+)(?:\s+\((\S+)\))?$/.exec(stanza.get('source')?.trim() ?? '') ?? [];
  const other = source !== undefined && (source !== own.name || sourceVersion !== undefined);
  const architecture = word(stanza.get('architecture'));
  const kibibytes = /^[0-9]{1,12}$/.exec(stanza.get('installed-size')?.trim() ?? '')?.[0];
  return {
    ...(other ? { source: { name: source, version: sourceVersion ?? own.version } } : {}),
    ...(architecture === undefined ? {} : { architecture }),
    ...(kibibytes === undefined ? {} : { size: Number(kibibytes) * 1024 }),
  };
}

/** The fields that are wanted; a description alone is most of the file. */
const WANTED = new Set(['package', 'version', 'status', 'source', 'architecture', 'installed-size']);

/** The stanzas of a control file: names of fields in lower case, continued lines left out. */
function* stanzasOf(text: string): IterableIterator<ReadonlyMap<string, string>> {
  let fields = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    const line = text.slice(at, end);
    at = end + 1;
    if (line.trim() === '') {
      if (fields.size > 0) yield fields;
      fields = new Map();
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || line[0] === ' ' || line[0] === '\t') continue;
    const name = line.slice(0, colon).toLowerCase();
    if (WANTED.has(name)) fields.set(name, line.slice(colon + 1));
  }
  if (fields.size > 0) yield fields;
}
