// What hardly anybody wants in an image, by the names that it has: what tools leave behind, and what holds secrets.

import type { ContextFile } from './context-facts.ts';

/** What was found of a kind, and the line that leaves it out. */
export interface Unwanted {
  /** As it is called: `node_modules`, `.env`. */
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  /** For the ignore file. */
  readonly line: string;
}

/** Directories that a tool makes again wherever it runs, or that are nobody else's business. */
const LEFTOVERS: ReadonlySet<string> = new Set([
  ...['.git', '.hg', '.svn', 'node_modules', 'bower_components', '.venv', 'venv', '__pycache__', '.tox'],
  ...['.mypy_cache', '.pytest_cache', '.ruff_cache', '.terraform', '.gradle', '.idea', '.vscode', '.vs'],
]);

/** Directories that are leftovers only where a file beside them says whose they are. */
const MADE_BY: Readonly<Record<string, readonly string[]>> = { target: ['Cargo.toml', 'pom.xml'] };

const LEFTOVER_FILES: ReadonlySet<string> = new Set([
  '.DS_Store',
  'Thumbs.db',
  'npm-debug.log',
  'yarn-error.log',
]);

/** Example files of the same name hold nothing. */
const ENVIRONMENT = /^\.env(?:\.(?!(?:example|sample|template|dist|test)$)[\w.-]+)?$/;
const SECRET =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|_netrc|\.pypirc|\.npmrc|\.git-credentials|\.htpasswd|\.pgpass|\.dockercfg|kubeconfig|.+\.(?:p12|pfx|jks|keystore|kdbx|ppk|tfstate|tfvars))$/;
/** What lies beside keys and is known to all. */
const PUBLIC = /(?:^|\/)(?:authorized_keys|known_hosts|[^/]+\.pub)$/;
const SECRET_DIRECTORY: ReadonlySet<string> = new Set([
  '.ssh',
  '.aws',
  '.gnupg',
  '.azure',
  '.kube',
  '.docker',
]);

/** What some files hold that tools have left behind, the largest first. */
export function leftovers(files: readonly ContextFile[], all: readonly ContextFile[]): readonly Unwanted[] {
  let names: ReadonlySet<string> | undefined;
  const isThere = (path: string) => {
    names ??= new Set(all.map((file) => file.path));
    return names.has(path);
  };
  return collect(files, (part, { isLast, above }) => {
    if (isLast) return LEFTOVER_FILES.has(part);
    if (LEFTOVERS.has(part)) return true;
    return Object.hasOwn(MADE_BY, part) && MADE_BY[part]!.some((name) => isThere(`${above}${name}`));
  });
}

/** What some files hold that is secret by its name, the largest first; nothing is secret in an empty file. */
export function secretFiles(files: readonly ContextFile[]): readonly Unwanted[] {
  const full = files.filter(({ path, bytes }) => bytes > 0 && !PUBLIC.test(path));
  return collect(full, (part, { isLast }) =>
    isLast ? ENVIRONMENT.test(part) || SECRET.test(part) : SECRET_DIRECTORY.has(part),
  );
}

interface Place {
  /** It is the file itself, not a directory above it. */
  readonly isLast: boolean;
  /** What is above: '' or `a/b/`. */
  readonly above: string;
}

function collect(
  files: readonly ContextFile[],
  isMeant: (part: string, place: Place) => boolean,
): readonly Unwanted[] {
  const found = new Map<string, { files: number; bytes: number; deep: boolean }>();
  for (const { path, bytes } of files) {
    let start = 0;
    for (;;) {
      const slash = path.indexOf('/', start);
      const isLast = slash === -1;
      const part = isLast ? path.slice(start) : path.slice(start, slash);
      if (isMeant(part, { isLast, above: path.slice(0, start) })) {
        const known = found.get(part) ?? { files: 0, bytes: 0, deep: false };
        known.files++;
        known.bytes += bytes;
        known.deep ||= start > 0;
        found.set(part, known);
        break;
      }
      if (isLast) break;
      start = slash + 1;
    }
  }
  return [...found]
    .map(([name, { deep, ...rest }]) => ({ name, line: deep ? `**/${name}` : name, ...rest }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}
