// Tree node → typed instruction: dispatch by keyword, and the instructions that take a line to read. The longer
// ones have files of their own.

import { MilleError, quote, shorten, suggest } from '../../core/index.ts';
import { lowerCase, trimSpace } from './characters.ts';
import { checkFlags, textFlag } from './flags.ts';
import type { ArgDeclaration, Instruction, KeyValue } from './instruction.ts';
import { commandLine, type InstructionHead, instructionHead, malformed } from './instruction-head.ts';
import type { Clause, InstructionNode, Word } from './tree.ts';
import { readAdd, readCopy } from './typed-copy.ts';
import { readHealthcheck } from './typed-healthcheck.ts';
import { readRun } from './typed-run.ts';

type InstructionReader = (head: InstructionHead, clause: Clause) => Instruction;

const READERS: ReadonlyMap<string, InstructionReader> = new Map<string, InstructionReader>([
  ['add', readAdd],
  // ARG and STOPSIGNAL never look at flags in BuildKit: they are dropped without a word.
  ['arg', (head, clause) => ({ ...head, kind: 'arg', args: declarations(head, clause) })],
  [
    'cmd',
    (head, clause) => ({ ...head, kind: 'cmd', command: commandLine(noFlags(clause).args, clause.json) }),
  ],
  ['copy', readCopy],
  [
    'entrypoint',
    (head, clause) => ({
      ...head,
      kind: 'entrypoint',
      command: commandLine(noFlags(clause).args, clause.json),
    }),
  ],
  ['env', (head, clause) => ({ ...head, kind: 'env', pairs: pairs(head, clause), legacy: clause.legacy })],
  [
    'expose',
    (head, clause) => ({ ...head, kind: 'expose', ports: sorted(atLeastOne(head, noFlags(clause))) }),
  ],
  ['from', readFrom],
  ['healthcheck', readHealthcheck],
  [
    'label',
    (head, clause) => ({ ...head, kind: 'label', pairs: pairs(head, clause), legacy: clause.legacy }),
  ],
  [
    'maintainer',
    (head, clause) => ({ ...head, kind: 'maintainer', maintainer: exactlyOne(head, noFlags(clause)) }),
  ],
  ['onbuild', readOnbuild],
  ['run', readRun],
  ['shell', readShell],
  ['stopsignal', (head, clause) => ({ ...head, kind: 'stopsignal', signal: exactlyOne(head, clause) })],
  ['user', (head, clause) => ({ ...head, kind: 'user', user: exactlyOne(head, noFlags(clause)) })],
  ['volume', (head, clause) => ({ ...head, kind: 'volume', volumes: volumes(head, clause) })],
  ['workdir', (head, clause) => ({ ...head, kind: 'workdir', path: exactlyOne(head, noFlags(clause)) })],
]);

/** The names of all instructions, in upper case. */
const INSTRUCTION_NAMES: readonly string[] = [...READERS.keys()].map((name) => name.toUpperCase());

/**
 * Reads the typed instruction of a node.
 * @throws MilleError `unknown-instruction` or `dockerfile-syntax`, always with a place.
 */
export function readInstruction(node: InstructionNode): Instruction {
  const { clause } = node;
  const head = instructionHead(node);
  const reader = READERS.get(lowerCase(clause.keyword.text));
  if (!reader) throw unknownInstruction(clause.keyword);
  return reader(head, clause);
}

function unknownInstruction(keyword: Word): MilleError {
  const upper = keyword.text.toUpperCase();
  const [, name, space] = /^([A-Z]+)([\u00a0\u2000-\u200b\u202f\u3000])/.exec(upper) ?? [];
  const near = suggest(upper, INSTRUCTION_NAMES);
  const hint =
    name && space && INSTRUCTION_NAMES.includes(name)
      ? `behind ${name} stands U+${codeOf(space)}, which only looks like a space: write an ordinary one`
      : near
        ? `did you mean ${near}?`
        : 'a line that goes on from the one above needs a \\ at the end of that one';
  const shown = shorten(keyword.text, 40);
  return new MilleError('unknown-instruction', `unknown instruction: ${shown}`, {
    hint,
    span: keyword.span,
  });
}

function codeOf(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}

function noFlags(clause: Clause): Clause {
  checkFlags(clause);
  return clause;
}

function atLeastOne(head: InstructionHead, clause: Clause): readonly Word[] {
  const name = clause.keyword.text.toUpperCase();
  if (clause.args.length > 0) return clause.args;
  throw malformed(head, `${name} needs at least one argument`, {
    hint: `write it after ${name}, or remove the line`,
  });
}

function exactlyOne(head: InstructionHead, clause: Clause): Word {
  return atLeastOne(head, clause)[0] as Word;
}

function pairs(head: InstructionHead, clause: Clause): KeyValue[] {
  const args = atLeastOne(head, noFlags(clause));
  const result: KeyValue[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    const key = args[i] as Word;
    if (key.text === '') throw blankName(head, clause, key);
    result.push({ key, value: args[i + 1] as Word });
  }
  return result;
}

function blankName(head: InstructionHead, clause: Clause, word: Word): MilleError {
  const name = clause.keyword.text.toUpperCase();
  return malformed(head, `${name} without a name before the =`, { hint: 'write name=value', word });
}

function declarations(head: InstructionHead, clause: Clause): ArgDeclaration[] {
  const descriptions = new Map<string, string>();
  for (const comment of head.node.comments) {
    const space = comment.indexOf(' ');
    const name = comment.slice(0, Math.max(0, space));
    if (!descriptions.has(name)) descriptions.set(name, comment.slice(space + 1));
  }
  return atLeastOne(head, clause).map((word) => {
    const cut = word.text.indexOf('=');
    if (cut === 0) throw blankName(head, clause, word);
    const name = cut < 0 ? word.text : word.text.slice(0, cut);
    const found = descriptions.get(name);
    const description = found === undefined ? {} : { description: found };
    if (cut < 0) return { name: word, ...description };
    const { source, start, end } = word.span;
    const equals = Math.max(source.text.indexOf('=', start), start);
    return {
      name: { text: name, span: { source, start, end: Math.min(equals, end) } },
      value: { text: word.text.slice(cut + 1), span: { source, start: Math.min(equals + 1, end), end } },
      ...description,
    };
  });
}

/** Sorted by their bytes, which is by code points and not, as JavaScript compares, by UTF-16 units. */
function sorted(words: readonly Word[]): readonly Word[] {
  const points = (word: Word) => Array.from(word.text, (char) => char.codePointAt(0) as number);
  return words
    .map((word) => ({ word, points: points(word) }))
    .sort((a, b) => comparePoints(a.points, b.points))
    .map(({ word }) => word);
}

function comparePoints(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((point, i) => point !== b[i]);
  return at < 0 ? a.length - b.length : (a[at] as number) - (b[at] ?? -1);
}

function volumes(head: InstructionHead, clause: Clause): Word[] {
  return atLeastOne(head, noFlags(clause)).map((word) => {
    const text = trimSpace(word.text);
    if (text === '') throw malformed(head, 'VOLUME with an empty path', { hint: 'remove it', word });
    return { ...word, text };
  });
}

const STAGE_NAME = /^[a-z][a-z0-9-_.]*$/;

function readFrom(head: InstructionHead, clause: Clause): Instruction {
  const [base, as, name] = clause.args;
  const named = clause.args.length === 3 && /^as$/iu.test(as?.text ?? '');
  if (!base || (clause.args.length !== 1 && !named)) {
    throw malformed(head, 'FROM takes an image or stage, and optionally AS and a name', {
      hint: 'write FROM image, or FROM image AS name',
    });
  }
  const lower = name && lowerCase(name.text);
  if (name && lower !== undefined && !STAGE_NAME.test(lower)) {
    throw malformed(head, `${quote(name.text)} cannot be the name of a stage`, {
      hint: 'a name starts with a letter and holds letters, digits, - _ and . only',
      word: name,
    });
  }
  const flags = checkFlags(clause, { platform: 'text' });
  return {
    ...head,
    kind: 'from',
    base,
    ...textFlag(flags, 'platform', 'platform'),
    ...(name && lower !== undefined ? { as: name, name: lower } : {}),
  };
}

function readShell(head: InstructionHead, clause: Clause): Instruction {
  const shell = atLeastOne(head, noFlags(clause));
  if (!clause.json) {
    throw malformed(head, 'SHELL takes a JSON array only', { hint: 'for example SHELL ["/bin/bash", "-c"]' });
  }
  return { ...head, kind: 'shell', shell };
}

function readOnbuild(head: InstructionHead, clause: Clause): Instruction {
  const first = atLeastOne(head, clause)[0] as Word;
  checkFlags(clause);
  const trigger = first.text.toLowerCase();
  if (trigger === 'onbuild' || trigger === 'from' || trigger === 'maintainer') {
    throw malformed(head, `${shorten(first.text).toUpperCase()} cannot stand after ONBUILD`, {
      hint: 'ONBUILD takes any other instruction',
      word: first,
    });
  }
  const line = head.node.logical.text.replace(/^[\t\n\f\r ]*onbuild[\t\n\f\r ]*/i, '');
  const bodies = head.node.heredocs.map((heredoc) => `\n${heredoc.content}${heredoc.name}`);
  return { ...head, kind: 'onbuild', trigger, expression: line + bodies.join('') };
}
