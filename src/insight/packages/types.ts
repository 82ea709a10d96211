// What is known of a package, whatever manager installed it, and what a reader of databases is.

import type { Entry } from '../../oci/image/index.ts';

/** The kinds of packages, by the names that package URLs give them (`generic`: what no manager knows of). */
export const PACKAGE_TYPES = [
  'deb',
  'apk',
  'rpm',
  'alpm',
  'pypi',
  'npm',
  'golang',
  'maven',
  'gem',
  'composer',
  'cargo',
  'nuget',
  'conda',
  'generic',
] as const;

/** One of `PACKAGE_TYPES`. */
export type PackageType = (typeof PACKAGE_TYPES)[number];

/** A package as a file of the image tells of it. */
export interface FoundPackage {
  readonly type: PackageType;
  /** The whole name as its manager writes it: `@scope/name`, `group:artifact`, `github.com/a/b`. */
  readonly name: string;
  readonly version: string;
  /** The source package, where it is another: what security advisories of distributions speak of. */
  readonly source?: { readonly name: string; readonly version?: string };
  readonly architecture?: string;
  /** As the database writes them: SPDX expressions, or whatever else its authors wrote. */
  readonly licenses?: readonly string[];
  /** Bytes that it takes once installed. */
  readonly size?: number;
  /** Files that it is known to consist of besides the one that tells of it, as clean paths. */
  readonly files?: readonly string[];
  /** It is said to be there by a variable of the image alone, and not by a file. */
  readonly claimed?: true;
}

/** A package of an image, with what is known of where it came from. */
export interface InstalledPackage extends Omit<FoundPackage, 'files'> {
  /** The file that tells of it, a clean path. */
  readonly path: string;
  /** Index of the layer that brought it. */
  readonly layer: number;
  readonly purl?: string;
  /** The distribution's package that it is a part of. */
  readonly partOf?: string;
}

/** What a file told. */
export interface Reading {
  readonly packages: readonly FoundPackage[];
  /** What could not be read, in a sentence each; a file that is broken ends nothing. */
  readonly notes: readonly string[];
}

/** What readers cannot do themselves, being pure. */
export interface ReaderTools {
  /** Decodes UTF-8; what is no UTF-8 becomes U+FFFD. */
  text(bytes: Uint8Array): string;
  /** Expands a raw deflate stream, or one of zlib; undefined for a broken one and beyond `limit` bytes. */
  inflate(bytes: Uint8Array, format: 'raw' | 'zlib', limit: number): Uint8Array | undefined;
}

/** A file's content, all of it. */
export interface PackageFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Reads one kind of file that tells of packages. */
export interface PackageReader {
  readonly type: PackageType;
  /** Whether a file may tell of packages. */
  matches(entry: Entry): boolean;
  /** The file lists all packages there are and is written anew with every change: earlier ones tell when each came. */
  readonly listsAll: boolean;
  /** Larger files are not read but noted. */
  readonly limit: number;
  /** @throws nothing: what is broken is a note */
  read(file: PackageFile, tools: ReaderTools): Reading;
}

/** Nothing of interest. */
export const NOTHING: Reading = { packages: [], notes: [] };

/** A reading that failed. */
export function broken(path: string, why: string): Reading {
  return { packages: [], notes: [`/${path}: ${why}`] };
}

/** Bytes of databases (text is held twice while it is read), and of what is one package's own. */
export const DATABASE_LIMIT = 192 * 1024 * 1024;
export const TEXT_LIMIT = 48 * 1024 * 1024;
export const DOCUMENT_LIMIT = 8 * 1024 * 1024;

/** Packages of one file that are taken; a hostile one could list any number. */
export const MOST_PACKAGES = 200_000;

/** A text of a database as a name or a version: one line, of a length that names have; undefined for others. */
export function word(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  if (!trimmed || trimmed.length > 512 || /[\x00-\x1f\x7f]/.test(trimmed)) return undefined;
  return trimmed;
}
