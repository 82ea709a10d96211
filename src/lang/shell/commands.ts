// All commands of a script in one list, each with where it stands: also those in substitutions, in what is given to
// `sh -c`, and those that another command runs (`sudo apt-get …`).

import { outermost } from './place.ts';
import { scriptOfWord } from './quoted-script.ts';
import type {
  AndOrList,
  Pipeline,
  Script,
  ShellNode,
  ShellWord,
  SimpleCommand,
  Statement,
  WordPart,
} from './tree.ts';
import { innerCommand } from './wrappers.ts';

/** What a command is within, from outside in. */
export type Enclosure =
  | 'subshell'
  | 'group'
  | 'condition'
  | 'branch'
  | 'loop'
  | 'case'
  | 'function'
  | 'substitution'
  | 'quoted-script';

/** Where a command stands. */
export interface CommandPlace {
  /** The statements of the list it is in, and which of them it is in. */
  readonly statements: readonly Statement[];
  readonly index: number;
  /** The list of `&&` and `||` it is in, and which of its nodes it is in. */
  readonly chain?: { readonly list: AndOrList; readonly index: number };
  /** The pipe it is in. */
  readonly pipeline?: { readonly pipeline: Pipeline; readonly index: number };
  readonly within: readonly Enclosure[];
  /** False where what is written at its offsets is not what the shell reads, because of escapes. */
  readonly exact: boolean;
}

/** A command and where it stands. */
export interface PlacedCommand {
  /** The whole of it, with what runs it. */
  readonly command: SimpleCommand;
  /** Its name without a directory; '' where it is not known or there is none. */
  readonly name: string;
  /** The word of the name, where there is one. */
  readonly nameWord?: ShellWord;
  readonly args: readonly ShellWord[];
  /** The command that runs it: `sudo`, `env`, `sh` for what is in `sh -c`. */
  readonly via?: string;
  readonly place: CommandPlace;
}

/** Commands that run one another (`sudo env nice …`), at most: each of them is listed with all that follow. */
const DEEPEST = 8;

/** The commands of a script, in the order of the text. */
export function listCommands(script: Script): readonly PlacedCommand[] {
  const found: PlacedCommand[] = [];
  walkScript(script, { within: [], root: script.text, found });
  return found;
}

/** What is known around a node. */
interface Around {
  readonly within: readonly Enclosure[];
  /** The text of the outermost script. */
  readonly root: string;
  readonly found: PlacedCommand[];
  readonly via?: string;
  readonly exact?: boolean;
}

function walkScript(script: Script, around: Around): void {
  walkStatements(script.statements, { ...around, exact: (around.exact ?? true) && script.exact });
}

function walkStatements(statements: readonly Statement[], around: Around): void {
  statements.forEach(({ node }, index) => {
    walkNode(node, around, { statements, index });
  });
}

type Spot = Pick<CommandPlace, 'statements' | 'index' | 'chain' | 'pipeline'>;

function walkNode(node: ShellNode, around: Around, spot: Spot): void {
  const inside = (enclosure: Enclosure): Around => ({ ...around, within: [...around.within, enclosure] });
  switch (node.kind) {
    case 'command':
      placeCommand(node, around, spot);
      return;
    case 'pipeline':
      node.commands.forEach((one, index) => {
        walkNode(one, around, { ...spot, pipeline: { pipeline: node, index } });
      });
      return;
    case 'and-or':
      node.nodes.forEach((one, index) => {
        walkNode(one, around, { ...spot, chain: { list: node, index } });
      });
      return;
    case 'subshell':
    case 'group':
      walkStatements(node.body.statements, inside(node.kind));
      return;
    case 'if':
      for (const { condition, body } of node.branches) {
        walkStatements(condition.statements, inside('condition'));
        walkStatements(body.statements, inside('branch'));
      }
      if (node.otherwise) walkStatements(node.otherwise.statements, inside('branch'));
      return;
    case 'loop':
      for (const word of node.items ?? []) walkParts(word.parts, around);
      if (node.condition) walkStatements(node.condition.statements, inside('condition'));
      walkStatements(node.body.statements, inside('loop'));
      return;
    case 'case':
      walkParts(node.subject.parts, around);
      for (const { body } of node.items) walkStatements(body.statements, inside('case'));
      return;
    case 'function':
      walkStatements(node.body, inside('function'));
      return;
    case 'test':
    case 'arithmetic':
      for (const word of node.words) walkParts(word.parts, around);
      return;
  }
}

function placeCommand(command: SimpleCommand, around: Around, spot: Spot): void {
  const { found, within, via, exact = true } = around;
  const place: CommandPlace = { ...spot, within, exact };
  const base = { command, place, ...(via === undefined ? {} : { via }) };
  let current = named(command.words);
  found.push({ ...base, ...current });
  let depth = 0;
  for (let inner = innerCommand(current); inner && depth < DEEPEST; inner = innerCommand(current)) {
    depth++;
    const runner = current.name;
    current = named(inner);
    found.push({ ...base, ...current, via: runner });
  }
  const quoted = scriptOfWord(current, outermost(around.root), exact);
  if (quoted) walkScript(quoted, { ...around, within: [...within, 'quoted-script'], via: current.name });
  for (const word of command.words) walkParts(word.parts, around);
  for (const { values } of command.assignments) for (const { parts } of values) walkParts(parts, around);
  for (const { target } of command.redirects) walkParts(target?.parts ?? [], around);
}

/** Words as name and arguments. */
function named(words: readonly ShellWord[]): Pick<PlacedCommand, 'name' | 'nameWord' | 'args'> {
  const [nameWord, ...args] = words;
  if (!nameWord) return { name: '', args };
  return {
    name: nameWord.literal ? nameWord.value.slice(nameWord.value.lastIndexOf('/') + 1) : '',
    nameWord,
    args,
  };
}

function walkParts(parts: readonly WordPart[], around: Around): void {
  for (const part of parts) {
    if (part.kind === 'substitution')
      walkScript(part.script, { ...around, within: [...around.within, 'substitution'] });
    else if (part.kind === 'variable') for (const { parts: inner } of part.operands) walkParts(inner, around);
    else if (part.kind === 'arithmetic') for (const { parts: inner } of part.words) walkParts(inner, around);
    else if (part.kind !== 'literal') walkParts(part.parts, around);
  }
}
