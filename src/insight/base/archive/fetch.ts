// The files of packages, fetched by apt and checked.

import { MilleError } from '../../../core/index.ts';
import { CWD, createHasher, isErrno, makeDirectories, readChunks, statAt } from '../../../sys/index.ts';
import type { BootstrapProgress } from '../progress.ts';
import type { Apt } from './apt.ts';

/** A file that is wanted. */
export interface WantedFile {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly sha256: string;
  readonly size: number;
  /** Where it may be, the best first. */
  readonly uris: readonly string[];
}

/** Where a package's file lies in the directory. */
export function debPath(
  directory: string,
  one: Pick<WantedFile, 'name' | 'version' | 'architecture'>,
): string {
  return `${directory}/${one.name}_${one.version.replaceAll(':', '%3a')}_${one.architecture}.deb`;
}

/** How many files apt is asked for at a time: a command line is bounded. */
const AT_ONCE = 100;

/**
 * Fetches files into a directory; what is there already, whole, is kept.
 * @throws MilleError `tool-failed` naming the packages that are nowhere, or that are not what they should be
 */
export async function fetchPackages(
  apt: Apt,
  files: readonly WantedFile[],
  {
    directory,
    onProgress,
  }: { readonly directory: string; readonly onProgress: (progress: BootstrapProgress) => void },
): Promise<void> {
  makeDirectories(directory, 0o700);
  const most = Math.max(0, ...files.map(({ uris }) => uris.length));
  let missing = await notThere(files, directory);
  let done = files.length - missing.length;
  const failures: MilleError[] = [];
  for (let attempt = 0; attempt < most && missing.length > 0; attempt++) {
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      const part = missing.slice(at, at + AT_ONCE).filter(({ uris }) => uris[attempt] !== undefined);
      if (part.length === 0) continue;
      const args = part.flatMap((one) => [
        // Of `file:` apt would make a link.
        one.uris[attempt]!.replace(/^file:/, 'copy:'),
        debPath(directory, one),
        `SHA256:${one.sha256}`,
      ]);
      try {
        await apt.run('apt-helper', ['download-file', ...args], (line) => {
          const name = /^Get:\d+ \S*?([^/\s]+)_[^/\s]+\.deb /.exec(line)?.[1];
          if (name === undefined) return;
          onProgress({ phase: 'downloading', detail: name, done: ++done, total: files.length });
        });
      } catch (error) {
        if (!(error instanceof MilleError) || error.code !== 'tool-failed') throw error;
        failures.push(error);
      }
    }
    missing = await notThere(missing, directory);
  }
  if (missing.length > 0) throw notToBeHad(missing, failures);
}

async function notThere(files: readonly WantedFile[], directory: string): Promise<WantedFile[]> {
  const missing: WantedFile[] = [];
  for (const one of files) if (!(await isWhole(debPath(directory, one), one))) missing.push(one);
  return missing;
}

async function isWhole(path: string, { sha256, size }: WantedFile): Promise<boolean> {
  try {
    if (statAt(CWD, path)?.size !== size) return false;
    const hasher = createHasher();
    for await (const chunk of readChunks(path)) hasher.update(chunk);
    return hasher.digest() === `sha256:${sha256}`;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

function notToBeHad(missing: readonly WantedFile[], failures: readonly MilleError[]): MilleError {
  const names = missing.map(({ name, version }) => `${name} ${version}`);
  const shown = names.length > 8 ? [...names.slice(0, 8), `${names.length - 8} more`] : names;
  const unreachable = failures.find(({ message }) => /cannot be (found|reached)|no space/.test(message));
  if (unreachable) return unreachable;
  return new MilleError('tool-failed', `not to be had any more: ${shown.join(', ')}`, {
    hint: 'archives keep the newest versions only: name one that keeps all with --mirror URL (a snapshot), or take the newest with --update-lock',
    output: failures.flatMap(({ output }) => output ?? []).slice(-12),
  });
}
