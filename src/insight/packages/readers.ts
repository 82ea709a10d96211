// All readers of files, in one table.

import type { Entry } from '../../oci/image/index.ts';
import { alpmDescription } from './alpm.ts';
import { apkInstalled } from './apk.ts';
import { composerInstalled } from './composer.ts';
import { condaMetadata } from './conda.ts';
import { dpkgStatus, dpkgStatusDirectory } from './dpkg.ts';
import { javaArchive } from './java.ts';
import { nodePackage } from './node.ts';
import { nugetDependencies } from './nuget.ts';
import { pythonMetadata } from './python.ts';
import { rpmDatabase } from './rpm/database.ts';
import { gemSpecification } from './ruby.ts';
import type { PackageReader } from './types.ts';

const READERS: readonly PackageReader[] = [
  dpkgStatus,
  dpkgStatusDirectory,
  apkInstalled,
  rpmDatabase,
  alpmDescription,
  pythonMetadata,
  nodePackage,
  javaArchive,
  gemSpecification,
  composerInstalled,
  nugetDependencies,
  condaMetadata,
];

/** The reader for a file; undefined for one that tells of no package, by its path. */
export function readerFor(entry: Entry): PackageReader | undefined {
  return entry.type === 'file' && entry.size > 0
    ? READERS.find((reader) => reader.matches(entry))
    : undefined;
}

/** Whether a file may be a program that carries a list of what it is made of; its content tells. */
export function isProgram({ type, mode, size }: Entry): boolean {
  return type === 'file' && (mode & 0o111) !== 0 && size >= 4096;
}

/** The first bytes of a program (ELF). */
export function startsLikeProgram(start: Uint8Array): boolean {
  return start[0] === 0x7f && start[1] === 0x45 && start[2] === 0x4c && start[3] === 0x46;
}
