// Java's archives: what Maven left in a jar, else its manifest, else its name; and the jars within (Spring Boot, war,
// ear), to a depth.

import { baseName } from '../../core/index.ts';
import {
  broken,
  type FoundPackage,
  type PackageReader,
  type ReaderTools,
  type Reading,
  word,
} from './types.ts';
import { readZip, type ZipEntry } from './zip.ts';

/** Jars are held in memory while they are read. */
const JAR_LIMIT = 160 * 1024 * 1024;
const INNER_LIMIT = 48 * 1024 * 1024;
const DOCUMENT = 1024 * 1024;
const MOST_DEPTH = 3;
/** Bytes of the jars within one jar, all depths together. */
const MOST_INNER = 512 * 1024 * 1024;

/** `*.jar`, `*.war`, `*.ear`. */
export const javaArchive: PackageReader = {
  type: 'maven',
  listsAll: false,
  limit: JAR_LIMIT,
  matches: ({ path }) => isJar(path),
  read: ({ path, bytes }, tools) => {
    const entries = readZip(bytes, tools);
    if (!entries) return broken(path, 'is no archive that can be read');
    return readJar({ name: path, entries }, { tools, depth: 0, budget: { left: MOST_INNER } });
  },
};

function isJar(name: string): boolean {
  return /\.(?:jar|war|ear|jpi|hpi)$/i.test(name);
}

interface Jar {
  readonly name: string;
  readonly entries: readonly ZipEntry[];
}

interface Depth {
  readonly tools: ReaderTools;
  readonly depth: number;
  readonly budget: { left: number };
}

function readJar(jar: Jar, depth: Depth): Reading {
  const packages: FoundPackage[] = [...ownPackages(jar, depth.tools)];
  const notes: string[] = [];
  for (const entry of jar.entries.filter(({ name }) => isJar(name))) {
    const place = `${jar.name}!${entry.name}`;
    if (depth.depth >= MOST_DEPTH) {
      notes.push(`/${place}: lies too deep to be read`);
      continue;
    }
    depth.budget.left -= entry.size;
    const bytes = depth.budget.left < 0 ? undefined : entry.read(INNER_LIMIT);
    const entries = bytes && readZip(bytes, depth.tools);
    if (!entries) {
      notes.push(`/${place}: is damaged, or too large to be read`);
      continue;
    }
    const inner = readJar({ name: place, entries }, { ...depth, depth: depth.depth + 1 });
    packages.push(...inner.packages);
    notes.push(...inner.notes);
  }
  return { packages, notes };
}

function ownPackages({ name, entries }: Jar, tools: ReaderTools): FoundPackage[] {
  const file = baseName(name.replaceAll('!', '/'));
  const poms = entries.filter((entry) => /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/.test(entry.name));
  const found = poms.flatMap((entry) => {
    const bytes = entry.read(DOCUMENT);
    return bytes ? (fromPom(readProperties(tools.text(bytes))) ?? []) : [];
  });
  const own = readManifest(tools, entries);
  if (found.length === 0) return fromManifest(own, file);
  // What was shaded in has words of its own, and what took it in may have none.
  const named = found.some(({ name: whole }) => file.startsWith(whole.slice(whole.indexOf(':') + 1)));
  const missing = named ? [] : fromManifest(own, file).filter(({ version }) => hasOwnVersion(own, version));
  return [...found, ...missing.filter(({ version }) => !found.some((one) => one.version === version))];
}

function fromPom(properties: ReadonlyMap<string, string>): FoundPackage | undefined {
  const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map((key) =>
    word(properties.get(key)),
  );
  if (!group || !artifact || !version || /[:\s]/.test(group + artifact)) return undefined;
  return { type: 'maven', name: `${group}:${artifact}`, version };
}

/** Whether it is the manifest that says the version. */
function hasOwnVersion(manifest: ReadonlyMap<string, string>, version: string): boolean {
  return [...manifest].some(
    ([key, value]) => /^(?:bundle|implementation)-version$/.test(key) && value === version,
  );
}

/** Without Maven's own words: the file's name says the artifact, the manifest the version, if they say anything. */
function fromManifest(manifest: ReadonlyMap<string, string>, file: string): FoundPackage[] {
  const [, nameInFile, versionInFile] = /^(.+?)(?:-([0-9][^/]*?))?\.[a-z]+$/i.exec(file) ?? [];
  const value = (key: string) => word(manifest.get(key));
  const version =
    value('bundle-version') ?? value('implementation-version') ?? value('specification-version');
  const number = word(versionInFile) ?? version;
  const artifact = word(nameInFile);
  if (!artifact || !number || /[:\s]/.test(artifact)) return [];
  const group = value('implementation-vendor-id') ?? groupOf(value('bundle-symbolicname'), artifact);
  const own = group !== undefined && !/[:\s]/.test(group) ? `${group}:${artifact}` : artifact;
  const license = value('bundle-license');
  return [
    {
      ...({ type: 'maven', name: own, version: number } as const),
      ...(license === undefined || /^https?:/.test(license) ? {} : { licenses: [license] }),
    },
  ];
}

/** `org.slf4j.api;singleton:=true` is of the group `org.slf4j` where the artifact ends as it does. */
function groupOf(symbolic: string | undefined, artifact: string): string | undefined {
  const name = symbolic?.replace(/;.*$/, '').trim();
  if (!name?.includes('.')) return undefined;
  return name.endsWith(`.${artifact}`)
    ? name.slice(0, -artifact.length - 1)
    : name.slice(0, name.lastIndexOf('.'));
}

function readProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([\w.]+)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (match && !/^\s*[#!]/.test(line)) properties.set(match[1]!, match[2]!);
  }
  return properties;
}

/** The main section; a line that begins with a space continues the one before. */
function readManifest(tools: ReaderTools, entries: readonly ZipEntry[]): ReadonlyMap<string, string> {
  const bytes = entries.find(({ name }) => name.toUpperCase() === 'META-INF/MANIFEST.MF')?.read(DOCUMENT);
  const main = tools
    .text(bytes ?? new Uint8Array(0))
    .replace(/\r\n?/g, '\n')
    .split('\n\n', 1)[0]!
    .replace(/\n /g, '');
  return new Map(
    main.split('\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]] : [];
    }),
  );
}
