// Which flag, or which part of a mount, stands at a place of a Dockerfile.

import type { SourceText } from '../../../core/index.ts';
import { type Clause, type FlagWord, parseTree } from '../../../lang/dockerfile/index.ts';
import { flagsOf } from './find-flag.ts';
import { MOUNT_FIELDS, MOUNT_TYPES } from './mount-texts.ts';
import type { Flag } from './texts.ts';

/** What is there, and from where to where (offsets, `end` exclusive). */
export interface FlagPlace {
  /** The instruction that takes it; that behind ONBUILD for a trigger's. */
  readonly keyword: string;
  /** As it is headed: `--chown`, `--mount=type=cache`, `--mount=…,sharing`. */
  readonly name: string;
  readonly texts: Flag['texts'];
  readonly start: number;
  readonly end: number;
}

/** Undefined where there is no flag, or one that nobody knows. */
export function flagAt(source: SourceText, offset: number): FlagPlace | undefined {
  const node = parseTree(source).nodes.find(({ start, end }) => start <= offset && offset < end);
  if (node?.kind !== 'instruction') return undefined;
  for (let clause: Clause | undefined = node.clause; clause; clause = clause.trigger) {
    const word = clause.flags.find(({ span }) => span.start <= offset && offset < span.end);
    if (word) return placeOf(clause.keyword.text.toUpperCase(), word, offset);
  }
  return undefined;
}

function placeOf(keyword: string, word: FlagWord, offset: number): FlagPlace | undefined {
  const flag = flagsOf(keyword).find(({ name }) => name === `--${word.name}`);
  if (!flag) return undefined;
  const { name, texts } = flag;
  const part = name === '--mount' && word.value ? mountPart(word.value.span, offset) : undefined;
  return { keyword, ...(part ?? { name, texts, start: word.span.start, end: word.span.end }) };
}

/** The field of a mount; undefined before the first, and for one that means nothing. */
function mountPart(
  { source, start, end }: FlagWord['span'],
  offset: number,
): Omit<FlagPlace, 'keyword'> | undefined {
  if (offset < start) return undefined;
  // Commas within quotes belong to a value. What joins two lines may stand before a field.
  for (const match of source.text.slice(start, end).matchAll(/(?:"[^"]*"|[^,"])+/g)) {
    const from = start + match.index;
    if (offset < from || offset >= from + match[0].length) continue;
    const [, before = '', key = '', value = ''] =
      /^([\s\\`"]*)([a-zA-Z]+)(?:=([a-zA-Z]*))?/.exec(match[0]) ?? [];
    const place = { start: from + before.length, end: from + match[0].length };
    const field = fieldOf(key);
    if (!field) return undefined;
    const type = value.toLowerCase();
    return field.name === 'type' && Object.hasOwn(MOUNT_TYPES, type)
      ? { name: `--mount=type=${type}`, texts: MOUNT_TYPES[type]!, ...place }
      : { name: `--mount=…,${field.name}`, texts: field.texts, ...place };
  }
  return undefined;
}

function fieldOf(key: string) {
  const wanted = key.toLowerCase();
  return MOUNT_FIELDS.find(({ name, aliases = [] }) => name === wanted || aliases.includes(wanted));
}
