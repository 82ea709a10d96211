// Changes of a script's text. Where one cannot be made without touching something else there is none.

import type { PlacedCommand } from './commands.ts';
import type { Range, ShellWord } from './tree.ts';

/** Puts `text` in the place of a range of the script's text. */
export interface Replacement extends Range {
  readonly text: string;
}

/** Another word in the place of one. */
export function replaceWord({ start, end }: ShellWord, text: string): Replacement {
  return { start, end, text };
}

/** A word after one: `insertAfter(install, '-y')`. */
export function insertAfter({ end }: ShellWord, text: string): Replacement {
  return { start: end, end, text: ` ${text}` };
}

/**
 * Takes a command away from `a && b && c`, or from `a; b; c`. Undefined where it is the only one, where `||`, a pipe
 * or a here-document hangs on it, or a comment of the shell stands beside it.
 */
export function removeCommand(text: string, { command, via, place }: PlacedCommand): Replacement | undefined {
  const { statements, index, chain, pipeline } = place;
  if (via !== undefined || !place.exact || hasHeredoc(command)) return undefined;
  if (pipeline && pipeline.pipeline.commands.length > 1) return undefined;
  if (!chain) {
    if (statements[index]?.background) return undefined;
    return removePart(text, statements, { index, separator: /^[ \t]*[;\n]\s*$/ });
  }
  const { list } = chain;
  const beside = [list.operators[chain.index - 1], list.operators[chain.index]];
  if (beside.includes('||')) return undefined;
  return removePart(text, list.nodes, { index: chain.index, separator: /^\s*&&\s*$/ });
}

function removePart(
  text: string,
  parts: readonly Range[],
  { index, separator }: { readonly index: number; readonly separator: RegExp },
): Replacement | undefined {
  const [before, part, after] = [parts[index - 1], parts[index], parts[index + 1]];
  if (!part) return undefined;
  if (after && separator.test(text.slice(part.end, after.start)))
    return { start: part.start, end: after.start, text: '' };
  if (!after && before && separator.test(text.slice(before.end, part.start)))
    return { start: before.end, end: part.end, text: '' };
  return undefined;
}

/**
 * Appends a command after one and what is joined to it by `&&`. Undefined where `||`, `&` or a here-document stand in
 * the way.
 */
export function appendToList({ command, place }: PlacedCommand, text: string): Replacement | undefined {
  const { statements, index, chain, pipeline } = place;
  const statement = statements[index];
  if (!place.exact || !statement || statement.background || hasHeredoc(command)) return undefined;
  if (chain?.list.operators.includes('||')) return undefined;
  const last = chain?.list.nodes.at(-1) ?? pipeline?.pipeline ?? command;
  if (last.kind === 'command' && hasHeredoc(last)) return undefined;
  return { start: last.end, end: last.end, text: ` && ${text}` };
}

function hasHeredoc({ redirects }: PlacedCommand['command']): boolean {
  return redirects.some(({ operator }) => operator === '<<' || operator === '<<-');
}
