// `--format`: a table or JSON. Docker's Go templates are not understood, and say so.

import { MilleError } from '../../core/index.ts';

export const FORMAT_FLAG = {
  kind: 'string',
  value: 'FORMAT',
  help: 'table, or json for one JSON object a line',
} as const;

/** The format asked for. @throws MilleError `usage` for anything but `table` and `json`. */
export function parseFormat(text: string | undefined): 'table' | 'json' | undefined {
  if (text === undefined || text === 'table' || text === 'json') return text;
  const template = text.includes('{{') ? 'Go templates are not supported: ' : '';
  throw new MilleError('usage', `${template}--format can't be '${text}'`, {
    hint: "write --format table, or --format json and read fields with a tool such as 'jq'",
  });
}
