// `RUN --mount=…` split into its comma-separated fields. What they mean is read once variables are expanded.

import { MilleError } from '../../core/index.ts';
import type { MountField, MountFlag } from './instruction.ts';
import type { Word } from './tree.ts';

/**
 * Splits a mount flag into fields.
 * @throws MilleError `dockerfile-syntax` for malformed CSV, or a variable in `from`.
 */
export function readMountFlag(word: Word): MountFlag {
  const fields = splitFields(word).map((text): MountField => {
    const cut = text.indexOf('=');
    if (cut < 0) return { key: text.toLowerCase(), text };
    return { key: text.slice(0, cut).toLowerCase(), value: text.slice(cut + 1), text };
  });
  for (const { key, value } of fields) {
    const dollar = value?.indexOf('$') ?? -1;
    if (key === 'from' && value !== undefined && dollar >= 0 && dollar !== value.length - 1) {
      throw bad(word, 'variables are not expanded in from= of a mount', {
        hint: 'give the image a name with FROM … AS name before this stage, and use that name',
      });
    }
  }
  return { word, fields };
}

/** One record of RFC 4180, as Go reads it: a quote inside an unquoted field is an error. */
function splitFields(word: Word): string[] {
  const text = word.text.replace(/\r?\n$/, '');
  if (text === '') throw bad(word, '--mount is empty', { hint: 'write --mount=type=…,target=…' });
  const fields: string[] = [];
  let at = 0;
  while (true) {
    let field: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at);
      field = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
      if (end < 0 || (at < text.length && text[at] !== ',')) throw badQuote(word);
    } else {
      const comma = text.indexOf(',', at);
      const end = comma < 0 ? text.length : comma;
      field = text.slice(at, end);
      if (field.includes('"')) throw badQuote(word);
      at = end;
    }
    fields.push(field);
    if (at >= text.length) return fields;
    at++;
  }
}

function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function badQuote(word: Word): MilleError {
  return bad(word, 'a quote in --mount is out of place', { hint: 'quote a whole field: "key=a,b"' });
}

/** The error of a malformed mount. */
function bad(word: Word, message: string, details: { readonly hint: string }): MilleError {
  return new MilleError('dockerfile-syntax', message, { hint: details.hint, span: word.span });
}
