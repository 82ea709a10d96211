// What is set for a store: `settings.json` in its directory, so that everybody who uses the store is held to it, and
// the environment, which comes first.

import { displayPath, MilleError, parseDiskSize, type Span, suggest } from '../core/index.ts';
import { CWD, isErrno, readSmallFile } from '../sys/index.ts';
import type { JsonValue } from './language/located-json.ts';
import type { RegistrySettings } from './registry-settings.ts';

/** The settings of a store. */
export interface Settings {
  /** Bytes that it may take on disk. */
  readonly maxStore?: number;
  readonly registries?: RegistrySettings;
  /** Whether an image that is built here always has all of its layers here. */
  readonly wholeImages?: boolean;
  /** Where data on vulnerabilities is fetched: what stands before `/Debian/all.zip`. */
  readonly vulnerabilityData?: string;
  /** Where life cycles are fetched: what stands before `/products/python`. */
  readonly lifeCycleData?: string;
}

const KEYS = ['maxStore', 'registries', 'wholeImages', 'vulnerabilityData', 'lifeCycleData'];
const LARGEST = 1 << 20;

/** Where the settings of a store are. */
export function settingsFile(root: string): string {
  return `${root}/settings.json`;
}

/**
 * Reads the settings of the store in a directory.
 * @throws MilleError `file-format` with the place of what is wrong, `usage` for what the environment says
 */
export async function readSettings(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Settings> {
  const { MILLE_MAX_STORE: given } = env;
  const { maxStore: own, ...others } = await fromFile(settingsFile(root));
  if (given === undefined || given === '') return own === undefined ? others : { ...others, maxStore: own };
  const maxStore = given === 'none' ? undefined : parseDiskSize(given);
  if (maxStore !== undefined) return { ...others, maxStore };
  if (given === 'none') return others;
  throw new MilleError('usage', `MILLE_MAX_STORE can't be '${given}'`, {
    hint: "it is a size such as 20GB, or 'none'",
  });
}

async function fromFile(path: string): Promise<Settings> {
  let bytes: Uint8Array;
  try {
    bytes = readSmallFile(CWD, path, LARGEST);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return {};
    throw error;
  }
  const { parseLocatedJson } = await import('./language/located-json.ts');
  const value = parseLocatedJson({ name: displayPath(path), text: Buffer.from(bytes).toString() });
  if (value.type !== 'object')
    throw wrong('settings are an object', value.span, 'write {"maxStore": "20GB"}');
  let settings: Settings = {};
  for (const { key, keySpan, value: setting } of value.members) {
    if (key === 'registries') {
      const { readRegistries } = await import('./registry-settings.ts');
      settings = { ...settings, registries: readRegistries(setting) };
    } else if (key === 'vulnerabilityData' || key === 'lifeCycleData') {
      settings = { ...settings, [key]: addressOf(key, setting) };
    } else if (key === 'wholeImages') {
      settings = { ...settings, wholeImages: isTrue(key, setting) };
    } else if (key === 'maxStore') {
      const { maxStore: _, ...others } = settings;
      const maxStore = sizeOf(key, setting);
      settings = maxStore === undefined ? others : { ...others, maxStore };
    } else throw unknown(key, keySpan);
  }
  return settings;
}

/** `null` is no limit. */
function sizeOf(key: string, value: JsonValue): number | undefined {
  if (value.type === 'null') return undefined;
  const bytes = value.type === 'string' ? parseDiskSize(value.value) : undefined;
  if (bytes !== undefined) return bytes;
  throw wrong(
    `${key} is no size`,
    value.span,
    'write a size in quotes, such as "20GB", or null for no limit',
  );
}

function isTrue(key: string, { type, ...setting }: JsonValue): boolean {
  if (type === 'boolean') return (setting as { value: boolean }).value;
  throw wrong(
    `${key} is true or false`,
    setting.span,
    'true: layers of a base are fetched also where no step needs them',
  );
}

function addressOf(key: string, setting: JsonValue): string {
  const url = setting.type === 'string' ? URL.parse(setting.value) : null;
  if (setting.type === 'string' && url && ['http:', 'https:'].includes(url.protocol))
    return setting.value.replace(/\/+$/, '');
  throw wrong(
    `${key} is no address`,
    setting.span,
    key === 'lifeCycleData'
      ? 'write "https://mirror.example/api/v1", what stands before /products/python'
      : 'write "https://mirror.example/osv", what stands before /Debian/all.zip',
  );
}

function unknown(key: string, span: Span): MilleError {
  const near = suggest(key, KEYS, 3);
  const hint = near === undefined ? `the settings are: ${KEYS.join(', ')}` : `did you mean ${near}?`;
  return wrong(`there is no setting '${key}'`, span, hint);
}

function wrong(message: string, span: Span, hint: string): MilleError {
  return new MilleError('file-format', message, { span, hint });
}
