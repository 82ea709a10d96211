// `-o` as docker buildx takes it: comma-separated `key=value`, or the short forms `DIR` and `-`.

import type { OutputSpec } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';

const HINT =
  'write -o type=oci|docker|tar|local,dest=PATH, -o DIRECTORY, or -o - for a tar on standard output';
const TYPES: readonly string[] = ['oci', 'docker', 'tar', 'local'] satisfies OutputSpec['type'][];

/** What all `-o` (and `--load`) ask for together. */
export interface Outputs {
  readonly outputs: readonly OutputSpec[];
  /** Whether the image gets its names in the local store. */
  readonly store: boolean;
}

/**
 * Reads every `-o`. Without any the image goes to the store; `type=docker` without a destination, and `--load`, mean
 * just that.
 * @throws MilleError `usage`: unknown types and keys, two archives for standard output, an archive for a terminal.
 */
export function parseOutputs(
  given: readonly string[],
  options: { readonly load: boolean; readonly stdoutIsTerminal: boolean },
): Outputs {
  const specs = given.map(parseOutput);
  const outputs = specs.filter((spec) => spec !== 'store');
  const toStdout = outputs.filter((spec) => spec.dest === '-');
  if (toStdout.length > 1) {
    throw new MilleError('usage', 'only one -o can write to standard output', {
      hint: 'give the others a dest=FILE',
    });
  }
  if (toStdout.length === 1 && options.stdoutIsTerminal) {
    throw new MilleError('usage', 'an archive is not written to a terminal', {
      hint: 'redirect standard output, or give -o a dest=FILE',
    });
  }
  return { outputs, store: outputs.length === 0 || options.load || specs.includes('store') };
}

function parseOutput(text: string): OutputSpec | 'store' {
  const fields = splitCsv(text);
  if (fields.length === 1 && !fields[0]!.startsWith('type=')) {
    const dest = fields[0]!;
    if (dest === '') throw new MilleError('usage', '-o has no value', { hint: HINT });
    return dest === '-' ? { type: 'tar', dest } : { type: 'local', dest };
  }
  const keys = new Map<string, string>();
  for (const field of fields) {
    const equals = field.indexOf('=');
    const key = equals < 0 ? field : field.slice(0, equals).trim().toLowerCase();
    if (equals < 0) throw new MilleError('usage', `-o '${text}': '${field}' is no key=value`, { hint: HINT });
    if (!['type', 'dest'].includes(key)) {
      throw new MilleError('usage', `-o '${text}': mille does not know the key '${key}'`, { hint: HINT });
    }
    keys.set(key, field.slice(equals + 1));
  }
  const type = keys.get('type');
  const dest = keys.get('dest');
  if (type === undefined) throw new MilleError('usage', `-o '${text}' has no type`, { hint: HINT });
  if (!TYPES.includes(type)) {
    throw new MilleError('usage', `-o '${text}': mille does not support the type '${type}'`, { hint: HINT });
  }
  if (type === 'docker' && dest === undefined) return 'store';
  if (type === 'local' && (dest === undefined || dest === '-' || dest === '')) {
    throw new MilleError('usage', `-o '${text}' needs a directory`, {
      hint: 'write -o type=local,dest=DIRECTORY',
    });
  }
  return { type: type as OutputSpec['type'], dest: dest === undefined || dest === '' ? '-' : dest };
}

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
