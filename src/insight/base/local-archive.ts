// An archive of exactly the packages of a plan, in a directory, for mmdebstrap to install from: what it installs is then
// what was planned, and what was checked.

import { createHasher, makeDirectories, writeFileAtomically } from '../../sys/index.ts';
import type { AptSource } from './apt-source.ts';
import { debPath } from './archive/fetch.ts';
import type { BasePlan } from './base-plan.ts';
import { readControl } from './distroless/deb.ts';
import type { BootstrapRequest } from './request.ts';

/**
 * The packages that mmdebstrap is told by name: all that are there of themselves, for apt to know them as such, but for
 * those that it finds as essential. It would not find the ones of a priority: an archive's lists say another one than the
 * packages themselves, of which the local lists are made.
 */
export function namedPackages({ packages }: Pick<BasePlan, 'packages'>): string[] {
  return packages
    .filter(({ name, reason: { kind } }) => kind !== 'needed' && (kind !== 'essential' || name === 'apt'))
    .map(({ name }) => name);
}

/**
 * Writes the lists beside the files of the packages. @param debs their directory
 * @returns the source of it
 */
export async function makeLocalArchive(
  request: BootstrapRequest,
  plan: BasePlan,
  { debs, tmpDir }: { readonly debs: string; readonly tmpDir: string },
): Promise<AptSource> {
  makeDirectories(debs, 0o755);
  const stanzas: string[] = [];
  for (const one of plan.packages) {
    const path = debPath(debs, one);
    const { control } = await readControl(path, tmpDir);
    const file = `Filename: ./${path.slice(debs.length + 1)}\nSize: ${one.size}\nSHA256: ${one.sha256}\n`;
    stanzas.push(`${control.trim()}\n${file}`);
  }
  const packages = stanzas.join('\n');
  writeFileAtomically(`${debs}/Packages`, packages);
  const hasher = createHasher();
  hasher.update(packages);
  const bytes = new TextEncoder().encode(packages).length;
  const sum = `${hasher.digest().slice('sha256:'.length)} ${bytes} Packages`;
  const { distribution, suite } = request;
  writeFileAtomically(
    `${debs}/Release`,
    `Origin: ${distribution}\nSuite: ${suite}\nCodename: ${suite}\nDate: Thu, 01 Jan 1970 00:00:00 UTC\n` +
      `Architectures: ${plan.architecture} all\nSHA256:\n ${sum}\n`,
  );
  // Each file was checked by its SHA-256, which the signed lists or the lock gave.
  return { uri: `copy:${debs}`, suites: ['./'], components: [], trusted: true };
}
