// Values with commas in them, as Docker's flags take them.

import { MilleError } from '../../core/index.ts';

/** One record of comma-separated values; a field that holds a comma is quoted as a whole, quotes in it doubled. */
export function splitCsv(text: string): string[] {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",][^,]*|))(,|$)/y;
  for (;;) {
    const match = field.exec(text);
    if (!match) throw new MilleError('usage', `a quote is not closed in '${text}'`);
    fields.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
    if (match[3] === '') return fields;
  }
}
