// Text → script, through the library.

import type * as Lib from 'unbash';
import { parse } from 'unbash';
import { outermost, type Place, rangeAt } from './place.ts';
import { arithmeticWords, makeWord, readPart, readWord, type WordReader } from './read-word.ts';
import type {
  Assignment,
  Redirect,
  Script,
  ScriptError,
  ShellNode,
  ShellWord,
  SimpleCommand,
  Statement,
  StatementList,
} from './tree.ts';

/** Reads any text. Never throws: what is wrong with it is in `errors`. */
export function parseScript(text: string): Script {
  return parseAt(outermost(text));
}

/** Reads a text that stands within a script. */
export function parseAt(place: Place): Script {
  try {
    return convert(parse(place.text), place);
  } catch (error) {
    // The library recovers from everything it knows; what it does not know must not end a check.
    const message = error instanceof Error ? error.message : String(error);
    const start = place.at(0);
    return {
      text: place.text,
      start,
      end: start,
      statements: [],
      errors: [{ message, at: start }],
      exact: place.exact,
    };
  }
}

function convert(script: Lib.ParsedScript, place: Place): Script {
  const errors: ScriptError[] = (script.errors ?? []).map(({ message, pos }) => ({
    message,
    at: place.at(pos),
  }));
  const reader: Reader = {
    place,
    script: (inner, at) => {
      const read = convert(inner, at);
      errors.push(...read.errors);
      return read;
    },
  };
  const statements = script.commands.map((one) => readStatement(reader, one));
  errors.sort((a, b) => a.at - b.at);
  return { text: place.text, ...rangeAt(place, script), statements, errors, exact: place.exact };
}

type Reader = WordReader;

function readStatement(reader: Reader, { pos, end, command, background }: Lib.Statement): Statement {
  return {
    ...rangeAt(reader.place, { pos, end }),
    node: readNode(reader, command),
    background: background === true,
  };
}

function readList(reader: Reader, list: Lib.CompoundList): StatementList {
  return {
    ...rangeAt(reader.place, list),
    statements: list.commands.map((one) => readStatement(reader, one)),
  };
}

type AnyNode = Lib.PipelineNode | Lib.AndOr;

function readNode(reader: Reader, node: AnyNode): ShellNode {
  const range = rangeAt(reader.place, node);
  switch (node.type) {
    case 'Command':
      return readCommand(reader, node);
    case 'Pipeline':
      return {
        kind: 'pipeline',
        ...range,
        commands: node.commands.map((one) => readNode(reader, one)),
        negated: node.prefixes.filter(({ type }) => type === 'Negation').length % 2 === 1,
      };
    case 'AndOr':
      return {
        kind: 'and-or',
        ...range,
        nodes: node.commands.map((one) => readNode(reader, one)),
        operators: node.operators,
      };
    case 'Function': {
      const { body } = node;
      const keyword = /^function\b/.test(reader.place.text.slice(node.pos, node.end));
      const name = node.name.value;
      return { kind: 'function', ...range, name, keyword, body: bodyStatements(reader, body) };
    }
    case 'Coproc':
      return {
        kind: 'group',
        ...range,
        body: { ...range, statements: bodyStatements(reader, node.body) },
        redirects: [],
      };
    case 'Redirected':
      return {
        ...readCompound(
          reader,
          node.command,
          node.redirects.map((one) => readRedirect(reader, one)),
        ),
        ...range,
      };
    default:
      return readCompound(reader, node, []);
  }
}

function bodyStatements(
  reader: Reader,
  body: Lib.Command | Lib.CompoundCommand | Lib.Redirected | Lib.CompoundList,
): readonly Statement[] {
  if (body.type === 'CompoundList') return readList(reader, body).statements;
  return [{ ...rangeAt(reader.place, body), node: readNode(reader, body), background: false }];
}

function readCompound(reader: Reader, node: Lib.CompoundCommand, redirects: readonly Redirect[]): ShellNode {
  const base = { ...rangeAt(reader.place, node), redirects };
  switch (node.type) {
    case 'Subshell':
      return { kind: 'subshell', ...base, body: readList(reader, node.body) };
    case 'BraceGroup':
      return { kind: 'group', ...base, body: readList(reader, node.body) };
    case 'If':
      return {
        kind: 'if',
        ...base,
        branches: [node, ...node.elif].map(({ clause, then: body }) => ({
          condition: readList(reader, clause),
          body: readList(reader, body),
        })),
        ...(node.else ? { otherwise: readList(reader, node.else) } : {}),
      };
    case 'For':
    case 'Select':
      return {
        kind: 'loop',
        ...base,
        keyword: node.type === 'For' ? 'for' : 'select',
        variable: readWord(reader, node.name),
        ...(node.wordlist ? { items: node.wordlist.map((one) => readWord(reader, one)) } : {}),
        body: readList(reader, node.body),
      };
    case 'ArithmeticFor':
      return {
        kind: 'loop',
        ...base,
        keyword: 'for',
        items: [node.initialize, node.test, node.update].flatMap((one) => arithmeticWords(reader, one)),
        body: readList(reader, node.body),
      };
    case 'While':
      return {
        kind: 'loop',
        ...base,
        keyword: node.kind,
        condition: readList(reader, node.clause),
        body: readList(reader, node.body),
      };
    case 'Case':
      return {
        kind: 'case',
        ...base,
        subject: readWord(reader, node.word),
        items: node.items.map(({ pattern, body }) => ({
          patterns: pattern.map((one) => readWord(reader, one)),
          body: readList(reader, body),
        })),
      };
    case 'TestCommand': {
      const words: ShellWord[] = [];
      const operators: string[] = [];
      readTest(reader, node.expression, { words, operators });
      return { kind: 'test', ...base, words, operators };
    }
    case 'ArithmeticCommand':
      return { kind: 'arithmetic', ...base, words: arithmeticWords(reader, node.expression) };
  }
}

function readTest(
  reader: Reader,
  expression: Lib.TestExpression,
  found: { readonly words: ShellWord[]; readonly operators: string[] },
): void {
  switch (expression.type) {
    case 'TestUnary':
      found.operators.push(expression.operator);
      found.words.push(readWord(reader, expression.operand));
      return;
    case 'TestBinary':
      found.operators.push(expression.operator);
      found.words.push(readWord(reader, expression.left), readWord(reader, expression.right));
      return;
    case 'TestLogical':
      found.operators.push(expression.operator);
      for (const operand of expression.operands) readTest(reader, operand, found);
      return;
    case 'TestNot':
      readTest(reader, expression.operand, found);
      return;
    case 'TestGroup':
      readTest(reader, expression.expression, found);
      return;
  }
}

function readCommand(reader: Reader, node: Lib.Command): SimpleCommand {
  const assignments: Assignment[] = [];
  const redirects: Redirect[] = [];
  const words: ShellWord[] = node.name ? [readWord(reader, node.name)] : [];
  for (const one of node.prefix) {
    if (one.type === 'Assignment') assignments.push(readAssignment(reader, one));
    else redirects.push(readRedirect(reader, one));
  }
  for (const one of node.suffix) {
    if (one.type === 'Word') words.push(readWord(reader, one));
    // `export NAME=value`: an assignment for the command, a word for whoever reads its arguments.
    else if (one.type === 'Assignment') words.push(assignmentWord(reader, one));
    else redirects.push(readRedirect(reader, one));
  }
  return { kind: 'command', ...rangeAt(reader.place, node), assignments, words, redirects };
}

function readAssignment(reader: Reader, node: Lib.Assignment): Assignment {
  const array = node.value.type === 'ArrayValue';
  const words = node.value.type === 'ArrayValue' ? node.value.elements : [node.value];
  return {
    ...rangeAt(reader.place, node),
    name: node.name,
    append: node.append === true,
    values: words.map((one) => readWord(reader, one)),
    array,
  };
}

function assignmentWord(reader: Reader, node: Lib.Assignment): ShellWord {
  const { name, values } = readAssignment(reader, node);
  const head = `${name}${node.append ? '+' : ''}=`;
  const { start } = rangeAt(reader.place, node);
  const literal = {
    kind: 'literal',
    start,
    end: start + head.length,
    text: head,
    value: head,
    quoting: 'none',
    dollar: false,
  } as const;
  const value = head + values.map((one) => one.value).join(' ');
  const parts = [literal, ...values.flatMap((one) => one.parts)];
  return makeWord(reader, { pos: node.pos, end: node.end, text: node.text, value }, parts);
}

function readRedirect(reader: Reader, node: Lib.Redirection): Redirect {
  const target = redirectTarget(reader, node);
  return {
    ...rangeAt(reader.place, node),
    operator: node.operator,
    ...(target ? { target } : {}),
    ...(node.descriptor?.type === 'FileDescriptor' ? { descriptor: node.descriptor.value } : {}),
  };
}

function redirectTarget(reader: Reader, node: Lib.Redirection): ShellWord | undefined {
  if (node.type !== 'HereDoc') return node.target && readWord(reader, node.target);
  const { pos, end, text, parts } = node.body;
  const literal: Lib.LiteralPart = { type: 'Literal', pos, end, text, value: text };
  const read = (parts ?? (text === '' ? [] : [literal])).flatMap((part) => readPart(reader, part, 'double'));
  return makeWord(reader, { pos, end, text, value: text }, read);
}
