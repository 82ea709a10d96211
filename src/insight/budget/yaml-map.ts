// YAML (and so JSON) with the place of every key and value. Anchors, aliases and tags are refused: a budget needs none,
// and a file of a few lines could expand to anything by them.

import { isAlias, isMap, isScalar, type Node, type ParsedNode, parseDocument } from 'yaml';
import { MilleError, type SourceText, type Span, suggest } from '../../core/index.ts';

/** A value with its place. */
export interface Located {
  readonly span: Span;
  readonly value: string | number | boolean | null | readonly Member[];
}

/** A key and its value. */
export interface Member {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Located;
}

/** Reads a document that is a map, or empty. @throws MilleError `file-format` with the place */
export function readMap(source: SourceText): readonly Member[] {
  const document = parseDocument(source.text, { uniqueKeys: true, prettyErrors: false, logLevel: 'error' });
  const [problem] = document.errors;
  if (problem) {
    const [start, end] = problem.pos;
    throw wrong(`no valid YAML: ${problem.message}`, { source, start, end: Math.max(end, start + 1) });
  }
  if (!document.contents) return [];
  const { value, span } = located(source, document.contents as ParsedNode);
  if (Array.isArray(value)) return value;
  throw wrong('a budget is a map of limits', span, 'write for instance: total: 200MB');
}

function located(source: SourceText, node: ParsedNode): Located {
  const span = spanOf(source, node);
  if (isAlias(node)) throw wrong('an alias cannot stand here', span, 'write the value itself');
  if (node.anchor !== undefined || node.tag?.startsWith('!')) {
    throw wrong('anchors and tags cannot stand here', span, 'write the plain value');
  }
  if (isScalar(node)) {
    const { value } = node;
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return { span, value: value as string | number | boolean | null };
    }
  }
  if (isMap(node)) {
    const members = node.items.map(({ key, value }): Member => {
      const keySpan = spanOf(source, key as ParsedNode);
      if (!isScalar(key)) throw wrong('a key is a word', keySpan);
      const inner = value as ParsedNode | null;
      return {
        key: String(key.value),
        keySpan,
        value: inner ? located(source, inner) : { span: keySpan, value: null },
      };
    });
    return { span, value: members };
  }
  throw wrong('a list cannot stand here', span, 'limits are given as key: value');
}

function spanOf(source: SourceText, node: Node): Span {
  const [start, end] = node.range ?? [0, 1];
  return { source, start, end: Math.max(end, start + 1) };
}

/** The members of a value that must be a map. @throws MilleError `file-format` */
export function mapOf(key: string, { value, span }: Located, example: string): readonly Member[] {
  if (Array.isArray(value)) return value;
  throw wrong(`${key} is a map`, span, `write for instance: ${example}`);
}

/** Refuses keys that do not exist. @throws MilleError `file-format` with what was probably meant */
export function checkKeys(members: readonly Member[], known: readonly string[], where = ''): void {
  for (const { key, keySpan } of members) {
    if (known.includes(key)) continue;
    const near = suggest(key, known, 3);
    const hint = near === undefined ? `there are: ${known.join(', ')}` : `did you mean ${near}?`;
    throw wrong(`there is no '${key}'${where === '' ? ' in a budget' : ` in ${where}`}`, keySpan, hint);
  }
}

/** The error for something wrong in the file. */
export function wrong(message: string, span: Span, hint?: string): MilleError {
  return new MilleError('file-format', message, { span, ...(hint === undefined ? {} : { hint }) });
}
