// The index that pip on this machine asks, by its own settings: the variable, and `index-url` of its configuration files.
// https://pip.pypa.io/en/stable/topics/configuration/

import { CWD, environment, readSmallFile } from '../../../sys/index.ts';

/** Larger files are no settings. */
const LARGEST = 256 * 1024;

/** Address of the index, a login in it as it is written there; undefined where nothing names one. */
export function indexOfPip(
  env: Readonly<Record<string, string | undefined>> = environment(),
): string | undefined {
  if (env.PIP_INDEX_URL) return env.PIP_INDEX_URL;
  // What is read later counts more.
  let found: string | undefined;
  for (const path of filesOf(env)) found = readIndexUrl(textOf(path)) ?? found;
  return found;
}

function filesOf({
  HOME,
  XDG_CONFIG_HOME,
  PIP_CONFIG_FILE,
}: Readonly<Record<string, string | undefined>>): string[] {
  // That file is how pip is told to read none.
  if (PIP_CONFIG_FILE === '/dev/null') return [];
  const home = HOME ? [`${HOME}/.pip/pip.conf`, `${XDG_CONFIG_HOME || `${HOME}/.config`}/pip/pip.conf`] : [];
  return ['/etc/pip.conf', ...home, ...(PIP_CONFIG_FILE ? [PIP_CONFIG_FILE] : [])];
}

/** A file that is not there, or that nobody may read, names nothing, as for pip. */
function textOf(path: string): string {
  try {
    return new TextDecoder().decode(readSmallFile(CWD, path, LARGEST));
  } catch {
    return '';
  }
}

/** What a configuration file of pip names: in `[install]`, else in `[global]`. */
export function readIndexUrl(text: string): string | undefined {
  const named = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const head = /^\[([^\]]+)\]/.exec(line);
    if (head) section = head[1]!.trim().toLowerCase();
    const value = /^index[-_]url\s*[=:]\s*(\S+)/i.exec(line)?.[1];
    if (value !== undefined) named.set(section, value);
  }
  return named.get('install') ?? named.get('global');
}
