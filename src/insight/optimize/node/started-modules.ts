// Which packages the program that an image starts asks for: from the files that its command names on, through those that
// they require, as far as the text says it. What a program requires by a name that it makes up is not seen.

import { cleanRelative, parentPath } from '../../../core/index.ts';
import { nameOf, wordsOf } from './needs-development.ts';
import type { NodeProject } from './project.ts';

/** A file that Node may run, by its name. */
export const NODE_SOURCE = /\.[cm]?js$/;

const COMMENT = /^\s*\/\/.*$|\/\*[\s\S]*?\*\//gm;
const ASKED =
  /\b(?:require|import)\s*\(\s*(['"`])([^'"`\n]+)\1\s*\)|\bfrom\s*(['"])([^'"\n]+)\3|\bimport\s*(['"])([^'"\n]+)\5/g;

/** What a file requires or imports, as it is written there. */
export function modulesIn(text: string): readonly string[] {
  const found = [...text.replace(COMMENT, '').matchAll(ASKED)].map(
    ([, , required, , from, , imported]) => required ?? from ?? imported ?? '',
  );
  return [...new Set(found)];
}

/** A file of what a command starts, and a development dependency that it asks for; undefined where none is seen to. */
export function developmentStarted(
  line: string,
  project: NodeProject,
): { readonly file: string; readonly name: string } | undefined {
  const { sources, names } = project;
  if (!sources) return undefined;
  const waiting = [...wordsOf(line, project)].flatMap(
    (word) => fileOf(inProject(word, project), sources) ?? [],
  );
  const seen = new Set(waiting);
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    for (const asked of sources.get(file) ?? []) {
      if (!asked.startsWith('.')) {
        const name = nameOf(asked);
        if (names.has(name)) return { file, name };
        continue;
      }
      const next = fileOf(cleanRelative(`${parentPath(file)}/${asked}`), sources);
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return undefined;
}

function inProject(word: string, { directory }: NodeProject): string {
  const start = directory === '' ? '/' : `/${directory}/`;
  return cleanRelative(word.startsWith(start) ? word.slice(start.length) : word);
}

function fileOf(path: string, sources: ReadonlyMap<string, unknown>): string | undefined {
  const start = path === '' ? '' : `${path}/`;
  const names = [path, ...['.js', '.cjs', '.mjs'].map((end) => `${path}${end}`), `${start}index.js`];
  return names.find((name) => sources.has(name));
}
