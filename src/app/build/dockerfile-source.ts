// Where the Dockerfile is, and its text.

import { displayPath, LIMITS, MilleError, type SourceText } from '../../core/index.ts';
import { parseTree } from '../../lang/dockerfile/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  listDirectory,
  O,
  openAt,
  readNamedFile,
  readSmallFile,
  statAt,
} from '../../sys/index.ts';

/** A Dockerfile that was read; `path` is absolute, and absent for standard input or an archive. */
export interface DockerfileSource {
  readonly source: SourceText;
  readonly path?: string;
  /** In a tree: its own path there, and the text of a file beside it. */
  readonly inTree?: { readonly path: string; beside(name: string): SourceText | undefined };
}

/**
 * Decodes the text of a Dockerfile that is to be built.
 * @throws MilleError `dockerfile-syntax` for what cannot be one, and for bytes that are no UTF-8 in what comes into files
 */
export function decodeDockerfile(name: string, bytes: Uint8Array): SourceText {
  const source = decodeLeniently(name, bytes);
  if (source.text.includes(REPLACED) && !Buffer.from(source.text, 'utf8').equals(bytes)) checkWritten(source);
  return source;
}

/**
 * Decodes the text of a Dockerfile that is to be looked at: of bytes that are no UTF-8 nobody asks.
 * @throws MilleError `dockerfile-syntax` for what cannot be one
 */
export function decodeLeniently(name: string, bytes: Uint8Array): SourceText {
  const text = Buffer.from(bytes).toString('utf8');
  if (text.includes('\0')) {
    const isWide = ['fffe', 'feff'].includes(Buffer.from(bytes.subarray(0, 2)).toString('hex'));
    const [what, hint] = isWide
      ? ['is UTF-16', 'save it as UTF-8: some editors, and > of PowerShell, write UTF-16']
      : ['is not a text file', 'an archive given on standard input must be a tar'];
    throw new MilleError('dockerfile-syntax', `${displayPath(name)} ${what}`, {
      hint: `a Dockerfile is UTF-8 text; ${hint}`,
    });
  }
  return { name, text };
}

/** What stands for a byte that is no UTF-8. */
const REPLACED = '\ufffd';

/** What these instructions say comes into files, or names them: there something else would stand for a byte. */
const WRITING = new Set(['run', 'copy', 'add', 'workdir']);

function checkWritten(source: SourceText): void {
  for (const node of parseTree(source).nodes) {
    if (node.kind !== 'instruction') continue;
    const { keyword } = node.clause.trigger ?? node.clause;
    if (!WRITING.has(keyword.text.toLowerCase())) continue;
    // Not what is a comment within it.
    const isOfComment = (at: number) =>
      node.trivia.some(({ kind, start, end }) => kind === 'comment' && start <= at && at < end);
    for (let at = node.start; ; at++) {
      at = source.text.indexOf(REPLACED, at);
      if (at < 0 || at >= node.end) break;
      if (isOfComment(at)) continue;
      throw new MilleError('dockerfile-syntax', `${keyword.text} holds a byte that is no UTF-8`, {
        span: { source, start: at, end: at + 1 },
        hint: 'a Dockerfile is UTF-8 text: save it in that encoding',
      });
    }
  }
}

/**
 * Reads a file that was brought here, under the name that it had.
 * @throws MilleError `dockerfile-syntax` for what is no Dockerfile
 */
export function readBroughtDockerfile(path: string, name: string): DockerfileSource {
  try {
    return { source: decodeDockerfile(name, readSmallFile(CWD, path, LIMITS.dockerfile)) };
  } catch (error) {
    if (isErrno(error, 'EFBIG')) throw tooLarge(name);
    throw error;
  }
}

function tooLarge(name: string): MilleError {
  return new MilleError(
    'dockerfile-syntax',
    `${displayPath(name)} is larger than ${LIMITS.dockerfile} bytes`,
    {
      hint: 'a Dockerfile is a text; a context is a directory, or a tar archive, also compressed',
    },
  );
}

/**
 * Reads the Dockerfile of a context directory, `dockerfile` standing in for a missing `Dockerfile` as with Docker.
 * @param given the path of -f as written, relative to the working directory; a pipe is waited for
 * @throws MilleError `dockerfile-missing`
 */
export async function readDockerfile(
  context: string,
  given: string | undefined,
  workingDirectory: string,
): Promise<DockerfileSource> {
  const candidates =
    given === undefined
      ? [`${context}/Dockerfile`, `${context}/dockerfile`]
      : [given.startsWith('/') ? given : `${workingDirectory}/${given}`];
  for (const path of candidates) {
    const name = given ?? path.slice(path.lastIndexOf('/') + 1);
    try {
      if (statAt(CWD, path)?.type === 'dir') throw isDirectory(name);
      return { source: decodeDockerfile(name, await readNamedFile(path, LIMITS.dockerfile)), path };
    } catch (error) {
      if (isErrno(error, 'EFBIG')) throw tooLarge(name);
      if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
    }
  }
  throw missing(given, context);
}

function isDirectory(name: string): MilleError {
  return new MilleError('dockerfile-missing', `'${displayPath(name)}' is a directory, not a Dockerfile`, {
    hint: '-f takes the path of a file; the directory to build is the last argument',
  });
}

function missing(given: string | undefined, context: string): MilleError {
  const near = similar(context);
  const hint =
    near.length > 0
      ? `there is ${near.join(', ')}: use -f`
      : given === undefined
        ? 'create a file named Dockerfile there, or name one with -f'
        : '-f is relative to the working directory, not to the context';
  const what =
    given === undefined
      ? `no Dockerfile in '${displayPath(context)}'`
      : `no such file: '${displayPath(given)}'`;
  return new MilleError('dockerfile-missing', what, { hint });
}

function similar(context: string): string[] {
  try {
    const fd = openAt(CWD, context, { flags: O.RDONLY | O.DIRECTORY });
    try {
      return listDirectory(fd).filter(
        (name) => /dockerfile|containerfile/i.test(name) && !name.endsWith('.dockerignore'),
      );
    } finally {
      closeFd(fd);
    }
  } catch {
    return [];
  }
}
