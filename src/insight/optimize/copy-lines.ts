// COPY lines for some files of a COPY, so that they come to lie where it puts them.

import { baseName, parentPath } from '../../core/index.ts';
import type { ContextCopy } from './context-copies.ts';
import { asPatterns, knowsFlag } from './frontend-flags.ts';

/** Directories that a COPY is divided into, at most: each is a line and a layer. */
const MOST_LINES = 16;

/** What to copy. */
export interface CopyRequest {
  readonly copy: ContextCopy;
  /** Of its files. */
  readonly files: readonly string[];
  /** Files that are not there, and are to be taken when they come: their places in the image. */
  readonly later: ReadonlySet<string>;
  /** The frontend knows `--parents`, or will; otherwise what the file asks for says whether it does. */
  readonly parents?: boolean;
}

/** The lines, one for each directory, or one for all with `--parents`; undefined where they cannot be written. */
export function copyLines({ copy, files, later, parents }: CopyRequest): string | undefined {
  if (files.length === 0) return '';
  const { instruction, destination } = copy;
  const written = instruction.destination.text;
  if (/["'\s\\]/.test(written)) return undefined;
  const directories = new Map<string, string[]>();
  for (const path of files.toSorted(byKind)) {
    // What would have to be escaped.
    if (/[\s"'\\*?[\]$<]/.test(path)) return undefined;
    const place = copy.files.get(path)!;
    const whole = place === destination;
    const key = whole ? written : place.slice(0, place.lastIndexOf('/') + 1);
    directories.set(key, [...(directories.get(key) ?? []), path]);
  }
  const head = headOf(copy);
  if (
    directories.size > 1 &&
    keepsPaths(copy) &&
    (parents ?? knowsFlag(instruction.span.source, 'parents'))
  ) {
    const start = destination === '' ? '' : `${destination}/`;
    const wanted = [...later]
      .filter((place) => place.startsWith(start))
      .map((place) => place.slice(start.length));
    const sources = asPatterns(files.toSorted(byDepth), copy.files.keys());
    const target = targetOf(copy, start);
    return `${head}--parents ${[...sources, ...wanted.map((path) => `${path}*`)].join(' ')} ${target}\n`;
  }
  if (directories.size > MOST_LINES) return undefined;
  const depth = (path: string) => path.split('/').length;
  const ordered = [...directories].sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const lines = ordered.map(([directory, paths]) => {
    const target = directory === written ? written : targetOf(copy, directory);
    const from = parentPath(paths[0]!);
    const wanted = [...later]
      .filter((place) => parentPath(place) === directory.replace(/\/$/, '') && directory !== written)
      .map((place) => `${from === '' ? '' : `${from}/`}${baseName(place)}*`);
    return `${head}${[...paths, ...wanted].join(' ')} ${target}\n`;
  });
  return lines.join('');
}

/** The instruction and the flags that its parts need too. */
function headOf({ instruction: { node } }: ContextCopy): string {
  const { keyword, flags } = node.clause;
  const kept = flags
    .filter(({ name }) => ['chown', 'chmod', 'link'].includes(name))
    .map(({ span }) => `${span.source.text.slice(span.start, span.end)} `);
  return `${keyword.text === keyword.text.toLowerCase() ? 'copy' : 'COPY'} ${kept.join('')}`;
}

/** Whether its files lie in the image as they do in the context. */
function keepsPaths({ files, destination, instruction }: ContextCopy): boolean {
  if (instruction.exclude.length > 0) return false;
  const start = destination === '' ? '' : `${destination}/`;
  return [...files].every(([path, place]) => place === `${start}${path}`);
}

/** A directory in the image as the COPY writes its own: relative where that is. */
function targetOf({ instruction, destination }: ContextCopy, directory: string): string {
  const written = instruction.destination.text.replace(/\/+$/, '');
  const start = destination === '' ? '' : `${destination}/`;
  const below = directory.startsWith(start) ? directory.slice(start.length) : directory;
  return `${written}/${below}`;
}

/** What names dependencies, then what pins them, then how tools are set up. */
function byKind(a: string, b: string): number {
  return rankOf(baseName(a)) - rankOf(baseName(b)) || (a < b ? -1 : 1);
}

function rankOf(name: string): number {
  if (name.startsWith('.')) return 2;
  return /lock|\.sum$|shrinkwrap/.test(name) ? 1 : 0;
}

/** What lies at the top first. */
function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || byKind(a, b);
}
