// What bash has and POSIX's sh does not. Each with the code that ShellCheck has for it.

import type { Range, ShellNode, ShellWord, WordPart } from '../../lang/shell/index.ts';
import { nameOf, type ScannedRun } from './shell-scan.ts';

/** One piece of a script that sh may not know. */
export interface Bashism {
  readonly piece: Range;
  readonly code: string;
  /** What it is, for `sh does not know …`. */
  readonly what: string;
}

/** Variables that bash sets. */
const BASH_VARIABLES = new Set([
  'RANDOM',
  'HOSTNAME',
  'SECONDS',
  'UID',
  'EUID',
  'BASH',
  'BASHPID',
  'BASH_VERSION',
  'BASH_SOURCE',
  'BASH_REMATCH',
  'PIPESTATUS',
  'FUNCNAME',
  'OSTYPE',
  'MACHTYPE',
  'HOSTTYPE',
  'DIRSTACK',
  'SHLVL',
  'SHELLOPTS',
  'BASHOPTS',
  'EPOCHSECONDS',
  'EPOCHREALTIME',
  'SRANDOM',
  'GROUPS',
  'REPLY',
  'COMP_WORDS',
  'HISTFILE',
  'HISTSIZE',
]);

/** Commands of bash, by code. */
const BASH_COMMANDS: Readonly<Record<string, string>> = {
  let: 'SC3039',
  declare: 'SC3044',
  typeset: 'SC3044',
  pushd: 'SC3044',
  popd: 'SC3044',
  dirs: 'SC3044',
  shopt: 'SC3044',
  disown: 'SC3044',
  compgen: 'SC3044',
  complete: 'SC3044',
  mapfile: 'SC3044',
  readarray: 'SC3044',
  caller: 'SC3044',
  enable: 'SC3044',
  suspend: 'SC3044',
  logout: 'SC3044',
  help: 'SC3044',
  bind: 'SC3044',
  source: 'SC3046',
  local: 'SC3043',
};

/** Everything of the kind in a script. `dash`: a shell that knows `local`, and that the rest is asked of. */
export function bashisms(
  { nodes, words }: ScannedRun,
  { local }: { readonly local: boolean },
): readonly Bashism[] {
  return [
    ...nodes.flatMap((node) => ofNode(node, local)),
    ...words.flatMap(({ word, role }) =>
      role === 'heredoc' ? word.parts.flatMap(ofVariable) : ofWord(word, role === 'pattern'),
    ),
  ];
}

function ofNode(node: ShellNode, local: boolean): readonly Bashism[] {
  const found: Bashism[] = [];
  const add = (code: string, what: string, piece: Range = node): void => {
    found.push({ piece, code, what });
  };
  switch (node.kind) {
    case 'test':
      add('SC3010', '[[ ]]');
      break;
    case 'arithmetic':
      add('SC3006', '(( )) as a command');
      break;
    case 'function':
      if (node.keyword) add('SC2112', "the word 'function'", { start: node.start, end: node.start + 8 });
      break;
    case 'loop':
      if (node.keyword === 'select') add('SC3008', 'select', { start: node.start, end: node.start + 6 });
      if (node.keyword === 'for' && !node.variable) add('SC3005', 'for (( ))');
      break;
    case 'command':
      found.push(...ofCommand(node, local));
      break;
  }
  if ('redirects' in node) {
    for (const { operator, start, end, target, descriptor } of node.redirects) {
      if (operator === '<<<') add('SC3011', '<<<', { start, end });
      else if (operator === '&>' || operator === '&>>') add('SC3020', operator, { start, end });
      else if (
        operator === '>&' &&
        target &&
        !/^(\d+|-|\d+-)$/.test(target.value) &&
        descriptor === undefined
      )
        add('SC3021', '>& with a file', { start, end });
      if (target && /^\/dev\/(tcp|udp)\//.test(target.value)) add('SC3025', '/dev/tcp', target);
    }
  }
  return found;
}

function ofCommand(node: Extract<ShellNode, { kind: 'command' }>, local: boolean): readonly Bashism[] {
  const found: Bashism[] = [];
  const add = (code: string, what: string, piece: Range): void => {
    found.push({ piece, code, what });
  };
  for (const one of node.assignments) {
    if (one.array) add('SC3030', 'arrays', one);
    if (one.append) add('SC3024', '+=', one);
  }
  const [name, ...args] = node.words;
  if (!name) return found;
  const command = nameOf(node);
  const code = Object.hasOwn(BASH_COMMANDS, command) ? BASH_COMMANDS[command] : undefined;
  if (code !== undefined && !(command === 'local' && local)) add(code, command, name);
  if (command === '[' || command === 'test') found.push(...ofTest(args));
  if (command === 'echo') {
    const flag = args[0];
    if (flag && /^-[eEn]+$/.test(flag.value) && flag.value !== '-n')
      add('SC3037', `echo ${flag.value}`, flag);
  }
  if (command === 'set') {
    const at = args.findIndex(({ value }) => /^[-+][a-zA-Z]*o$/.test(value));
    const option = args[at + 1];
    if (
      at >= 0 &&
      option &&
      /^(pipefail|posix|history|braceexpand|errtrace|functrace|igncr)$/.test(option.value)
    ) {
      add('SC3040', `set -o ${option.value}`, option);
    }
  }
  if (command === 'read') {
    const flag = args.find(({ value }) => /^-[a-zA-Z]*[^-r]/.test(value) && !/^-r+$/.test(value));
    if (flag && /^-[a-zA-Z]+$/.test(flag.value)) add('SC3045', `read ${flag.value}`, flag);
  }
  if (command === 'export' && args[0]?.value === '-f') add('SC3045', 'export -f', args[0]);
  if (command === 'printf' && args[0]?.value === '-v') add('SC3045', 'printf -v', args[0]);
  if (command === 'printf' && /%q/.test(args[0]?.value ?? '') && args[0]) add('SC3050', 'printf %q', args[0]);
  if (command === 'trap') {
    const signal = args.slice(1).find(({ value }) => /^(ERR|DEBUG|RETURN)$/.test(value));
    if (signal) add('SC3047', `trap ${signal.value}`, signal);
  }
  if (command === 'exec' && /^-[cla]/.test(args[0]?.value ?? '') && args[0])
    add('SC3038', `exec ${args[0].value}`, args[0]);
  return found;
}

function ofTest(args: readonly ShellWord[]): readonly Bashism[] {
  return args.flatMap((word): Bashism[] => {
    if (word.text !== word.value) return [];
    if (word.text === '==') return [{ piece: word, code: 'SC3014', what: '== in place of =' }];
    if (word.text === '=~') return [{ piece: word, code: 'SC3015', what: '=~' }];
    if (word.text === '-v') return [{ piece: word, code: 'SC3016', what: 'test -v' }];
    if (word.text === '-a' && word === args[0])
      return [{ piece: word, code: 'SC3017', what: 'test -a for a file' }];
    return [];
  });
}

function ofWord(word: ShellWord, isPattern: boolean): readonly Bashism[] {
  return word.parts.flatMap((part): readonly Bashism[] => {
    switch (part.kind) {
      case 'literal':
        if (!part.dollar) return [];
        return [
          part.text.startsWith('$"')
            ? { piece: part, code: 'SC3004', what: '$"…"' }
            : { piece: part, code: 'SC3003', what: "$'…'" },
        ];
      case 'brace':
        return [{ piece: part, code: 'SC3009', what: 'braces for several words' }];
      case 'extglob':
        return [{ piece: part, code: 'SC3002', what: 'patterns such as !(a|b)' }];
      case 'glob':
        return /^\[\^/.test(part.text) && !isPattern
          ? [{ piece: part, code: 'SC3026', what: '[^…] in place of [!…]' }]
          : [];
      case 'substitution':
        if (part.written === '<(' || part.written === '>(')
          return [{ piece: part, code: 'SC3001', what: `${part.written}…)` }];
        return isFileRead(part) ? [{ piece: part, code: 'SC3034', what: '$(<file)' }] : [];
      default:
        return ofVariable(part);
    }
  });
}

/** `$(<file)`. */
function isFileRead({ script }: Extract<WordPart, { kind: 'substitution' }>): boolean {
  const [first] = script.statements;
  return (
    script.statements.length === 1 &&
    first?.node.kind === 'command' &&
    first.node.words.length === 0 &&
    first.node.assignments.length === 0 &&
    first.node.redirects.length === 1 &&
    first.node.redirects[0]?.operator === '<'
  );
}

function ofVariable(part: WordPart): readonly Bashism[] {
  if (part.kind !== 'variable') return [];
  const { name, operator = '', prefix, indexed } = part;
  const one = (code: string, what: string): readonly Bashism[] => [{ piece: part, code, what }];
  if (indexed) return one('SC3054', 'arrays');
  if (prefix === '!') return one('SC3053', '${!NAME}');
  if (operator === ':') return one('SC3057', '${NAME:1:2}');
  if (/^\/[/#%]?$/.test(operator)) return one('SC3060', '${NAME/a/b}');
  if (/^(\^\^?|,,?)$/.test(operator)) return one('SC3059', '${NAME^} and its kin');
  return BASH_VARIABLES.has(name) ? one('SC3028', `$${name}`) : [];
}
