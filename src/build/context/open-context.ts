// The build context: a directory filtered by its ignore file. `<Dockerfile>.dockerignore` beside the Dockerfile
// wins over the context's own `.dockerignore` (Dockerfile reference, "dockerignore").

import { LIMITS, type SourceText } from '../../core/index.ts';
import {
  createIgnoreMatcher,
  type IgnoreMatcher,
  type IgnoreRules,
  parseIgnore,
} from '../../lang/ignore/index.ts';
import type { FileTree } from '../../oci/image/index.ts';
import { CWD, isErrno, readSmallFile } from '../../sys/index.ts';
import type { DigestMemory } from './digest-memory.ts';
import { openDirectoryTree } from './directory-tree.ts';

/** Options of `openContext`. */
export interface ContextOptions {
  /** Absolute path of the context. */
  readonly directory: string;
  /** Absolute path of the Dockerfile, where it is a file. */
  readonly dockerfile?: string;
  /** How messages call the directory in front of the ignore file's name; not at all by default. */
  readonly shownAs?: string;
  /** What its ignore file says, where somebody has asked already. */
  readonly rules?: () => IgnoreRules | undefined;
  /** A file that is left out, as if the ignore file began with it; relative. `!` lets it in. */
  readonly hidden?: string;
  readonly memory?: DigestMemory;
}

/** A context that COPY can read. */
export interface BuildContext {
  /** Files, with what is ignored left out. */
  readonly tree: FileTree;
  /** Absolute path of the directory that it is, where it is one: it may hold more than the tree shows. */
  readonly directory?: string;
  /** Whether what is copied keeps the owners that the tree shows, as with Docker those of an archive do. */
  readonly keepsOwner?: boolean;
  /** A sentence on the rule that hides a path; undefined where none does. */
  explainMissing(path: string): string | undefined;
  /** Keeps what was learnt about the files, and ends the context. */
  close(): void;
}

/**
 * Opens a context directory.
 * @throws MilleError `context-missing`, or `file-format` for a malformed ignore file.
 */
export function openContext(options: ContextOptions): BuildContext {
  const { directory, memory } = options;
  const written = options.rules ? options.rules() : readIgnoreRules(directory, options);
  const rules = options.hidden === undefined ? written : withHidden(written, options.hidden);
  const matcher = rules ? createIgnoreMatcher(rules) : undefined;
  const filter = matcher && { excludes: matcher.isIgnored, mayLetIn: matcher.mayContainIncluded };
  const tree = openDirectoryTree(directory, { ...(filter ? { filter } : {}), ...(memory ? { memory } : {}) });
  return {
    tree,
    directory,
    explainMissing: (path) => (matcher ? hiddenBy(matcher, path) : undefined),
    close: tree.close,
  };
}

/**
 * What the ignore file of a context says; undefined where there is none.
 * @throws MilleError `file-format`
 */
export function readIgnoreRules(
  directory: string,
  { dockerfile, shownAs }: Pick<ContextOptions, 'dockerfile' | 'shownAs'>,
): IgnoreRules | undefined {
  const beside = dockerfile === undefined ? undefined : `${dockerfile}.dockerignore`;
  const source = readIgnoreFile(beside, directory);
  if (!source) return undefined;
  return parseIgnore(shownAs === undefined ? source : { ...source, name: `${shownAs}/${source.name}` });
}

function readIgnoreFile(beside: string | undefined, directory: string): SourceText | undefined {
  for (const path of [beside, `${directory}/.dockerignore`]) {
    if (path === undefined) continue;
    try {
      const text = Buffer.from(readSmallFile(CWD, path, LIMITS.dockerfile)).toString();
      return { name: path.slice(path.lastIndexOf('/') + 1), text };
    } catch (error) {
      if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
    }
  }
  return undefined;
}

const BUILT_IN = 'what is always left out';

/** Rules that begin with one file. */
function withHidden(rules: IgnoreRules | undefined, hidden: string): IgnoreRules {
  const text = `/${hidden.replace(/[\\*?[]/g, '\\$&')}`;
  const first = parseIgnore({ name: BUILT_IN, text });
  return rules ? { ...rules, rules: [...first.rules, ...rules.rules] } : first;
}

function hiddenBy(matcher: IgnoreMatcher, path: string): string | undefined {
  const rule = matcher.isIgnored(path) ? matcher.decidingRule(path) : undefined;
  if (!rule) return undefined;
  const { source, start, end } = rule.span;
  if (source.name === BUILT_IN)
    return `it is the lock file of this build, which is not sent; '!${path}' in .dockerignore lets it in`;
  const line = source.text.slice(0, start).split('\n').length;
  return `it is hidden by '${source.text.slice(start, end).trim()}' at ${source.name}:${line}; add '!${path}' below that line to let it in`;
}
