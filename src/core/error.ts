// What a user can meet as an error. Every code stands in one table with its exit status and its meaning, from
// which `docs/errors.md` is generated. A plain `Error` anywhere in the program is a bug of ours.

import type { Span } from './span.ts';

/** Exit status and one-line meaning of every error code. 125 to 127 are kept for `mille run`, as in Docker. */
export const ERROR_CODES = {
  'step-failed': { exit: 1, meaning: 'a command of the Dockerfile (RUN) failed' },
  usage: { exit: 2, meaning: 'an argument or flag is wrong, or a flag of Docker is not supported' },
  'dockerfile-missing': { exit: 10, meaning: 'there is no Dockerfile where one was looked for' },
  'dockerfile-empty': { exit: 11, meaning: 'the Dockerfile holds no instruction' },
  'dockerfile-syntax': {
    exit: 12,
    meaning: 'the Dockerfile cannot be parsed, or an instruction is malformed',
  },
  'unknown-instruction': { exit: 13, meaning: 'a line starts with a word that is no instruction' },
  'unknown-stage': { exit: 14, meaning: 'a stage named by --target or --from does not exist' },
  'source-missing': { exit: 15, meaning: 'a source of COPY or ADD is not in its context' },
  'copy-conflict': { exit: 16, meaning: 'COPY or ADD would put a directory over a file, or the reverse' },
  'unknown-user': { exit: 17, meaning: 'a user or group is not known to the image' },
  expansion: { exit: 18, meaning: 'a variable expansion is malformed, or asked to fail by ${x:?message}' },
  'context-missing': { exit: 19, meaning: 'the build context is not a directory or cannot be read' },
  'image-missing': { exit: 20, meaning: 'no such image in the store' },
  'reference-invalid': { exit: 21, meaning: 'an image reference is malformed' },
  'platform-unsupported': { exit: 22, meaning: 'the platform asked for cannot be built here' },
  'image-invalid': { exit: 23, meaning: 'a manifest, config or layout is malformed' },
  'image-in-use': { exit: 24, meaning: 'an image cannot be removed while something needs it' },
  'secret-missing': {
    exit: 25,
    meaning: 'RUN requires a secret or an SSH agent that the build was not given',
  },
  'not-allowed': {
    exit: 26,
    meaning: 'the Dockerfile wants a privilege that --allow did not grant',
  },
  'check-failed': {
    exit: 29,
    meaning: 'the Dockerfile breaks a rule of its checks, and error=true is set',
  },
  'lint-failed': {
    exit: 39,
    meaning:
      'mille lint found something of the severity at which it is to fail, or --diff has something to fix',
  },
  'cache-missing': { exit: 28, meaning: 'no such cache mount, or nothing in the cache to be exported' },
  'cache-in-use': { exit: 27, meaning: 'a cache mount cannot be changed while a build uses it' },
  'no-runtime': { exit: 30, meaning: 'no working OCI runtime (runc or crun) on this machine' },
  'no-namespaces': { exit: 31, meaning: 'neither root nor user namespaces are available' },
  'tool-missing': { exit: 32, meaning: 'a program of the system that is needed is not installed' },
  'tool-failed': { exit: 33, meaning: 'a program of the system failed' },
  'file-missing': { exit: 34, meaning: 'no layer of an image has such a file' },
  'vulnerabilities-found': {
    exit: 35,
    meaning: 'mille vuln --exit-code found vulnerabilities of the severity asked for',
  },
  'build-missing': { exit: 36, meaning: 'no record of such a build' },
  'secrets-found': {
    exit: 37,
    meaning:
      'something that looks like a secret was found: by mille secrets, or by a build with --secrets=error',
  },
  'not-reproducible': {
    exit: 38,
    meaning: 'mille build --verify built twice, and a step made something else of which the image has a part',
  },
  'over-budget': { exit: 39, meaning: 'an image exceeds a limit of its budget (mille budget)' },
  'base-refused': {
    exit: 58,
    meaning: 'mille base set --prove could not show that the image behaves alike on the other base',
  },
  'archive-escape': { exit: 40, meaning: 'an archive holds a name or a link that leads out of its root' },
  'archive-broken': { exit: 41, meaning: 'an archive or its compression is damaged' },
  'archive-limit': { exit: 42, meaning: 'an archive exceeds a size, count or ratio limit' },
  'digest-invalid': { exit: 43, meaning: 'a text that should be a digest is not one' },
  'digest-mismatch': { exit: 44, meaning: 'bytes are not the ones their digest promises' },
  'file-format': {
    exit: 45,
    meaning: 'a file given by the user (environment file, ignore file) is malformed',
  },
  'not-locked': {
    exit: 46,
    meaning: 'with --locked: something that is fetched is not in the lock file, or there is none',
  },
  'lock-stale': {
    exit: 47,
    meaning: 'mille lock --check: names mean something else than the lock file says, or are not in it',
  },
  'no-vulnerability-data': {
    exit: 48,
    meaning: 'nothing is held of vulnerabilities of what an image has, or with --exit-code of a part of it',
  },
  'base-unknown': {
    exit: 56,
    meaning: 'mille rebase cannot tell which base an image stands on, or it does not stand on the one named',
  },
  'rebase-unsafe': {
    exit: 49,
    meaning: 'mille rebase found something that would break on the new base, and made nothing',
  },
  'disk-full': { exit: 50, meaning: 'no space left where the store lives' },
  'store-invalid': { exit: 51, meaning: 'the store is of another version or another kind of user' },
  io: { exit: 52, meaning: 'the system refused to read or write a file' },
  'store-full': { exit: 53, meaning: 'more would not fit into what the store may take (maxStore)' },
  'store-damaged': { exit: 54, meaning: "'mille store verify' found something wrong with the store" },
  'file-changed': { exit: 55, meaning: 'a file that was to be written was changed by somebody meanwhile' },
  network: { exit: 60, meaning: 'a URL or a git repository could not be fetched' },
  'address-invalid': {
    exit: 61,
    meaning: 'the address of a git repository, or an option in it, is malformed',
  },
  'ref-missing': {
    exit: 62,
    meaning: 'a git repository does not have the branch, tag, commit or directory that is asked for',
  },
  'registry-denied': {
    exit: 63,
    meaning: 'a registry asks for a login, or refuses the one that it was given',
  },
  interrupted: { exit: 130, meaning: 'interrupted by the user' },
  'run-failed': { exit: 125, meaning: 'the container could not be set up' },
  'command-not-executable': { exit: 126, meaning: 'the command of the container cannot be executed' },
  'command-missing': { exit: 127, meaning: 'the command of the container does not exist' },
} as const satisfies Record<string, { exit: number; meaning: string }>;

/** A code of `ERROR_CODES`. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What may accompany an error: what to do about it, where it is, what caused it, the last output lines. */
export interface ErrorDetails {
  readonly hint?: string;
  readonly span?: Span;
  readonly cause?: unknown;
  /** Last lines of output of the command that failed. */
  readonly output?: readonly string[];
}

/** An error that a user can meet: a code, a message that says what, a hint that says what to do, a place. */
export class MilleError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly span: Span | undefined;
  readonly output: readonly string[] | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MilleError';
    this.code = code;
    this.hint = details.hint;
    this.span = details.span;
    this.output = details.output;
  }

  /** The process exit status for this error. */
  get exitStatus(): number {
    return ERROR_CODES[this.code].exit;
  }

  /** The same error with a place, where it has none yet. */
  at(span: Span | undefined): MilleError {
    return this.span || !span ? this : this.#as(this.message, span);
  }

  /** The same error with what it is about before its message. */
  of(what: string): MilleError {
    return this.#as(`${what}: ${this.message}`, this.span);
  }

  #as(message: string, span: Span | undefined): MilleError {
    return new MilleError(this.code, message, {
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.output === undefined ? {} : { output: this.output }),
      cause: this.cause,
      ...(span ? { span } : {}),
    });
  }
}
