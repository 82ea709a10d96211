// Here-documents: finding the words `<<NAME` in an instruction's line. Their bodies are taken by the reader of lines.

import { MilleError, quote } from '../../core/index.ts';
import { lowerCase } from './characters.ts';
import { lexWords } from './expand.ts';
import type { Clause } from './tree.ts';

/** `<<NAME` as announced in a line. */
export interface HeredocStart {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly fileDescriptor: number;
}

const HEREDOC = /^([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)$/;

/** Whether this instruction may have here-documents: RUN, COPY and ADD, also after ONBUILD, not in JSON form. */
export function mayHoldHeredocs(clause: Clause): boolean {
  const inner = lowerCase(clause.keyword.text) === 'onbuild' ? clause.trigger : clause;
  return inner !== undefined && !inner.json && /^(run|copy|add)$/i.test(inner.keyword.text);
}

/** The here-documents that a joined line announces, in order. A line with unmatched quotes announces none. */
export function heredocsOfLine(line: string): HeredocStart[] {
  if (!line.includes('<<')) return [];
  const words = lexOrNothing(line);
  return words.flatMap((word) => {
    const start = parseHeredocWord(word);
    return start ? [start] : [];
  });
}

/**
 * Reads one word as `<<NAME`; undefined when it is none.
 * @throws MilleError `dockerfile-syntax` when the name has an unmatched quote.
 */
export function parseHeredocWord(word: string): HeredocStart | undefined {
  const match = HEREDOC.exec(word);
  const rest = match?.[3];
  if (!match || !rest) return undefined;
  let names: readonly string[];
  let raw: readonly string[];
  try {
    names = lexWords(rest, {});
    if (names.length !== 1) return undefined;
    raw = lexWords(rest, { keepQuotes: true });
  } catch (error) {
    throw malformedName(rest, error);
  }
  // Empty quotes beside the name: one word without them, two with them.
  if (raw.length !== 1) throw malformedName(rest);
  const name = names[0] as string;
  return {
    name,
    // A quote that vanished when the word was read means that some part of the name is quoted.
    expand: countQuotes(name) === countQuotes(raw[0] ?? ''),
    chomp: match[2] === '-',
    fileDescriptor: Number(match[1] ?? 0),
  };
}

function malformedName(name: string, cause?: unknown): MilleError {
  return new MilleError('dockerfile-syntax', `malformed here-document name ${quote(name)}`, {
    hint: 'a name has matching quotes or none: <<EOF, or <<"EOF" for a body in which nothing is expanded',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A body without the leading tabs of each line, as `<<-` asks for. */
export function chompHeredoc(content: string): string {
  return content.replace(/(^|\n)\t+/g, '$1');
}

function lexOrNothing(line: string): readonly string[] {
  try {
    return lexWords(line, { keepQuotes: true, keepEscapes: true });
  } catch {
    return [];
  }
}

function countQuotes(text: string): number {
  return text.replace(/[^'"]/g, '').length;
}
