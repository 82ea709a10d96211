// Going through scripts: every node and every word once, in the order of the text, with what is nested in words.

import type {
  Redirect,
  Script,
  ShellNode,
  ShellWord,
  Statement,
  StatementList,
  VariablePart,
  WordPart,
} from './tree.ts';

/** What a word is there for. */
export type WordRole =
  | 'name'
  | 'argument'
  | 'assignment'
  | 'redirect'
  | 'heredoc'
  | 'item'
  | 'variable'
  | 'subject'
  | 'pattern'
  | 'test'
  | 'arithmetic'
  /** What stands after the operator of `${NAME:-word}`. */
  | 'operand';

/** A word and where it stands. */
export interface PlacedWord {
  readonly word: ShellWord;
  readonly role: WordRole;
  /** The command or other node that it belongs to. */
  readonly node: ShellNode;
}

/** Calls back for every node, an outer one before those in it; also for those in substitutions. */
export function visitNodes(script: Script, visit: (node: ShellNode) => void): void {
  walkStatements(script.statements, { node: visit });
}

/** Calls back for every word. */
export function visitWords(script: Script, visit: (placed: PlacedWord) => void): void {
  walkStatements(script.statements, { word: visit });
}

/** The variables that a word uses, also deep in it. */
export function variablesOf(word: ShellWord): readonly VariablePart[] {
  const found: VariablePart[] = [];
  const look = (parts: readonly WordPart[]): void => {
    for (const part of parts) {
      if (part.kind === 'variable') {
        found.push(part);
        for (const operand of part.operands) look(operand.parts);
      } else if (part.kind === 'arithmetic') for (const one of part.words) look(one.parts);
      else if (part.kind === 'substitution') {
        visitWords(part.script, ({ word: inner, role }) => {
          if (role !== 'operand' && role !== 'arithmetic') look(inner.parts.filter(isOwn));
        });
      } else if (part.kind !== 'literal') look(part.parts);
    }
  };
  look(word.parts);
  return found;
}

/** What is in a substitution is visited as its own words. */
function isOwn({ kind }: WordPart): boolean {
  return kind !== 'substitution';
}

interface Visitor {
  readonly node?: (node: ShellNode) => void;
  readonly word?: (placed: PlacedWord) => void;
}

function walkStatements(statements: readonly Statement[], visitor: Visitor): void {
  for (const { node } of statements) walkNode(node, visitor);
}

function walkNode(node: ShellNode, visitor: Visitor): void {
  visitor.node?.(node);
  const words = (list: readonly ShellWord[], role: WordRole): void => {
    for (const word of list) walkWord({ word, role, node }, visitor);
  };
  const list = ({ statements }: StatementList): void => walkStatements(statements, visitor);
  switch (node.kind) {
    case 'command':
      for (const { values } of node.assignments) words(values, 'assignment');
      words(node.words.slice(0, 1), 'name');
      words(node.words.slice(1), 'argument');
      break;
    case 'pipeline':
      for (const one of node.commands) walkNode(one, visitor);
      return;
    case 'and-or':
      for (const one of node.nodes) walkNode(one, visitor);
      return;
    case 'subshell':
    case 'group':
      list(node.body);
      break;
    case 'if':
      for (const { condition, body } of node.branches) {
        list(condition);
        list(body);
      }
      if (node.otherwise) list(node.otherwise);
      break;
    case 'loop':
      if (node.variable) words([node.variable], 'variable');
      words(node.items ?? [], node.variable ? 'item' : 'arithmetic');
      if (node.condition) list(node.condition);
      list(node.body);
      break;
    case 'case':
      words([node.subject], 'subject');
      for (const { patterns, body } of node.items) {
        words(patterns, 'pattern');
        list(body);
      }
      break;
    case 'function':
      walkStatements(node.body, visitor);
      return;
    case 'test':
      words(node.words, 'test');
      break;
    case 'arithmetic':
      words(node.words, 'arithmetic');
      break;
  }
  walkRedirects(node.redirects, node, visitor);
}

function walkRedirects(redirects: readonly Redirect[], node: ShellNode, visitor: Visitor): void {
  for (const { target, operator } of redirects) {
    const role = operator === '<<' || operator === '<<-' ? 'heredoc' : 'redirect';
    if (target) walkWord({ word: target, role, node }, visitor);
  }
}

function walkWord(placed: PlacedWord, visitor: Visitor): void {
  visitor.word?.(placed);
  walkParts(placed.word.parts, placed.node, visitor);
}

function walkParts(parts: readonly WordPart[], node: ShellNode, visitor: Visitor): void {
  for (const part of parts) {
    switch (part.kind) {
      case 'variable':
        for (const word of part.operands) walkWord({ word, role: 'operand', node }, visitor);
        break;
      case 'substitution':
        walkStatements(part.script.statements, visitor);
        break;
      case 'arithmetic':
        for (const word of part.words) walkWord({ word, role: 'arithmetic', node }, visitor);
        break;
      case 'glob':
      case 'brace':
      case 'extglob':
        walkParts(part.parts, node, visitor);
        break;
    }
  }
}
