// The packages of languages that a Dockerfile installs on a base: from the files of the context that its commands name, with
// what the index has of them.

import { baseName, inParallel, joinRelative, parentPath } from '../../../core/index.ts';
import type { Parts, PythonPart } from '../../../insight/base/index.ts';
import {
  NODE_LOCKS,
  PYTHON_LOCKS,
  type PythonNeed,
  readProjectDependencies,
  readRequirement,
  readRequirements,
} from '../../../insight/compatibility/index.ts';
import { contextFile } from './context-file.ts';
import { type IndexAccess, PythonIndex } from './python-index.ts';
import type { Wanted } from './wanted.ts';

/** Where to look. */
export interface PartsRequest {
  readonly wanted: Wanted;
  /** Of the context. */
  readonly directory: string;
  /** `3.12`, where the base has one that is known. */
  readonly python?: string;
  readonly access: Omit<IndexAccess, 'indexes'>;
  /** The index that pip on this machine asks, where the project names none. */
  readonly index?: string;
}

/** Packages that are looked up, and files that are read. */
const [MOST_PARTS, MOST_FILES] = [200, 20];

const NO_INDEX = 'no package index is named; PIP_INDEX_URL, or index-url in pip.conf, says which to ask';

/** Finds them. @throws MilleError `interrupted` */
export async function findParts(request: PartsRequest): Promise<Parts> {
  const { wanted } = request;
  const found = pythonNeeds(request);
  const node = nodePart(request);
  return {
    ...(found.needs.length > 0 || found.unread.length > 0
      ? { python: { ...(await lookedUp(found, request)), lines: wanted.python } }
      : {}),
    ...(node ? { node } : {}),
  };
}

interface Found {
  readonly needs: readonly PythonNeed[];
  readonly unread: readonly string[];
  readonly index?: string;
  readonly extraIndexes: readonly string[];
}

function pythonNeeds({ wanted, directory, python }: PartsRequest): Found {
  const needs = new Map<string, PythonNeed>();
  const unread: string[] = [];
  const extraIndexes = [...wanted.extraIndexes];
  let { index } = wanted;
  const add = (all: readonly PythonNeed[]) => {
    for (const one of all) needs.set(one.name, one);
  };
  const open = wanted.files.filter(({ kind }) => kind !== 'node').map((one) => ({ ...one }));
  for (let read = 0; open.length > 0 && read < MOST_FILES; read++) {
    const { path, kind } = open.shift()!;
    const file = contextFile(directory, path, wanted.copied);
    if (!file) {
      // What a build makes itself, or brings from elsewhere.
      if (kind === 'requirements') unread.push(path);
      continue;
    }
    if (kind === 'lock')
      add(PYTHON_LOCKS[baseName(file.path)]?.(file.text, file.path, wanted.mainGroup) ?? []);
    else if (kind === 'project') add(readProjectDependencies(file.text, file.path, python));
    else {
      const requirements = readRequirements(file.text, file.path, python);
      const pinned = new Map<string, PythonNeed>();
      for (const other of requirements.constraints) {
        const constraint = contextFile(directory, beside(file.path, other), []);
        if (constraint)
          for (const one of readRequirements(constraint.text, constraint.path, python).needs)
            pinned.set(one.name, one);
      }
      add(requirements.needs.map((one) => narrowed(one, pinned.get(one.name))));
      unread.push(...requirements.unread);
      extraIndexes.push(...requirements.extraIndexes.filter((one) => !one.includes('$')));
      if (requirements.index !== undefined && !requirements.index.includes('$')) index = requirements.index;
      for (const other of requirements.includes)
        open.push({ path: beside(file.path, other), kind: 'requirements' });
    }
  }
  for (const { text, line } of wanted.named) {
    const need = readRequirement(text, `line ${line}`, python);
    if (need === 'unread') unread.push(`line ${line}`);
    else if (need) add([need]);
  }
  return { needs: [...needs.values()], unread, extraIndexes, ...(index === undefined ? {} : { index }) };
}

function narrowed(need: PythonNeed, by: PythonNeed | undefined): PythonNeed {
  if (!by || by.specifier === '') return need;
  return { ...need, specifier: [need.specifier, by.specifier].filter((one) => one !== '').join(',') };
}

/** What a file names from where it lies. */
function beside(path: string, other: string): string {
  return joinRelative(parentPath(path), other);
}

async function lookedUp(found: Found, { access, index }: PartsRequest) {
  const main = found.index ?? index;
  const indexes = [...(main === undefined ? [] : [main]), ...found.extraIndexes];
  const asked = new PythonIndex({ ...access, indexes });
  const parts: PythonPart[] = found.needs.map((need) =>
    need.files ? { ...need, known: need.files.map((name) => ({ name })) } : need,
  );
  await inParallel([...parts.entries()].slice(0, MOST_PARTS), async ([i, part]) => {
    if (part.known) return;
    const known = await asked.filesOf(part.name);
    if (known) parts[i] = { ...part, known };
  });
  const unanswered = asked.unanswered ?? (main === undefined ? (access.forbidden ?? NO_INDEX) : undefined);
  return { parts, unread: found.unread, ...(unanswered === undefined ? {} : { unanswered }) };
}

function nodePart({ wanted, directory }: PartsRequest): Parts['node'] {
  const named = wanted.files.filter(({ kind }) => kind === 'node').map(({ path }) => path);
  // npm takes that one first.
  const names = named.includes('package-lock.json') ? ['npm-shrinkwrap.json', ...named] : named;
  for (const name of names) {
    const file = contextFile(directory, name, wanted.copied);
    const read = NODE_LOCKS[name];
    if (!file || !read) continue;
    const manifest = contextFile(directory, beside(file.path, 'package.json'), []);
    const { production } = wanted;
    const needs = read(file.text, { production, ...(manifest ? { manifest: manifest.text } : {}) });
    if (needs) return { needs, file: file.path, lines: wanted.node };
  }
  return undefined;
}
