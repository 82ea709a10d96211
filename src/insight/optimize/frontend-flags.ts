// Flags of COPY that are young: whether the frontend that a file asks for knows them, and what `--parents` can then take in
// one line.

import { baseName, parentPath, type SourceText, type TextEdit } from '../../core/index.ts';
import { detectSyntax } from '../../lang/dockerfile/index.ts';
import { MANIFEST } from './commits.ts';

/** Since which version of the frontend they are there: of docker/dockerfile, and of its labs. */
const SINCE = {
  parents: { minor: 20, labsMinor: 7 },
  exclude: { minor: 19, labsMinor: 7 },
} as const;

/** The frontend that knows a flag, for people: `1.20`. */
export function knownSince(flag: keyof typeof SINCE): string {
  return `1.${SINCE[flag].minor}`;
}

/** Asks for the newest frontend of the first version, in a file that asks for none. */
export function askForNewest({ text }: SourceText): TextEdit {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  return { start, end: start, text: '# syntax=docker/dockerfile:1\n' };
}

/** Whether the frontend that a file asks for knows a flag. One that asks for none is read by the builder's own: who knows. */
export function knowsFlag(source: SourceText, flag: keyof typeof SINCE): boolean {
  const asked = detectSyntax(source)?.text ?? '';
  const [whole, upstream, tag = 'latest', digest] =
    /^(?:[^@]*\/)?docker\/dockerfile(-upstream)?(?::([\w.-]+))?(@.*)?$/.exec(asked) ?? [];
  if (whole === undefined) return false;
  const [, major, minor, labs] = /^(\d+)?(?:\.(\d+))?[\d.]*(-?labs)?/.exec(tag) ?? [];
  if (minor === undefined)
    // What moves is the newest by now, unless it is nailed down to what it once was.
    return (
      digest === undefined && (major === '1' || tag === 'latest' || tag === 'labs' || upstream !== undefined)
    );
  const { labsMinor, minor: since } = SINCE[flag];
  return Number(major) === 1 && Number(minor) >= (labs ? labsMinor : since);
}

/**
 * Some files as sources of one COPY: manifests that lie side by side in directories of their own as one pattern, where that
 * takes nothing else.
 * @param all the files that there are
 */
export function asPatterns(files: readonly string[], all: Iterable<string>): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const path of files) {
    const pattern = patternOf(path);
    if (pattern !== undefined) groups.set(pattern, [...(groups.get(pattern) ?? []), path]);
  }
  const wanted = new Set(files);
  const foreign = new Set([...all].flatMap((path) => (wanted.has(path) ? [] : (patternOf(path) ?? []))));
  const isUsed = (pattern: string | undefined): pattern is string =>
    pattern !== undefined && (groups.get(pattern)?.length ?? 0) > 1 && !foreign.has(pattern);
  return [
    ...new Set(
      files.map((path) => {
        const pattern = patternOf(path);
        return isUsed(pattern) ? pattern : path;
      }),
    ),
  ];
}

// `packages/a/package.json` as a pattern of its kind; undefined for what names no dependencies, or lies at the top.
function patternOf(path: string): string | undefined {
  const directory = parentPath(path);
  if (directory === '' || !MANIFEST.test(path)) return undefined;
  const above = parentPath(directory);
  return `${above === '' ? '' : `${above}/`}*/${baseName(path)}`;
}
