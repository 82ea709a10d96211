// Parsed Dockerfiles and expanded words, for programs and for people.

import type { ExpandedWord, JsonClause, JsonHeredoc, JsonInstruction } from '../../app/index.ts';
import { sanitizeLine } from './sanitize.ts';
import { padText } from './width.ts';

/** What `mille parse` prints: a JSON array, an instruction a line, or a listing with a part of an instruction a line. */
export function renderParsed(instructions: readonly JsonInstruction[], format: 'json' | 'listing'): string {
  if (format === 'json') return jsonLines(instructions);
  return instructions.map((one) => `${instructionLines(one).join('\n')}\n`).join('\n');
}

/** What `mille expand` prints: a JSON array of the results, or a word and its result a line. */
export function renderExpanded(words: readonly ExpandedWord[], format: 'json' | 'listing'): string {
  if (format === 'json') return jsonLines(words.map(({ result }) => result));
  return words.map((one) => `${sanitizeLine(`${quote(one.word)}  →  ${resultText(one)}`)}\n`).join('');
}

/** An array with one item a line: as good for `jq` as any, and readable without. */
function jsonLines(items: readonly unknown[]): string {
  if (items.length === 0) return '[]\n';
  return `[\n${items.map((item) => `  ${JSON.stringify(item)}`).join(',\n')}\n]\n`;
}

const LABEL = 10;

function instructionLines(instruction: JsonInstruction): string[] {
  const { line, endLine } = instruction;
  const place = line === endLine ? `line ${line}` : `lines ${line} to ${endLine}`;
  return [
    `${sanitizeLine(instruction.instruction)}  (${place})`,
    ...clauseLines(instruction),
    ...instruction.heredocs.flatMap(heredocLines),
  ];
}

function clauseLines(clause: JsonClause): string[] {
  const flags = clause.flags.map((flag) => part('flag', quote(flag)));
  if (clause.trigger) {
    const { trigger } = clause;
    return [
      ...flags,
      part('trigger', trigger.instruction),
      ...clauseLines(trigger).map((line) => `  ${line}`),
    ];
  }
  const name = clause.json ? 'json' : 'argument';
  return [...flags, ...clause.args.map((text) => part(name, quote(text)))];
}

function heredocLines({ name, fileDescriptor, expand, chomp, content }: JsonHeredoc): string[] {
  const facts = [
    ...(fileDescriptor === 0 ? [] : [`file descriptor ${fileDescriptor}`]),
    ...(expand ? ['expanded'] : ['as it is']),
    ...(chomp ? ['without leading tabs'] : []),
  ];
  const lines = content === '' ? [] : content.replace(/\n$/, '').split('\n');
  return [
    part('heredoc', `${quote(name)} (${facts.join(', ')})`),
    ...lines.map((line) => sanitizeLine(`    | ${line}`).trimEnd()),
  ];
}

function part(name: string, text: string): string {
  return sanitizeLine(`  ${padText(name, LABEL)}${text}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function resultText({ result, error = '' }: ExpandedWord): string {
  if (result === null) return `error: ${error}`;
  return typeof result === 'string' ? quote(result) : `[${result.map(quote).join(', ')}]`;
}
