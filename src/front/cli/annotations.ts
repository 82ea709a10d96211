// `--annotation` as docker buildx takes it: `[TYPE[,TYPE…]:]KEY=VALUE`, where a TYPE may name a platform in brackets.

import type { Annotation } from '../../app/index.ts';
import { MilleError, suggest } from '../../core/index.ts';

const TYPES = ['manifest', 'manifest-descriptor', 'index', 'index-descriptor'] as const;
const TYPE = /^([a-z-]+)(?:\[([A-Za-z0-9_/.-]+)\])?$/;
const HINT = 'write --annotation KEY=VALUE, or --annotation manifest:KEY=VALUE';

/** Whether something of this name can be annotated. */
export function isAnnotated(word: string): word is Annotation['on'] {
  return TYPES.some((type) => type === word);
}

/** Reads every `--annotation`; a later one of the same place and key wins. @throws MilleError `usage` */
export function parseAnnotations(given: readonly string[]): Annotation[] {
  return given.filter((text) => text !== '').flatMap(parseAnnotation);
}

function parseAnnotation(text: string): Annotation[] {
  const equals = text.indexOf('=');
  if (equals < 0) throw new MilleError('usage', `--annotation '${text}' is no key=value`, { hint: HINT });
  const name = text.slice(0, equals);
  const value = text.slice(equals + 1);
  const colon = name.indexOf(':');
  const key = name.slice(colon + 1);
  if (key === '') throw new MilleError('usage', `--annotation '${text}' has no key`, { hint: HINT });
  if (colon < 0) return [{ on: 'manifest', key, value }];
  return name
    .slice(0, colon)
    .split(',')
    .map((type) => ({ ...parsePlace(text, type), key, value }));
}

function parsePlace(text: string, place: string): Pick<Annotation, 'on' | 'platform'> {
  const [, word = place, platform] = TYPE.exec(place) ?? [];
  const on = TYPES.find((type) => type === word);
  if (on === undefined) {
    const near = suggest(word, TYPES);
    throw new MilleError('usage', `--annotation '${text}': '${place}' is nothing that can be annotated`, {
      hint: near === undefined ? `it is one of: ${TYPES.join(', ')}` : `did you mean '${near}'?`,
    });
  }
  return { on, ...(platform === undefined ? {} : { platform }) };
}
