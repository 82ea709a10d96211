// What is known about the values of a script's variables: which are set in it, and which cannot hold anything that the
// shell would split or take for a pattern.

import type { Assignment, ShellNode, ShellWord, WordPart } from '../../lang/shell/index.ts';
import { lineage } from './placed.ts';
import type { Run } from './run-commands.ts';
import { nameOf, type ScannedRun } from './shell-scan.ts';
import type { LintSubject } from './subject.ts';

/** Commands whose arguments are assignments, or names that they set. */
const DECLARING = new Set(['export', 'readonly', 'local', 'declare', 'typeset']);

/** Variables that are set for every RUN without being declared. */
const PREDEFINED = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** Names of ENV and ARG above a RUN, of its stage and those below; what the builder sets itself. */
export function buildVariables(
  { dockerfile: { stages } }: LintSubject,
  { stage, at, onbuild }: Run,
): ReadonlySet<string> {
  const names = new Set(PREDEFINED);
  if (onbuild) return names;
  for (const { instructions } of lineage(stages, stage)) {
    for (const one of instructions) {
      if (one.node.start > at.start) continue;
      if (one.kind === 'arg') for (const { name } of one.args) names.add(name.text);
      if (one.kind === 'env') for (const { key } of one.pairs) names.add(key.text);
    }
  }
  return names;
}

/** What a script does to its variables. */
export interface ScriptVariables {
  /** The values given to a name, one for each place; undefined where the value is not in sight (`read`). */
  readonly values: ReadonlyMap<string, readonly (readonly ShellWord[] | undefined)[]>;
}

const kept = new WeakMap<ScannedRun, ScriptVariables>();

/** Goes through a script for what it sets. */
export function scriptVariables(scanned: ScannedRun): ScriptVariables {
  const known = kept.get(scanned);
  if (known) return known;
  const values = new Map<string, (readonly ShellWord[] | undefined)[]>();
  const set = (name: string, value: readonly ShellWord[] | undefined): void => {
    const list = values.get(name) ?? [];
    list.push(value);
    values.set(name, list);
  };
  for (const node of scanned.nodes) collect(node, set);
  for (const { word } of scanned.words) collectDefaults(word, set);
  const result = { values };
  kept.set(scanned, result);
  return result;
}

type Setter = (name: string, value: readonly ShellWord[] | undefined) => void;

function collect(node: ShellNode, set: Setter): void {
  if (node.kind === 'loop') {
    if (node.variable) set(node.variable.value, node.items);
    return;
  }
  if (node.kind !== 'command') return;
  // `A=1 command` sets it for the command alone.
  if (node.words.length === 0) for (const one of node.assignments) set(one.name, assigned(one));
  const name = nameOf(node);
  const args = node.words.slice(1);
  if (DECLARING.has(name)) for (const word of args) collectDeclared(word, set);
  if (['read', 'mapfile', 'readarray', 'getopts'].includes(name)) {
    for (const { value } of args) if (/^[A-Za-z_]\w*$/.test(value)) set(value, undefined);
  }
  const target = name === 'printf' && args[0]?.value === '-v' ? args[1]?.value : undefined;
  if (target !== undefined) set(target, undefined);
}

function assigned({ values, array, append }: Assignment): readonly ShellWord[] | undefined {
  return array || append ? undefined : values;
}

/** `export NAME=value`: the word as an assignment. */
function collectDeclared({ value, parts }: ShellWord, set: Setter): void {
  const match = /^([A-Za-z_]\w*)\+?=/.exec(value);
  if (!match) return;
  const [head, ...rest] = parts;
  const own = head?.kind === 'literal' ? head.value.slice(match[0].length) : '';
  const first = head && own !== '' ? [{ ...head, value: own, text: own } as WordPart] : [];
  set(match[1] as string, [
    { text: '', value: '', literal: false, start: 0, end: 0, parts: [...first, ...rest] },
  ]);
}

/** `${NAME:=value}` sets it too. */
function collectDefaults({ parts }: ShellWord, set: Setter): void {
  for (const part of parts) {
    if (part.kind === 'variable' && (part.operator === ':=' || part.operator === '='))
      set(part.name, part.operands);
  }
}

/** Whether what a variable holds is one word for the shell, as far as can be seen. */
export function isOneWord(
  name: string,
  { values }: ScriptVariables,
  known: ReadonlySet<string>,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  if (/^[?#!$-]$/.test(name) || name === 'LINENO' || name === 'UID' || name === 'PPID' || name === 'RANDOM')
    return true;
  const given = values.get(name);
  if (!given) return known.has(name);
  if (seen.has(name)) return true;
  const next = new Set([...seen, name]);
  return given.every(
    (words) => words?.every((word) => word.parts.every((part) => isCalm(part, next))) ?? false,
  );

  function isCalm(part: WordPart, within: ReadonlySet<string>): boolean {
    if (part.kind === 'literal') return !/[\s*?[\\]/.test(part.value);
    if (part.kind === 'arithmetic') return true;
    if (part.kind !== 'variable') return false;
    if (part.prefix === '#') return true;
    return part.operator === undefined && isOneWord(part.name, { values }, known, within);
  }
}
