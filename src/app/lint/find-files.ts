// The Dockerfiles that are meant by paths: files as they are, and those that lie in directories.

import { displayPath, MilleError } from '../../core/index.ts';
import { CWD, closeFd, isErrno, listDirectory, O, openAt, statAt } from '../../sys/index.ts';

/** `Dockerfile`, `Dockerfile.prod`, `app.Dockerfile`; Containerfile likewise. */
const NAME = /^(?:dockerfile|containerfile)(?:[.-].+)?$|\.(?:dockerfile|containerfile)$/i;

/** What is named like one and is none: ignore files, templates, scripts, pages, leftovers of editors. */
const OTHER =
  /\.(?:dockerignore|j2|jinja2?|tmpl|tpl|template|erb|in|md|txt|sh|py|js|ts|go|rb|php|json|ya?ml|bak|orig|rej|sw[op])$|~$/i;

/** Directories in which other people's files lie. */
const SKIPPED = new Set(['node_modules', '.git', '.hg', '.svn', 'vendor', '.venv', '__pycache__']);

/** Directories below one another, at most. */
const DEEPEST = 40;

/**
 * The paths of Dockerfiles.
 * @throws MilleError `dockerfile-missing` where a path is not there, or a directory holds none
 */
export function findFiles(given: readonly string[]): readonly string[] {
  const found = given.flatMap((path) => {
    if (path === '-') return [path];
    const type = typeOf(path);
    if (type === undefined) return [lowerCased(path)];
    if (type !== 'dir') return [path];
    const below = filesBelow(withoutSlash(path), 0);
    if (below.length > 0) return below;
    throw new MilleError('dockerfile-missing', `no Dockerfile in '${displayPath(path)}' or below`, {
      hint: 'files named Dockerfile, Dockerfile.NAME and NAME.Dockerfile are looked for; give the path of another',
    });
  });
  return [...new Set(found)];
}

/**
 * The one that is meant where only one can be: as builds do it, of a directory its Dockerfile. Others beside it have to be
 * named; where the directory has none, all that are found below it are given.
 * @throws MilleError as {@link findFiles}
 */
export function findFile(path: string): readonly [string, ...string[]] {
  const [file = path, ...others] = findFiles([path]);
  const found = [file, ...others] as const;
  const usual = ['Dockerfile', 'dockerfile'].map((name) => `${insideOf(withoutSlash(path))}${name}`);
  const meant = usual.find((one) => found.includes(one));
  return meant === undefined ? found : [meant];
}

/** The type of what a path leads to, links followed. */
function typeOf(path: string): string | undefined {
  if (path === '') return undefined;
  return statAt(CWD, `${path}/.`) ? 'dir' : statAt(CWD, path)?.type;
}

/** As builds do it: a Dockerfile that is not there may be called dockerfile. */
function lowerCased(path: string): string {
  const lower = path.replace(/(^|\/)Dockerfile$/, '$1dockerfile');
  if (lower === path || (typeOf(lower) ?? 'dir') === 'dir') throw missing(path);
  return lower;
}

function missing(path: string): MilleError {
  return new MilleError('dockerfile-missing', `no such file: '${displayPath(path)}'`, {
    hint: "give the path of a Dockerfile or of a directory, or '-' for standard input",
  });
}

function withoutSlash(path: string): string {
  return path.replace(/(?<=.)\/+$/, '');
}

/** What the paths of files in a directory begin with. */
function insideOf(directory: string): string {
  return directory === '.' ? '' : `${directory === '/' ? '' : directory}/`;
}

function filesBelow(directory: string, depth: number): readonly string[] {
  const names = list(directory).sort();
  const inside = insideOf(directory);
  const files: string[] = [];
  const deeper: string[] = [];
  for (const name of names) {
    const path = `${inside}${name}`;
    const type = statAt(CWD, path)?.type;
    if (type === 'dir' && !SKIPPED.has(name) && depth < DEEPEST) deeper.push(path);
    else if (NAME.test(name) && !OTHER.test(name) && type !== 'dir' && typeOf(path) !== 'dir')
      files.push(path);
  }
  return [...files, ...deeper.flatMap((path) => filesBelow(path, depth + 1))];
}

function list(directory: string): string[] {
  try {
    const fd = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
    try {
      return listDirectory(fd);
    } finally {
      closeFd(fd);
    }
  } catch (error) {
    // What may not be looked into holds nothing of ours.
    if (isErrno(error, 'EACCES', 'EPERM', 'ENOENT')) return [];
    throw error;
  }
}
