// Drives a progress display while something runs: events in, text to standard error, ten pictures a second on a
// terminal, and signals turned into an abort.

import { type EventSink, MilleError } from '../../core/index.ts';
import {
  createLiveProgress,
  createPlainProgress,
  errorJson,
  errorStatus,
  jsonProgress,
  type ProgressRenderer,
  quietProgress,
} from '../report/index.ts';
import { useColor } from './color.ts';
import type { Host } from './spec.ts';

export const PROGRESS_MODES = ['auto', 'tty', 'plain', 'quiet', 'none', 'json', 'rawjson'] as const;
/** A mode as it is chosen: `rawjson` is what Docker calls `json`. */
export type ProgressMode = Exclude<(typeof PROGRESS_MODES)[number], 'auto' | 'rawjson'>;

/** The mode to use: `-q`, then `--progress`, then BUILDKIT_PROGRESS, then what standard error is. */
export function chooseMode(
  given: { readonly progress: (typeof PROGRESS_MODES)[number] | undefined; readonly quiet: boolean },
  host: Host,
): ProgressMode {
  if (given.quiet) {
    if (given.progress === undefined || given.progress === 'auto' || given.progress === 'quiet')
      return 'quiet';
    throw new MilleError('usage', `--quiet and --progress=${given.progress} cannot be given together`, {
      hint: '-q shows the image id and nothing else',
    });
  }
  const named = PROGRESS_MODES.find((mode) => mode === host.env.BUILDKIT_PROGRESS);
  const mode = given.progress ?? named ?? 'auto';
  if (mode === 'rawjson') return 'json';
  if (mode === 'tty' && !host.terminal.stderr) {
    if (given.progress === undefined) return 'plain';
    throw new MilleError('usage', '--progress=tty needs a terminal on standard error', {
      hint: 'use --progress=plain for logs and pipes',
    });
  }
  if (mode !== 'auto') return mode;
  return host.terminal.stderr && host.env.TERM !== 'dumb' ? 'tty' : 'plain';
}

/**
 * What `withProgress` came to: a value, or a status where it was interrupted or has told its error already. `interrupted`
 * is that status where there is a value all the same.
 */
export type Outcome<T> = { readonly value: T; readonly interrupted?: number } | { readonly status: number };

/**
 * Runs `work` under a display. After a signal everything is undone by `work` itself and the status is 128 + its
 * number. In `json` mode an error is told as a last line of JSON; in the others it is thrown on.
 * @param interrupted what is said of an interruption
 */
export async function withProgress<T>(
  mode: ProgressMode,
  host: Host,
  work: (events: EventSink, signal: AbortSignal) => Promise<T>,
  interrupted = 'nothing was kept of what was not finished',
): Promise<Outcome<T>> {
  const display = makeDisplay(mode, host);
  const stop = mode === 'tty' ? host.every100ms(() => host.err(display.tick(host.now()))) : () => {};
  using interruption = host.interruption();
  let open = true;
  const end = () => {
    if (!open) return;
    open = false;
    stop();
    host.err(display.end(host.now()));
  };
  try {
    const value = await work((event) => {
      if (open) host.err(display.event(event, host.now()));
    }, interruption.signal);
    end();
    const { status } = interruption;
    return status === undefined ? { value } : { value, interrupted: status };
  } catch (error) {
    end();
    if (interruption.status !== undefined) {
      if (mode === 'json') host.err(errorJson(new MilleError('interrupted', 'interrupted')));
      else host.err(`interrupted: ${interrupted}\n`);
      return { status: interruption.status };
    }
    if (mode !== 'json') throw error;
    host.err(errorJson(error));
    return { status: errorStatus(error) };
  }
}

function makeDisplay(mode: ProgressMode, host: Host): ProgressRenderer {
  if (mode === 'quiet' || mode === 'none') return quietProgress;
  if (mode === 'json') return jsonProgress;
  if (mode === 'plain') return createPlainProgress(host.now());
  return createLiveProgress(host.now(), { color: useColor(host), size: () => host.size() });
}
