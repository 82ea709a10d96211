// Which packages of an archive, in which versions: apt decides, as if nothing were installed.

import { MilleError } from '../../../core/index.ts';
import type { Apt } from './apt.ts';
import { type ArchivePackage, readArchivePackages, readPrintedUris } from './package.ts';

/** The lists of the archive. @throws MilleError see `Apt.run` */
export async function updateLists(apt: Apt, onLine?: (line: string) => void): Promise<void> {
  await apt.run('apt-get', ['update', '--error-on=any'], onLine);
}

/**
 * What is installed where some packages are wanted, names or patterns as apt takes them; with all that they depend on,
 * sorted by name.
 * @throws MilleError see `Apt.run`; `tool-failed` where the archive gives no checksum
 */
export async function resolvePackages(apt: Apt, wanted: readonly string[]): Promise<ArchivePackage[]> {
  const printed = await apt.run('apt-get', ['--yes', '--quiet', '--print-uris', 'install', ...wanted]);
  const uris = readPrintedUris(printed);
  const exact = uris.map(({ name, version }) => `${name}=${version}`);
  if (exact.length === 0) return [];
  const found = readArchivePackages(await apt.run('apt-cache', ['show', ...exact]), uris);
  const missing = uris.find(({ name }) => !found.some((one) => one.name === name));
  if (missing)
    throw new MilleError('tool-failed', `the archive gives no SHA-256 of the package '${missing.name}'`);
  return found;
}
