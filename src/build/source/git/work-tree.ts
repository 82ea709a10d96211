// Asking git about a work tree of the user's: where it is and whose, and its log. Its configuration is nobody's to trust:
// what could start a program is switched off on the command line, which wins over any file.

import { CWD, effectiveUid, statAt } from '../../../sys/index.ts';
import type { GitCall, GitOutput } from './git-program.ts';

/** Runs git in the directory that is asked about. */
export type Git = (args: readonly string[]) => Promise<GitOutput>;

/** A directory in a work tree. */
export interface WorkTree {
  /** Where objects are kept: absolute. */
  readonly commonDir: string;
  /** The directory from the top of the work tree, with a slash behind it; '' for the top. */
  readonly prefix: string;
  /** The clone does not have all of its history. */
  readonly shallow: boolean;
}

/** Looks for the work tree of a directory. @returns why there is none that counts, where there is none */
export async function findWorkTree(git: Git, directory: string): Promise<WorkTree | string> {
  const asked = ['--is-inside-work-tree', '--is-shallow-repository', '--show-toplevel', '--show-prefix'];
  const places = ['--absolute-git-dir', '--git-common-dir'];
  const { status, stdout } = await git(['rev-parse', '--path-format=absolute', ...asked, ...places]);
  const [inside, shallow, top = '', prefix = '', gitDir = '', commonDir = ''] = stdout.split('\n');
  if (status !== 0 || inside !== 'true') return 'the context is in no git work tree';
  const stranger = ownedByAnother([gitDir, commonDir, top], directory);
  if (stranger !== undefined) return `the git repository ${stranger} belongs to another user`;
  return { commonDir, prefix, shallow: shallow === 'true' };
}

/**
 * A repository found in a directory further up may have been put there by anybody, as in /tmp. As with git itself it
 * counts where it is one's own, or that of whose context it is.
 */
function ownedByAnother(paths: readonly string[], directory: string): string | undefined {
  const own = new Set([0, effectiveUid(), statAt(CWD, directory)?.uid]);
  return paths.find((path) => !own.has(statAt(CWD, path)?.uid));
}

/** Arguments of `log` for commits with the names that they touch below the directory, and nothing else. */
export const NAMES_ONLY: readonly string[] = [
  ...['--no-renames', '--no-show-signature', '--no-ext-diff', '--no-textconv'],
  ...['--no-color', '--no-decorate', '--no-notes', '--no-mailmap', '--relative', '--name-only', '-z'],
];

const MARK = '\x01';

/** The argument of `log` for what stands above the names of a commit: a format as git's, which `splitLog` finds again. */
export function headers(format: string): string {
  return `--format=${MARK}${format}`;
}

/** A commit in a log: what its header says, and the names below it. */
export interface LoggedCommit {
  readonly header: RegExpExecArray;
  readonly paths: readonly string[];
}

/** Reads what `log` with `NAMES_ONLY` says: headers and names, each ended by a NUL. @param header what a header looks like */
export function splitLog(text: string, header: RegExp): readonly LoggedCommit[] {
  const commits: { header: RegExpExecArray; paths: string[] }[] = [];
  for (const part of text.split('\0')) {
    const line = part.replace(/^\n/, '');
    const found = line.startsWith(MARK) ? header.exec(line.slice(1)) : null;
    if (found) commits.push({ header: found, paths: [] });
    else if (line !== '') commits.at(-1)?.paths.push(line);
  }
  return commits;
}

/** Settings of a repository that would have git start a program, or do what is not asked for. */
const HARMLESS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'log.showSignature=false',
  'gpg.program=false',
  'diff.external=',
  'protocol.allow=never',
].flatMap((setting) => ['-c', setting]);

/** A call of git in a work tree of the user's: nothing of its configuration starts a program. */
export function workTreeCall(args: readonly string[], cwd: string): Omit<GitCall, 'signal'> {
  return {
    args: ['--no-pager', '--no-optional-locks', ...HARMLESS, ...args],
    cwd,
    local: true,
    // A clone without all of its objects is not completed.
    env: { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: '' },
  };
}
