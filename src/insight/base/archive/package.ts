// A package of an archive: what its stanza says, and where its file is. Pure.

import { type DebianPackage, debianField, readDebianPackages } from '../../packages/index.ts';

/** A package that was chosen. Its `id` is its name: of one architecture only one of a name can be installed. */
export interface ArchivePackage extends DebianPackage {
  /** The file in the archive, from the archive's root: `pool/main/h/hello/hello_2.10-3_amd64.deb`. */
  readonly file: string;
  /** Where the file is to be had; may hold a password. */
  readonly uri: string;
  /** Bytes of the file. */
  readonly size: number;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  /** What it takes once installed, as it says itself, in bytes. */
  readonly installedSize: number;
}

/** A line of `apt-get --print-uris`. */
export interface PrintedUri {
  readonly uri: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly size: number;
}

/** Reads what `apt-get --print-uris` printed: `'http://…/x.deb' x_1%3a2_amd64.deb 123 SHA256:…`. */
export function readPrintedUris(text: string): PrintedUri[] {
  return text.split('\n').flatMap((line): PrintedUri[] => {
    const [, uri, name, version, architecture, size] =
      /^'([^']+)' ([^\s_]+)_([^\s_]+)_([^\s_]+)\.deb (\d+)/.exec(line) ?? [];
    if (uri === undefined) return [];
    return [
      {
        uri,
        name: name!,
        version: version!.replaceAll(/%3a/gi, ':'),
        architecture: architecture!,
        size: Number(size),
      },
    ];
  });
}

/** The stanzas of `apt-cache show`, each put together with its address. Stanzas without one are of other versions. */
export function readArchivePackages(stanzas: string, uris: readonly PrintedUri[]): ArchivePackage[] {
  const byKey = new Map(uris.map((one) => [keyOf(one), one]));
  const found = new Map<string, ArchivePackage>();
  for (const one of readDebianPackages(stanzas)) {
    const uri = byKey.get(keyOf(one));
    const sha256 = debianField(one, 'SHA256').toLowerCase();
    if (!uri || found.has(one.id) || !/^[0-9a-f]{64}$/.test(sha256)) continue;
    found.set(one.id, { ...one, ...filePart(one), uri: uri.uri, sha256 });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function filePart(one: DebianPackage): Pick<ArchivePackage, 'file' | 'size' | 'installedSize'> {
  return {
    file: debianField(one, 'Filename'),
    size: Number(debianField(one, 'Size')) || 0,
    installedSize: (Number(debianField(one, 'Installed-Size')) || 0) * 1024,
  };
}

function keyOf({
  name,
  version,
  architecture,
}: Pick<PrintedUri, 'name' | 'version' | 'architecture'>): string {
  return `${name} ${version} ${architecture}`;
}
