// What a container's process is: its command line and its environment, from the image's config and the caller's
// flags, by Docker's rules. Pure.

import { MilleError } from '../../core/index.ts';
import type { ContainerConfig } from '../../oci/image/index.ts';
import type { RunOptions } from '../types.ts';

/**
 * The command line. Arguments replace Cmd and keep Entrypoint; an entry point given replaces both.
 * @throws MilleError `run-failed` where neither image nor caller names a command.
 */
export function commandOf(
  config: ContainerConfig,
  options: Pick<RunOptions, 'args' | 'entrypoint' | 'image'>,
): string[] {
  const { args, entrypoint } = options;
  const first = entrypoint === undefined ? (config.Entrypoint ?? []) : entrypoint === '' ? [] : [entrypoint];
  const rest = args.length > 0 || entrypoint !== undefined ? args : (config.Cmd ?? []);
  const command = [...first, ...rest];
  if (command.length > 0) return command;
  const why =
    entrypoint === ''
      ? "--entrypoint '' clears the image's ENTRYPOINT and CMD"
      : 'the image has no CMD or ENTRYPOINT';
  throw new MilleError('run-failed', `no command specified: ${why}`, {
    hint: `write the command after the image: mille run ${options.image} COMMAND`,
  });
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What the environment is made from besides the image's own. */
export interface EnvironmentSources {
  /** `-e`, as `RunOptions.env`: `K=V`, or `K` alone to remove it. */
  readonly given: readonly string[];
  readonly hostname: string;
  readonly tty: boolean;
  /** Home directory of the user. */
  readonly home: string;
  /** `K=V` for what neither image nor caller says. */
  readonly defaults?: readonly string[];
}

/** The environment: Docker's own variables, then the image's, then the caller's; each name once, the last wins. */
export function environmentOf(config: ContainerConfig, sources: EnvironmentSources): string[] {
  const { given, hostname, tty, home, defaults = [] } = sources;
  const values = new Map<string, string>();
  const own = [`PATH=${DEFAULT_PATH}`, `HOSTNAME=${hostname}`, ...(tty ? ['TERM=xterm'] : [])];
  const removed = new Set<string>();
  for (const variable of [...own, ...(config.Env ?? []), ...given]) {
    const { key, value } = split(variable);
    if (value === undefined) values.delete(key);
    else values.set(key, value);
    if (value === undefined) removed.add(key);
    else removed.delete(key);
  }
  if (!values.get('HOME')) values.set('HOME', home);
  for (const variable of defaults) {
    const { key, value = '' } = split(variable);
    if (!values.has(key) && !removed.has(key)) values.set(key, value);
  }
  return [...values].map(([key, value]) => `${key}=${value}`);
}

function split(variable: string): { readonly key: string; readonly value?: string } {
  const equals = variable.indexOf('=');
  if (equals < 0) return { key: variable };
  return { key: variable.slice(0, equals), value: variable.slice(equals + 1) };
}

/**
 * The working directory: absolute and clean.
 * @throws MilleError `usage` for a relative one given; the image's own counts from the root.
 */
export function workdirOf(config: ContainerConfig, given: string | undefined): string {
  if (given !== undefined && given !== '' && !given.startsWith('/')) {
    throw new MilleError('usage', `the working directory '${given}' is not an absolute path`, {
      hint: `write -w /${given}`,
    });
  }
  return cleanAbsolute(given || config.WorkingDir || '/');
}

/** An absolute path without `.`, `..` and doubled slashes, as text. */
export function cleanAbsolute(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
