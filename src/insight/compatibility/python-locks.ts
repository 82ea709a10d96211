// Lock files of Python's other installers: every package with its version, and, but for Pipenv's, the names of its files,
// so that no index need be asked. They are written by programs, in a form as regular as their lines.

import { normalName, type PythonNeed, readRequirement } from './requirements.ts';

/** Files that are read, by their names. */
export const PYTHON_LOCKS: Readonly<
  Record<string, (text: string, name: string, production?: boolean) => readonly PythonNeed[]>
> = {
  'poetry.lock': readTables,
  'pdm.lock': readTables,
  'uv.lock': readTables,
  'Pipfile.lock': readPipfile,
};

const MOST = 5000;

/**
 * `[[package]]` with name, version and files, as poetry, pdm and uv write them.
 * @param production whether what is only in other groups than the main one is not installed; uv's file has no groups
 */
function readTables(text: string, name: string, production = false): readonly PythonNeed[] {
  const needs: PythonNeed[] = [];
  for (const [i, block] of text.split(/^\[\[package\]\][^\S\n]*$/m).entries()) {
    if (i === 0 || needs.length >= MOST) continue;
    const own = block.split(/^\[\[?(?!package\b)/m)[0]!;
    const called = /^name\s*=\s*"([^"]+)"/m.exec(own)?.[1];
    const version = /^version\s*=\s*"([^"]+)"/m.exec(own)?.[1];
    // The project itself, and directories: nothing of theirs is fetched.
    if (
      called === undefined ||
      version === undefined ||
      /^source\s*=.*(?:virtual|editable|directory)/m.test(own)
    )
      continue;
    if (production && isOfOtherGroup(own)) continue;
    const files = [...own.matchAll(/\b(?:file|url)\s*=\s*"([^"]+)"/g)].map(([, path]) => fileOf(path!));
    needs.push({
      ...{ name: normalName(called), specifier: `==${version}`, place: name },
      ...(files.length > 0 ? { files } : {}),
    });
  }
  return needs;
}

/** `groups = ["dev"]` of poetry 2 and pdm, `category = "dev"` of poetry before 1.5. */
function isOfOtherGroup(own: string): boolean {
  const groups = /^groups\s*=\s*\[([^\]]*)\]/m.exec(own)?.[1];
  if (groups !== undefined) return !/"(?:main|default)"/.test(groups);
  return /^category\s*=\s*"(?!main")/m.test(own);
}

function fileOf(path: string): string {
  const name = path.replace(/[?#].*$/, '');
  return name.slice(name.lastIndexOf('/') + 1).replace(/%2B/gi, '+');
}

function readPipfile(text: string, name: string): readonly PythonNeed[] {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    return [];
  }
  const packages = (lock as { default?: unknown } | null)?.default;
  if (typeof packages !== 'object' || packages === null) return [];
  return Object.entries(packages)
    .slice(0, MOST)
    .flatMap(([called, entry]) => {
      const { version, markers } = (entry ?? {}) as Record<string, unknown>;
      if (typeof version !== 'string') return [];
      const marker = typeof markers === 'string' ? ` ; ${markers}` : '';
      const need = readRequirement(`${called}${version}${marker}`, name);
      return need === undefined || need === 'unread' ? [] : [need];
    });
}

/** What `[project]` of a pyproject.toml depends on. */
export function readProjectDependencies(text: string, name: string, python?: string): readonly PythonNeed[] {
  const project = /^\[project\][^\S\n]*$([\s\S]*?)(?=^\[)|^\[project\][^\S\n]*$([\s\S]*)/m.exec(text);
  const body = project?.[1] ?? project?.[2] ?? '';
  const start = /^dependencies\s*=\s*\[/m.exec(body);
  if (!start) return [];
  const needs: PythonNeed[] = [];
  const before = text.slice(0, project!.index).split('\n').length;
  const rest = body.slice(start.index + start[0].length);
  const from = body.slice(0, start.index).split('\n').length - 1;
  // Strings up to the bracket that stands in none: extras have brackets of their own.
  for (const match of rest.matchAll(/"([^"\n]*)"|'([^'\n]*)'|#[^\n]*|\]/g)) {
    if (match[0] === ']') break;
    const requirement = match[1] ?? match[2];
    if (requirement === undefined) continue;
    const line = before + from + rest.slice(0, match.index).split('\n').length - 1;
    const need = readRequirement(requirement, `${name}:${line}`, python);
    if (need !== undefined && need !== 'unread') needs.push(need);
  }
  return needs;
}
