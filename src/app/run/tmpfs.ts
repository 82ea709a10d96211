// `--tmpfs PATH[:OPTIONS]` and `--mount type=tmpfs`, as Docker takes them. Pure.

import type { SandboxMount } from '../../build/sandbox/index.ts';
import { MilleError, parseBytes } from '../../core/index.ts';
import type { RunMount } from '../types.ts';
import { cleanAbsolute } from './process.ts';
import { mountTarget } from './volume.ts';

/** What Docker does not allow in one unless it is asked to. */
const LOCKED = ['nosuid', 'nodev', 'noexec'] as const;

/** Options of mount(8) that may be given, and which one each takes back. */
const SWITCHES: Readonly<Record<string, string>> = {
  exec: 'noexec',
  noexec: 'exec',
  suid: 'nosuid',
  nosuid: 'suid',
  dev: 'nodev',
  nodev: 'dev',
  ro: 'rw',
  rw: 'ro',
};

/** @throws MilleError `usage` for a relative path, and options that are not known */
export function tmpfsMount(text: string): SandboxMount {
  const colon = text.indexOf(':');
  const path = colon < 0 ? text : text.slice(0, colon);
  const options = colon < 0 ? [] : text.slice(colon + 1).split(',');
  const target = cleanAbsolute(path);
  if (!path.startsWith('/') || target === '/')
    throw bad(text, 'the path is absolute, and not the root: --tmpfs /scratch');
  let switches: string[] = [...LOCKED];
  let size: number | undefined;
  let mode: number | undefined;
  for (const option of options.filter((word) => word !== '')) {
    const equals = option.indexOf('=');
    const value = option.slice(equals + 1);
    if (option.startsWith('size=')) size = parseBytes(value) ?? fail(text, `size can't be '${value}'`);
    else if (option.startsWith('mode='))
      mode = /^[0-7]{1,4}$/.test(value)
        ? Number.parseInt(value, 8)
        : fail(text, 'the mode is octal, such as 1777');
    else if (Object.hasOwn(SWITCHES, option))
      switches = [...switches.filter((other) => other !== SWITCHES[option]), option];
    else fail(text, `'${option}' is not known: there are size=, mode=, ${Object.keys(SWITCHES).join(', ')}`);
  }
  return {
    type: 'tmpfs',
    target,
    options: [...new Set(switches)],
    ...(size === undefined ? {} : { size }),
    ...(mode === undefined ? {} : { mode }),
  };
}

/** @throws MilleError `usage` for a target that is not absolute, or the root */
export function tmpfsOfMount({
  target,
  readonly,
  size,
  mode,
}: Extract<RunMount, { type: 'tmpfs' }>): SandboxMount {
  return {
    type: 'tmpfs',
    target: mountTarget(target),
    options: [...LOCKED, ...(readonly ? ['ro'] : [])],
    ...(size === undefined ? {} : { size }),
    ...(mode === undefined ? {} : { mode }),
  };
}

function fail(text: string, hint: string): never {
  throw bad(text, hint);
}

function bad(text: string, hint: string): MilleError {
  return new MilleError('usage', `--tmpfs can't be '${text}'`, { hint });
}
