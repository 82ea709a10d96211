// Files of variables in Docker's format: a variable a line, `#` begins a comment line, nothing is unquoted or
// expanded, a name alone takes its value from the environment (and is left out where it has none).

import { MilleError, type SourceText } from '../../core/index.ts';
import type { Host } from './spec.ts';

/**
 * The variables of a file as `K=V`.
 * @throws MilleError `file-format`, with the place: no name, white space in a name, bytes that aren't UTF-8.
 */
export function parseEnvFile(name: string, bytes: Uint8Array, env: Host['env']): string[] {
  const source: SourceText = { name, text: new TextDecoder().decode(bytes) };
  const out: string[] = [];
  let start = 0;
  for (const raw of source.text.split('\n')) {
    const line = raw.replace(/\r$/, '').trimStart();
    const begin = start + raw.length - raw.trimStart().length;
    const span = { source, start: begin, end: Math.max(begin + 1, begin + line.trimEnd().length) };
    start += raw.length + 1;
    if (line === '' || line.startsWith('#')) continue;
    const fail = (message: string, hint: string) => new MilleError('file-format', message, { span, hint });
    if (line.includes('\ufffd')) {
      throw fail('this line is not valid UTF-8', 'save the file as UTF-8');
    }
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (key === '') throw fail("there is no variable name before '='", 'write NAME=value');
    if (/\s/.test(key)) {
      throw fail(
        `the variable name '${key}' contains white space`,
        'write NAME=value without spaces around =; quotes and export are not understood',
      );
    }
    if (equals >= 0) out.push(line);
    else if (env[key] !== undefined) out.push(`${key}=${env[key]}`);
  }
  return out;
}
