// Fixes of commands.

import type { Fix, TextEdit } from '../../core/index.ts';
import {
  insertAfter,
  type PlacedCommand,
  type Range,
  replaceWord,
  type ShellNode,
} from '../../lang/shell/index.ts';
import type { Command, Run, Word } from './run-commands.ts';
import { appendEdit, shellEdit } from './shell-fix.ts';

type FixClass = 'safe' | 'unsafe';

/** Writes a flag behind a word. */
export function insertFlag(word: Word, flag: string, fixClass: FixClass = 'safe'): Fix | undefined {
  const { run, command } = word;
  const edit = shellEdit(run.facts, command.placed, insertAfter(word.shell, flag));
  return madeOf(`add ${flag}`, [edit], fixClass);
}

/** Appends a command to the list that one stands in. */
export function appendCommand(command: Command, text: string, fixClass: FixClass = 'safe'): Fix | undefined {
  return madeOf(`append && ${text}`, [appendEdit(command.run.facts, command.placed, text)], fixClass);
}

/** Writes other words in the place of some. */
export function rewriteWords(
  title: string,
  words: readonly (readonly [Word, string])[],
  fixClass: FixClass = 'safe',
): Fix | undefined {
  const edits = words.map(([{ run, command, shell }, text]) =>
    shellEdit(run.facts, command.placed, replaceWord(shell, text)),
  );
  return madeOf(title, edits, fixClass);
}

/** A fix of edits, where all of them are possible. */
export function madeOf(
  title: string,
  edits: readonly (TextEdit | undefined)[],
  fixClass: FixClass = 'safe',
): Fix | undefined {
  const all = edits.filter((edit) => edit !== undefined);
  if (all.length === 0 || all.length !== edits.length) return undefined;
  return { title, edits: all, ...(fixClass === 'safe' ? {} : { fixClass }) };
}

const kept = new WeakMap<Run, ReadonlyMap<ShellNode, PlacedCommand>>();

/** The commands of a RUN by their nodes: the first of a node is the whole of it. */
function placedOf(run: Run): ReadonlyMap<ShellNode, PlacedCommand> {
  const known = kept.get(run);
  if (known) return known;
  const found = new Map<ShellNode, PlacedCommand>();
  for (const placed of run.facts.commands) if (!found.has(placed.command)) found.set(placed.command, placed);
  kept.set(run, found);
  return found;
}

/** Writes another text in the place of a piece of a command. */
export function rewritePiece(
  run: Run,
  node: ShellNode,
  {
    piece,
    text,
    title,
    fixClass = 'safe',
  }: { readonly piece: Range; readonly text: string; readonly title: string; readonly fixClass?: FixClass },
): Fix | undefined {
  const placed = placedOf(run).get(node);
  if (!placed) return undefined;
  return madeOf(
    title,
    [shellEdit(run.facts, placed, { start: piece.start, end: piece.end, text })],
    fixClass,
  );
}
