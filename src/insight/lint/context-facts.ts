// What lies in the directory that is a build's context, and which of it instructions read. Somebody else looks; here are
// names and sizes as plain data.

import { cleanRelative } from '../../core/index.ts';
import type { AddInstruction, CopyInstruction, Word } from '../../lang/dockerfile/index.ts';
import {
  compilePattern,
  createIgnoreMatcher,
  type Glob,
  hasWildcard,
  parsePatterns,
} from '../../lang/ignore/index.ts';
import type { BuiltInstruction, LintSubject } from './subject.ts';

/** A file of the context, or a link. */
export interface ContextFile {
  /** Clean and relative to the context. */
  readonly path: string;
  readonly bytes: number;
}

/** A context that somebody has looked at. */
export interface ContextFacts {
  /** What a build may see. */
  readonly files: readonly ContextFile[];
  readonly directories: readonly string[];
  /** What the ignore file leaves out: the topmost paths. */
  readonly hidden: readonly string[];
  /** It is larger than what was looked at: what is not listed may be there. */
  readonly more: boolean;
  /** The ignore file that counts, or would if it were there; its path as people are to read it. */
  readonly ignoreFile: { readonly path: string; readonly exists: boolean };
}

/** A source of COPY or ADD that lies in the build context. */
export interface LocalSource {
  readonly built: BuiltInstruction;
  readonly instruction: CopyInstruction | AddInstruction;
  readonly word: Word;
  /** Expanded and clean; '' is the whole context. */
  readonly path: string;
  readonly wildcard: boolean;
  /** Whether it takes a path of the context: by its name, by what is above it, and not excluded. */
  readonly takes: (path: string) => boolean;
}

/** The sources in the build context of all COPY and ADD that are built; undefined where some could not be read. */
export function localSources({ built }: LintSubject): readonly LocalSource[] | undefined {
  const found: LocalSource[] = [];
  for (const one of built) {
    const { instruction, planned, expansions } = one;
    if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue;
    if ((planned.sources[0]?.kind ?? 'build-context') !== 'build-context') continue;
    const textOf = (word: Word) => expansions.find((expanded) => expanded.word === word)?.expansion.text;
    // As they are written: a build expands no variables in them.
    const excluded = excluder(instruction.exclude.map((word) => word.text));
    for (const word of instruction.sources) {
      const text = textOf(word);
      if (text === undefined) return undefined;
      if (instruction.kind === 'add' && /^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(text)) continue;
      const path = cleanRelative(text);
      const wildcard = hasWildcard(path);
      const matches = matcherOf(path, wildcard);
      if (!matches) return undefined;
      const keepsPath = instruction.kind === 'copy' && instruction.parents;
      const takes = (file: string) => {
        const end = matches(file);
        // What is left out is told from the source on.
        return end !== undefined && !excluded(keepsPath ? file : file.slice(end));
      };
      found.push({ built: one, instruction, word, path, wildcard, takes });
    }
  }
  return found;
}

/** The same, those of one instruction together. */
export function sourcesByInstruction(
  subject: LintSubject,
): readonly (readonly [LocalSource, ...LocalSource[]])[] {
  const groups = new Map<BuiltInstruction, [LocalSource, ...LocalSource[]]>();
  for (const source of localSources(subject) ?? []) {
    const group = groups.get(source.built);
    if (group) group.push(source);
    else groups.set(source.built, [source]);
  }
  return [...groups.values()];
}

/** The paths of the build context that a RUN has as bind mounts; '' is all of it. */
export function boundContextPaths({ instruction, planned }: BuiltInstruction): readonly string[] {
  if (instruction.kind !== 'run') return [];
  return instruction.mounts.flatMap(({ fields }, i) => {
    const fieldOf = (...keys: readonly string[]) => fields.find(({ key }) => keys.includes(key))?.value;
    if ((fieldOf('type') ?? 'bind') !== 'bind' || planned.sources[i]?.kind !== 'build-context') return [];
    const source = fieldOf('source', 'src') ?? '';
    // A variable may stand for any path.
    return [source.includes('$') ? '' : cleanRelative(source)];
  });
}

/** Where the part of a path ends that the source names, behind its slash; undefined for a path that it does not take. */
type SourceMatcher = (path: string) => number | undefined;

/** Undefined where the source is malformed. */
function matcherOf(source: string, wildcard: boolean): SourceMatcher | undefined {
  if (source === '') return () => 0;
  if (!wildcard)
    return (path) => {
      if (path === source) return 0;
      return path.startsWith(`${source}/`) ? source.length + 1 : undefined;
    };
  let glob: Glob;
  try {
    glob = compilePattern(source);
  } catch {
    return undefined;
  }
  return (path) => {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      if (glob.matches(path.slice(0, end))) return end + 1;
    }
    return glob.matches(path) ? 0 : undefined;
  };
}

function excluder(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  try {
    return createIgnoreMatcher(parsePatterns({ name: '--exclude', text: patterns.join('\n') })).isIgnored;
  } catch {
    return () => false;
  }
}

/** A fix that adds lines to the ignore file. */
export function ignoreFix({ ignoreFile }: ContextFacts, lines: readonly string[], what: string) {
  const verb = ignoreFile.exists ? 'add' : 'write';
  const to = ignoreFile.exists ? 'to' : 'into a new';
  return {
    fix: {
      title: `${verb} ${what} ${to} ${ignoreFile.path}`,
      edits: [],
      addedLines: [{ path: ignoreFile.path, lines }],
      // A command may need what looks as if nobody did: `git describe` reads .git.
      fixClass: 'unsafe',
    },
  } as const;
}
