// Repositories for tests: git, as somebody whose name is n.

import { command } from './docker.ts';
import { writeTree } from './mille.ts';

/** Runs git in a directory. @returns what it says @throws where it fails */
export function git(directory: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=n', '-c', 'user.email=e@x'];
  const { status, stdout, stderr } = command(['git', ...who, ...args], { cwd: directory });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return String(stdout);
}

/** Writes files, and commits all that is there, also what git would leave out. */
export function commitAll(
  directory: string,
  subject: string,
  files: Readonly<Record<string, string>> = {},
): void {
  writeTree(directory, files);
  git(directory, 'add', '-A', '-f');
  git(directory, 'commit', '-q', '-m', subject);
}
