// dpkg's database as a whole: which packages there are, what each wants of others, whose each file is, and which nobody
// asked for by name. For who wants to know what can go. Pure: texts in.

import { MOST_PACKAGES } from './types.ts';

/** Names of packages of which any will do. */
export type Alternatives = readonly string[];

/** A package that is installed. */
export interface DebianPackage {
  /** Its name, with its architecture where another one of that name is installed too: `zlib1g:i386`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** `libdevel`, `doc`; without the archive area. */
  readonly section: string;
  /** dpkg itself counts on it. */
  readonly essential: boolean;
  /** Depends and Pre-Depends. */
  readonly depends: readonly Alternatives[];
  readonly recommends: readonly Alternatives[];
  /** Names of packages that it stands for. */
  readonly provides: readonly string[];
  /** All that the database says of it, as it is written. */
  readonly stanza: string;
}

/** A database. */
export interface DebianDatabase {
  /** By their ids. */
  readonly packages: ReadonlyMap<string, DebianPackage>;
  /** Ids of those that came in for others, as far as apt knows. */
  readonly automatic: ReadonlySet<string>;
  /** Paths, as they are in the image: ids of the packages that have them, of directories often many. */
  readonly owners: ReadonlyMap<string, readonly string[]>;
}

/** What a database is made of. */
export interface DebianFiles {
  /** `var/lib/dpkg/status`. */
  readonly status: string;
  /** `var/lib/apt/extended_states`, where there is one. */
  readonly extendedStates?: string;
  /** `var/lib/dpkg/info/*.list`, by their names without the ending. */
  readonly lists: ReadonlyMap<string, string>;
  /** Where a path really is: `/bin` may be a link to `/usr/bin`. */
  readonly real: (path: string) => string;
}

/** Reads a database. What is not installed in full, but for its settings, is left out. */
export function readDebianDatabase({ status, extendedStates, lists, real }: DebianFiles): DebianDatabase {
  const installed = stanzasOf(status)
    .filter(({ fields }) => / installed$/.test(fields.get('status')?.trim() ?? ''))
    .slice(0, MOST_PACKAGES);
  const names = new Map<string, number>();
  for (const { fields } of installed) {
    const name = textIn(fields, 'package');
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  const packages = new Map<string, DebianPackage>();
  for (const one of installed) {
    const found = packageOf(one, (names.get(textIn(one.fields, 'package')) ?? 0) > 1);
    packages.set(found.id, found);
  }
  const idOf = (name: string, architecture: string) =>
    packages.has(name)
      ? name
      : packages.has(`${name}:${architecture}`)
        ? `${name}:${architecture}`
        : undefined;
  const automatic = new Set(
    stanzasOf(extendedStates ?? '').flatMap(({ fields }) => {
      if (textIn(fields, 'auto-installed') !== '1') return [];
      return idOf(textIn(fields, 'package'), textIn(fields, 'architecture')) ?? [];
    }),
  );
  return { packages, automatic, owners: ownersOf(lists, { real, idOf }) };
}

/** Packages as an archive lists them, or a package says itself: stanzas without a status. */
export function readDebianPackages(text: string): readonly DebianPackage[] {
  return stanzasOf(text)
    .filter(({ fields }) => textIn(fields, 'package') !== '')
    .slice(0, MOST_PACKAGES)
    .map((stanza) => packageOf(stanza, false));
}

/** A field of such a stanza, on one line; empty where it is not there. */
export function debianField({ stanza }: Pick<DebianPackage, 'stanza'>, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(stanza)?.[1]?.trim() ?? '';
}

/** The package that a file of `var/lib/dpkg/info` is about: `libc6:amd64.list` → `libc6`, `amd64`. */
export function packageOfList(name: string): readonly [name: string, architecture: string] {
  const [, base = '', architecture = ''] = /^([^:]*)(?::([^:]*))?$/.exec(name) ?? [];
  return [base, architecture];
}

function ownersOf(
  lists: DebianFiles['lists'],
  {
    real,
    idOf,
  }: {
    readonly real: (path: string) => string;
    readonly idOf: (name: string, architecture: string) => string | undefined;
  },
): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const [list, text] of lists) {
    const id = idOf(...packageOfList(list));
    if (id === undefined) continue;
    for (const line of text.split('\n')) {
      const path = line.replace(/^\/+/, '').replace(/\/\.?$/, '');
      if (path === '' || path === '.') continue;
      const there = real(path);
      const known = owners.get(there);
      if (!known) owners.set(there, [id]);
      else if (!known.includes(id)) known.push(id);
    }
  }
  return owners;
}

function packageOf({ fields, text }: Stanza, isOneOfSeveral: boolean): DebianPackage {
  const [name, architecture] = [textIn(fields, 'package'), textIn(fields, 'architecture')];
  return {
    ...{ id: isOneOfSeveral ? `${name}:${architecture}` : name, name, architecture },
    version: textIn(fields, 'version'),
    section: textIn(fields, 'section').replace(/^.*\//, ''),
    essential: textIn(fields, 'essential') === 'yes',
    depends: [...relationOf(fields.get('pre-depends')), ...relationOf(fields.get('depends'))],
    recommends: relationOf(fields.get('recommends')),
    provides: relationOf(fields.get('provides')).flat(),
    stanza: text,
  };
}

/** `a (>= 1) | b:any, c [amd64]` → [[a, b], [c]]. What is installed fits already, so that versions do not matter. */
function relationOf(text = ''): readonly Alternatives[] {
  return text.split(',').flatMap((group): Alternatives[] => {
    const names = group.split('|').flatMap((one) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(one)?.[1] ?? []);
    return names.length === 0 ? [] : [names];
  });
}

interface Stanza {
  /** Names in lower case; continued lines belong to the value. */
  readonly fields: ReadonlyMap<string, string>;
  readonly text: string;
}

function stanzasOf(text: string): readonly Stanza[] {
  return text.split(/\n(?:[ \t]*\n)+/).flatMap((stanza): Stanza[] => {
    if (stanza.trim() === '') return [];
    const fields = new Map<string, string>();
    let name = '';
    for (const line of stanza.split('\n')) {
      const colon = line.indexOf(':');
      if (/^[ \t]/.test(line)) fields.set(name, `${fields.get(name) ?? ''}\n${line}`);
      else if (colon > 0) {
        name = line.slice(0, colon).toLowerCase();
        fields.set(name, line.slice(colon + 1));
      }
    }
    return [{ fields, text: stanza.trim() }];
  });
}

function textIn(fields: ReadonlyMap<string, string>, name: string): string {
  return fields.get(name)?.trim() ?? '';
}
