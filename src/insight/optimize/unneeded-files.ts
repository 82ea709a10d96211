// Files that are in a context because they are in the directory, and are of no use in an image: by their names.

import type { ContextFile } from './evidence.ts';

/** A kind of such files. */
export interface Unneeded {
  /** As it is called: `what git keeps`. */
  readonly what: string;
  /** A step that nobody has watched may read them all the same. */
  readonly careful: boolean;
  /** Only what git does not know: it is this machine's then. */
  readonly untracked: boolean;
  /** Directories that an install makes again: what it makes takes their place. */
  readonly installed: boolean;
  /** Known by what steps looked at alone, not by its name. */
  readonly unread?: true;
}

/** Some of them, by one line of the ignore file. */
export interface UnneededFiles {
  readonly kind: Unneeded;
  /** For the ignore file. */
  readonly line: string;
  /** Paths of the context that it leaves out, with all that is below them. */
  readonly roots: readonly string[];
  readonly files: readonly ContextFile[];
}

interface Kind extends Unneeded {
  /** Whole names, wherever they are. */
  readonly names?: readonly string[];
  /** Lines for the ignore file and the names that they stand for, at the top of the context only. */
  readonly patterns?: readonly { readonly line: string; readonly name: RegExp }[];
}

const NONE = { careful: false, untracked: false, installed: false };

const DOCUMENT = ['README', 'CHANGELOG', 'CONTRIBUTING', 'CODE_OF_CONDUCT', 'SECURITY'];

const KINDS: readonly Kind[] = [
  {
    ...{ ...NONE, what: 'what version control keeps', careful: true },
    names: ['.git', '.gitignore', '.gitattributes', '.gitmodules', '.hg', '.hgignore', '.svn'],
  },
  {
    ...{ ...NONE, what: 'what is for the build itself' },
    names: ['.dockerignore'],
    patterns: [
      { line: 'Dockerfile*', name: /^Dockerfile/ },
      { line: '*.dockerignore', name: /\.dockerignore$/ },
      { line: 'docker-compose*.y*ml', name: /^docker-compose.*\.ya?ml$/ },
      { line: 'compose*.y*ml', name: /^compose.*\.ya?ml$/ },
    ],
  },
  {
    ...{ ...NONE, what: 'what is for the CI' },
    names: ['.github', '.gitlab', '.circleci', '.buildkite'],
    patterns: [
      ...['.gitlab-ci.yml', '.travis.yml', '.drone.yml', '.woodpecker.yml', 'azure-pipelines.yml'],
      ...[
        'bitbucket-pipelines.yml',
        'appveyor.yml',
        '.appveyor.yml',
        'Jenkinsfile',
        '.pre-commit-config.yaml',
      ],
    ].map((line) => ({ line, name: new RegExp(`^${line.replaceAll('.', '\\.')}$`) })),
  },
  {
    ...{ ...NONE, what: 'what editors keep' },
    names: ['.idea', '.vscode', '.vs', '.DS_Store', 'Thumbs.db', '.editorconfig'],
  },
  {
    ...{ ...NONE, what: 'documents about the project', careful: true },
    patterns: [
      ...DOCUMENT.map((name) => ({
        line: `${name}*`,
        name: new RegExp(`^${name}([._-][\\w-]+)?(\\.(md|rst|adoc|txt))?$`),
      })),
      // In small letters sources are called alike: security.py, readme.js.
      ...['readme', 'Readme', 'changelog', 'Changelog', 'contributing'].map((name) => ({
        line: `${name}*`,
        name: new RegExp(`^${name}(\\.(md|rst|adoc|txt))?$`),
      })),
    ],
  },
  {
    ...{ ...NONE, what: 'caches of tools', untracked: true },
    names: [
      ...['__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.nox', '.eslintcache'],
      ...['.nyc_output', '.parcel-cache', '.sass-cache', '.terraform', '.gradle'],
    ],
  },
  {
    ...{ ...NONE, what: 'logs of tools', untracked: true },
    names: ['npm-debug.log', 'yarn-error.log', 'yarn-debug.log', 'lerna-debug.log'],
  },
  {
    ...{ ...NONE, what: 'what was installed on this machine', untracked: true, installed: true },
    names: ['node_modules', 'bower_components', '.venv', 'venv'],
  },
];

/** The kinds of which there are some. */
export function unneededFiles(files: readonly ContextFile[]): readonly UnneededFiles[] {
  const found = new Map<string, { kind: Kind; deep: boolean; roots: Set<string>; files: ContextFile[] }>();
  for (const file of files) {
    const hit = hitOf(file.path);
    if (!hit) continue;
    const one = found.get(hit.key) ?? { kind: hit.kind, deep: false, roots: new Set(), files: [] };
    one.deep ||= hit.root.includes('/');
    one.roots.add(hit.root);
    one.files.push(file);
    found.set(hit.key, one);
  }
  return [...found]
    .sort(([, a], [, b]) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
    .map(([key, { kind, deep, roots, files: own }]) => ({
      ...{ kind, line: deep ? `**/${key}` : key, roots: [...roots], files: own },
    }));
}

/** The topmost part of a path that is of a kind, and the line that leaves it out. */
function hitOf(
  path: string,
): { readonly kind: Kind; readonly key: string; readonly root: string } | undefined {
  for (let start = 0; ; ) {
    const slash = path.indexOf('/', start);
    const end = slash === -1 ? path.length : slash;
    const name = path.slice(start, end);
    for (const kind of KINDS) {
      if (kind.names?.includes(name)) return { kind, key: name, root: path.slice(0, end) };
      const pattern =
        start === 0 && slash === -1 ? kind.patterns?.find((one) => one.name.test(name)) : undefined;
      if (pattern) return { kind, key: pattern.line, root: name };
    }
    if (slash === -1) return undefined;
    start = slash + 1;
  }
}
