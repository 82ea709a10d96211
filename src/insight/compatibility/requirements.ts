// What a requirements file of pip asks for: names, versions, other files, indexes. Its form is pip's ("Requirements File
// Format"), a requirement is PEP 508's. What is no name and version (addresses, directories) is told, not guessed.

/** A package that is asked for. */
export interface PythonNeed {
  /** In lower case with hyphens. */
  readonly name: string;
  /** `==1.26.4`, `>=2,<3`; empty where any version will do. */
  readonly specifier: string;
  /** `requirements.txt:4`. */
  readonly place: string;
  /** Names of its files, where the file that asks for it says them: a lock file does. */
  readonly files?: readonly string[];
}

/** A requirements file, read. */
export interface Requirements {
  readonly needs: readonly PythonNeed[];
  /** Other files that it takes in, as they are written. */
  readonly includes: readonly string[];
  /** What versions of others may be, without asking for them. */
  readonly constraints: readonly string[];
  /** In the place of the index that is asked otherwise. */
  readonly index?: string;
  readonly extraIndexes: readonly string[];
  /** Places of what cannot be looked up by name. */
  readonly unread: readonly string[];
}

const MOST = 2000;

/** Reads one. @param name as people call the file */
export function readRequirements(text: string, name: string, python?: string): Requirements {
  const needs: PythonNeed[] = [];
  const includes: string[] = [];
  const constraints: string[] = [];
  const extraIndexes: string[] = [];
  const unread: string[] = [];
  let index: string | undefined;
  for (const { line, words } of logicalLines(text)) {
    const place = `${name}:${line}`;
    const option = /^(--?[\w-]+)(?:[= ]\s*|(?<=^-\w))(.*)$/.exec(words);
    if (option) {
      const [, flag = '', rest = ''] = option;
      const value = rest.trim().replace(/^(["'])(.*)\1$/, '$2');
      if (flag === '-r' || flag === '--requirement') includes.push(value);
      else if (flag === '-c' || flag === '--constraint') constraints.push(value);
      else if (flag === '-i' || flag === '--index-url') index = value;
      else if (flag === '--extra-index-url') extraIndexes.push(value);
      else if (flag === '-e' || flag === '--editable') unread.push(place);
      continue;
    }
    const need = readRequirement(words, place, python);
    if (need === 'unread') unread.push(place);
    else if (need && needs.length < MOST) needs.push(need);
  }
  return { needs, includes, constraints, extraIndexes, unread, ...(index === undefined ? {} : { index }) };
}

function* logicalLines(text: string): Generator<{ readonly line: number; readonly words: string }> {
  let [joined, first] = ['', 0];
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (joined === '') first = i + 1;
    if (raw.endsWith('\\') && !raw.trimStart().startsWith('#')) {
      joined += `${raw.slice(0, -1)} `;
      continue;
    }
    const words = (joined + raw).replace(/(^|\s)#.*$/, '').trim();
    joined = '';
    if (words !== '') yield { line: first, words };
  }
}

/**
 * Reads one requirement: `Django[argon2]>=4,<5 ; python_version >= "3.8" --hash=…`.
 * @returns undefined for one that another machine or Python has, `unread` for what is no name and version
 */
export function readRequirement(
  text: string,
  place: string,
  python?: string,
): PythonNeed | 'unread' | undefined {
  const [required = '', marker] = text.replace(/\s--?[a-z].*$/, '').split(/\s*;\s*/, 2);
  const match = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(\(?[^@()]*\)?)$/.exec(
    required.trim(),
  );
  if (!match) return 'unread';
  const specifier = match[2]!.replace(/[()\s]/g, '');
  if (!/^(?:(?:[<>!=~]=?|===)[\w.*+!-]+(?:,|$))*$/.test(specifier)) return 'unread';
  if (marker !== undefined && !holds(marker, python)) return undefined;
  return { name: normalName(match[1]!), specifier: specifier.replace(/,$/, ''), place };
}

/** As indexes know it. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

const FACTS: Readonly<Record<string, string>> = {
  ...{ sys_platform: 'linux', platform_system: 'Linux', os_name: 'posix' },
  ...{ platform_python_implementation: 'CPython', implementation_name: 'cpython', extra: '' },
};

/** Whether a marker is true in a container of Linux; what is not understood is taken for true. */
function holds(marker: string, python: string | undefined): boolean {
  if (marker.includes('(')) return true;
  return marker.split(/\s+or\s+/).some((all) => all.split(/\s+and\s+/).every((one) => compares(one, python)));
}

function compares(text: string, python: string | undefined): boolean {
  const match = /^\s*(\w+)\s*(==|!=|<=|>=|<|>)\s*(["'])([^"']*)\3\s*$/.exec(text);
  if (!match) return true;
  const [, variable = '', operator = '', , value = ''] = match;
  const fact = variable === 'python_version' ? python : FACTS[variable];
  if (fact === undefined) return true;
  const [a, b] = [fact, value].map((one) => one.split('.').map(Number));
  const order =
    variable === 'python_version' ? a![0]! - b![0]! || (a![1] ?? 0) - (b![1] ?? 0) : fact === value ? 0 : 1;
  const found: Readonly<Record<string, boolean>> = {
    ...{ '==': order === 0, '!=': order !== 0, '<': order < 0, '>': order > 0 },
    ...{ '<=': order <= 0, '>=': order >= 0 },
  };
  return found[operator]!;
}
