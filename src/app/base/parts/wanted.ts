// What the commands of a Dockerfile install packages of a language by: requirements files, lock files, names.

import { positionAt } from '../../../core/index.ts';
import { type Command, commandsOf, type LintSubject } from '../../../insight/lint/index.ts';

/** A file that a command installs by. */
export interface WantedFile {
  /** As the command names it. */
  readonly path: string;
  readonly kind: 'requirements' | 'project' | 'lock' | 'node';
}

/** What is installed on one base. */
export interface Wanted {
  readonly files: readonly WantedFile[];
  /** Names of packages in the commands. */
  readonly named: readonly { readonly text: string; readonly line: number }[];
  /** Lines of the Dockerfile that install: by Python's installers, by Node's. */
  readonly python: readonly number[];
  readonly node: readonly number[];
  /** Whether what Node needs for developing is left out by all of them. */
  readonly production: boolean;
  /** The same of what lock files of Python's installers have in groups. */
  readonly mainGroup: boolean;
  readonly index?: string;
  readonly extraIndexes: readonly string[];
  /** Files and directories that COPY and ADD name. */
  readonly copied: readonly string[];
}

const VALUED = new Set([
  ...[
    '-r',
    '--requirement',
    '-c',
    '--constraint',
    '-i',
    '--index-url',
    '--extra-index-url',
    '-f',
    '--find-links',
  ],
  ...[
    '--python',
    '--prefix',
    '--root',
    '-t',
    '--target',
    '--platform',
    '--cache-dir',
    '--trusted-host',
    '-e',
  ],
  ...[
    '--timeout',
    '--retries',
    '--no-binary',
    '--only-binary',
    '--src',
    '--progress-bar',
    '--root-user-action',
  ],
  ...['--default-index', '--index', '--abi', '--implementation', '--python-version', '--upgrade-strategy'],
]);
const LOCKED: Readonly<Record<string, readonly [file: string, verbs: readonly string[]]>> = {
  uv: ['uv.lock', ['sync']],
  poetry: ['poetry.lock', ['install', 'sync']],
  pdm: ['pdm.lock', ['install', 'sync']],
  pipenv: ['Pipfile.lock', ['install', 'sync']],
};

/** @param isOwn whether a stage stands on the base */
export function wantedParts(subject: LintSubject, isOwn: (stage: number) => boolean): Wanted {
  const files = new Map<string, WantedFile>();
  const named: { text: string; line: number }[] = [];
  const python = new Set<number>();
  const node = new Set<number>();
  let production = true;
  let mainGroup = true;
  const indexes: { index?: string; extra: string[] } = { extra: [] };
  const file = (path: string, kind: WantedFile['kind']) => files.set(`${kind} ${path}`, { path, kind });
  for (const { run, command } of commandsOf(subject)) {
    if (!isOwn(run.stage.index)) continue;
    const { line } = positionAt(command.word.span.source, command.word.span.start);
    const words = command.args.map(({ text }) => text);
    const pip = pipWords(command, words);
    if (pip) {
      python.add(line);
      const { flags, operands } = split(pip);
      for (const [flag, value] of flags) {
        if (flag === '-r' || flag === '--requirement') file(value, 'requirements');
        else if (['-i', '--index-url', '--default-index'].includes(flag)) indexes.index = value;
        else if (flag === '--extra-index-url' || flag === '--index') indexes.extra.push(value);
        else if (flag === '-e' || flag === '--editable') file(`${value}/pyproject.toml`, 'project');
      }
      for (const text of operands) {
        if (/^\.{0,2}\/|^\.$|\[.*\]$|\$/.test(text) && /^[./$]/.test(text))
          file(`${text.replace(/\[.*$/, '')}/pyproject.toml`, 'project');
        else named.push({ text, line });
      }
      continue;
    }
    const lock = LOCKED[command.name];
    if (lock && words.some((word) => lock[1].includes(word))) {
      python.add(line);
      file(lock[0], 'lock');
      if (!takesMainGroup(words)) mainGroup = false;
    }
    const nodeLock = NODE_FILES[command.name];
    if (nodeLock !== undefined && installsNode(command.name, words)) {
      node.add(line);
      file(nodeLock, 'node');
      if (!leavesOutDevelopment(words)) production = false;
    }
  }
  const environment = environmentOf(subject, isOwn);
  const index = indexes.index ?? environment.get('PIP_INDEX_URL') ?? environment.get('UV_INDEX_URL');
  const extra = [...indexes.extra, ...(environment.get('PIP_EXTRA_INDEX_URL')?.split(/\s+/) ?? [])];
  return {
    ...{ files: [...files.values()], named, python: [...python], node: [...node] },
    production: production || environment.get('NODE_ENV') === 'production',
    mainGroup,
    ...(index === undefined || index.includes('$') ? {} : { index }),
    extraIndexes: extra.filter((one) => one !== '' && !one.includes('$')),
    copied: copiedBy(subject, isOwn),
  };
}

/** What follows `pip install`. */
function pipWords({ name }: Command, words: readonly string[]): readonly string[] | undefined {
  const isModule = name.startsWith('python') && words[0] === '-m' && words[1] === 'pip';
  const isUv = name === 'uv' && words[0] === 'pip';
  const isPip = /^pip[\d.]*$/.test(name);
  if (!isModule && !isUv && !isPip) return undefined;
  const rest = words.slice(isModule ? 2 : isUv ? 1 : 0);
  const at = rest.indexOf('install');
  return at < 0 ? undefined : rest.slice(at + 1);
}

function split(words: readonly string[]) {
  const flags: [string, string][] = [];
  const operands: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const joined = /^(--[\w-]+)=(.*)$/.exec(word) ?? /^(-[rcief])(.+)$/.exec(word);
    if (joined) flags.push([joined[1]!, joined[2]!]);
    else if (VALUED.has(word)) flags.push([word, words[++i] ?? '']);
    else if (!word.startsWith('-')) operands.push(word);
  }
  return { flags, operands };
}

const NODE_FILES: Readonly<Record<string, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
};

/** Of poetry and pdm. */
function takesMainGroup(words: readonly string[]): boolean {
  return words.some(
    (word, i) =>
      /^(?:--only=main|--no-dev|--without=dev|--prod|--production)$/.test(word) ||
      (word === '--only' && words[i + 1] === 'main') ||
      (word === '--without' && words[i + 1] === 'dev'),
  );
}

/** Of npm, pnpm and yarn. */
function leavesOutDevelopment(words: readonly string[]): boolean {
  return words.some(
    (word, i) =>
      /^(?:--omit=dev|--only=prod(?:uction)?|--production(?:=true)?|--prod(?:=true)?|-P)$/.test(word) ||
      (word === '--omit' && words[i + 1] === 'dev') ||
      (word === '--only' && /^prod/.test(words[i + 1] ?? '')),
  );
}

function installsNode(name: string, words: readonly string[]): boolean {
  const [verb] = words.filter((word) => !word.startsWith('-'));
  if (words.some((word) => word === '-g' || word === '--global')) return false;
  if (verb === 'workspaces') return name === 'yarn' && words.includes('focus');
  return verb === undefined
    ? name === 'yarn'
    : ['ci', 'clean-install', 'install', 'i', 'add', 'fetch'].includes(verb);
}

function environmentOf(
  { dockerfile }: LintSubject,
  isOwn: (stage: number) => boolean,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { index, instructions } of dockerfile.stages) {
    if (!isOwn(index)) continue;
    for (const one of instructions)
      if (one.kind === 'env')
        for (const { key, value } of one.pairs)
          found.set(key.text, (value?.text ?? '').replace(/^(["'])(.*)\1$/, '$2'));
  }
  return found;
}

function copiedBy({ dockerfile }: LintSubject, isOwn: (stage: number) => boolean): readonly string[] {
  return dockerfile.stages.flatMap(({ index, instructions }) =>
    isOwn(index)
      ? instructions.flatMap((one) =>
          one.kind === 'add' || (one.kind === 'copy' && !one.from) ? one.sources.map(({ text }) => text) : [],
        )
      : [],
  );
}
