// A user name and a password, from a terminal or from standard input. What is typed as a password is not shown, and the
// terminal is as it was afterwards, whatever happens.

import { MilleError } from '../../core/index.ts';
import { isErrno, onEnd, onTyped, readStandardInput, takeKeys } from '../../sys/index.ts';
import type { Host } from './spec.ts';

/** Bytes of a password or a token. */
const LONGEST = 64 * 1024;

/** The password that standard input is, without the end of its line. @throws MilleError `usage` */
export async function passwordFromInput(): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readStandardInput(LONGEST);
  } catch (error) {
    if (!isErrno(error, 'EFBIG')) throw error;
    throw new MilleError('usage', `standard input is longer than the ${LONGEST} bytes of a password`, {
      hint: 'it is to be the password, or a token, and nothing else',
    });
  }
  return Buffer.from(bytes)
    .toString()
    .replace(/\r?\n$/, '');
}

/** Asks on the terminal. @throws MilleError `interrupted` */
export async function askLine(prompt: string, host: Host, signal: AbortSignal): Promise<string> {
  return await ask(prompt, { host, signal, shown: true });
}

/** Asks on the terminal for what is not to be seen. @throws MilleError `interrupted` */
export async function askHidden(prompt: string, host: Host, signal: AbortSignal): Promise<string> {
  return await ask(prompt, { host, signal, shown: false });
}

interface Asking {
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly shown: boolean;
}

function ask(prompt: string, { host, signal, shown }: Asking): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const line = createLine();
  const restore = takeKeys();
  const unwatch = onEnd(restore);
  host.err(prompt);
  const stop = () => reject(new MilleError('interrupted', 'interrupted'));
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const unlisten = onTyped((bytes) => {
    const before = line.text();
    const end = bytes === undefined ? 'ended' : line.type(bytes);
    if (shown) host.err(echo(before, line.text()));
    if (end === 'interrupted' || (end === 'ended' && line.text() === '')) stop();
    else if (end !== undefined) resolve(line.text());
  });
  return promise.finally(() => {
    unlisten();
    signal.removeEventListener('abort', stop);
    unwatch();
    restore();
    host.err('\n');
  });
}

/** What turns one text on the terminal into the other. */
function echo(before: string, after: string): string {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const gone = [...before.slice(same)].length;
  return '\b \b'.repeat(gone) + after.slice(same).replace(/\p{Cc}/gu, '?');
}

/** A line as it is typed. */
export interface TypedLine {
  text(): string;
  /** Takes keys; how the line ended, if it did. What comes behind its end is lost. */
  type(bytes: Uint8Array): 'done' | 'ended' | 'interrupted' | undefined;
}

const [CONTROL_C, CONTROL_D, BACKSPACE, NEWLINE, RETURN, CONTROL_U, DELETE] = [3, 4, 8, 10, 13, 21, 127];

/** A line with nothing typed yet: backspace, control-U, control-C and control-D do what they do in a shell. */
export function createLine(): TypedLine {
  let bytes: number[] = [];
  return {
    text: () => Buffer.from(bytes).toString(),
    type: (typed) => {
      for (const byte of typed) {
        if (byte === NEWLINE || byte === RETURN) return 'done';
        if (byte === CONTROL_C) return 'interrupted';
        if (byte === CONTROL_D) return 'ended';
        if (byte === CONTROL_U) bytes = [];
        else if (byte === BACKSPACE || byte === DELETE) {
          // A character of several bytes goes as a whole.
          while (bytes.length > 0 && (bytes.at(-1)! & 0xc0) === 0x80) bytes.pop();
          bytes.pop();
        } else if (bytes.length < LONGEST) bytes.push(byte);
      }
      return undefined;
    },
  };
}
