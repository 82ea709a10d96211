// `--mount` of `run` as Docker takes it: directories and files of the host, and file systems in memory.

import type { RunMount } from '../../app/index.ts';
import { MilleError, parseBytes } from '../../core/index.ts';
import { readBoolean } from './boolean.ts';
import { splitCsv } from './csv.ts';

/** Other spellings of a key. */
const ALIASES: Readonly<Record<string, string>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
};

/** Which kinds of mounts a key is for. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  type: ['bind', 'tmpfs', 'volume'],
  source: ['bind', 'volume'],
  target: ['bind', 'tmpfs', 'volume'],
  readonly: ['bind', 'tmpfs', 'volume'],
  consistency: ['bind', 'tmpfs', 'volume'],
  'bind-propagation': ['bind'],
  'tmpfs-size': ['tmpfs'],
  'tmpfs-mode': ['tmpfs'],
};

/** Reads every `--mount`. @throws MilleError `usage` */
export function parseMounts(given: readonly string[]): RunMount[] {
  return given.map((text) => {
    const fields = readFields(text);
    const type = (fields.get('type') ?? 'volume').toLowerCase();
    if (!KEYS.type!.includes(type)) return fail(text, `the type is bind, tmpfs or volume, not '${type}'`);
    const odd = [...fields.keys()].find((key) => !KEYS[key]!.includes(type));
    if (odd !== undefined) return fail(text, `${odd} is nothing for a mount of type ${type}`);
    const target = fields.get('target') || fail(text, 'the target is missing');
    const readonly =
      readBoolean(fields.get('readonly') ?? 'false') ?? fail(text, 'readonly is true or false');
    if (type === 'tmpfs') return { type, target, readonly, ...memoryOf(text, fields) };
    const source = fields.get('source') ?? '';
    if (type === 'volume') {
      if (source === '') return { type, target, readonly };
      return fail(text, `named volumes are not supported yet: '${source}'`, 'type=bind mounts a directory');
    }
    const propagation = fields.get('bind-propagation') ?? 'rprivate';
    if (!['private', 'rprivate'].includes(propagation))
      return fail(text, `bind-propagation is rprivate here, not '${propagation}'`);
    return { type: 'bind', source: source || fail(text, 'the source is missing'), target, readonly };
  });
}

function readFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const field of splitCsv(text)) {
    const equals = field.indexOf('=');
    const written = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    const key = Object.hasOwn(ALIASES, written) ? ALIASES[written]! : written;
    if (!Object.hasOwn(KEYS, key))
      return fail(text, `'${written}' is not known`, `there are ${Object.keys(KEYS).join(', ')}`);
    if (equals < 0 && key !== 'readonly') return fail(text, `'${field}' is no key=value`);
    fields.set(key, equals < 0 ? 'true' : field.slice(equals + 1));
  }
  return fields;
}

function memoryOf(text: string, fields: ReadonlyMap<string, string>): { size?: number; mode?: number } {
  const size = fields.get('tmpfs-size');
  const mode = fields.get('tmpfs-mode');
  if (mode !== undefined && !/^[0-7]{1,4}$/.test(mode))
    return fail(text, 'tmpfs-mode is octal, such as 1777');
  return {
    ...(size === undefined
      ? {}
      : { size: parseBytes(size) ?? fail(text, 'tmpfs-size is a size, such as 64m') }),
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
  };
}

const EXAMPLE = 'for example --mount type=bind,source=./.env,target=/app/.env,readonly';

function fail(text: string, why: string, hint = EXAMPLE): never {
  throw new MilleError('usage', `--mount can't be '${text}': ${why}`, { hint });
}
