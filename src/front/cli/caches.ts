// `--cache-from` and `--cache-to` as docker buildx takes them: comma-separated `key=value`, or a reference alone.

import type { CacheSourceSpec, CacheTargetSpec } from '../../app/index.ts';
import { MilleError, suggest } from '../../core/index.ts';
import { splitCsv } from './csv.ts';
import { takeCompression } from './image-output.ts';
import { OutputKeys } from './output-keys.ts';

const FROM = {
  flag: '--cache-from',
  hint: 'write type=registry,ref=IMAGE, type=local,src=DIRECTORY, or the reference of an image alone',
};
const TO = {
  flag: '--cache-to',
  hint: 'write type=registry,ref=IMAGE, type=local,dest=DIRECTORY or type=inline; mode=max for all stages',
};
type Flag = typeof FROM;

/** Services that BuildKit knows as places of caches. */
const SERVICES: readonly string[] = ['azblob', 'gha', 's3'];

/** Reads every `--cache-from`. @throws MilleError `usage` */
export function parseCacheSources(given: readonly string[]): CacheSourceSpec[] {
  return given.filter(Boolean).map((text) => {
    const keys = readKeys(text, FROM);
    const source = sourceOf(keys, text);
    keys.checkEmpty();
    return source;
  });
}

/** Reads every `--cache-to`. @throws MilleError `usage` */
export function parseCacheTargets(given: readonly string[]): CacheTargetSpec[] {
  const targets = given.filter(Boolean).map((text) => {
    const keys = readKeys(text, TO);
    const target = targetOf(keys, text);
    keys.checkEmpty();
    return target;
  });
  if (targets.filter(({ type }) => type === 'inline').length <= 1) return targets;
  throw new MilleError('usage', '--cache-to type=inline is given twice', { hint: 'once is enough' });
}

function readKeys(text: string, flag: Flag): OutputKeys {
  const fields = splitCsv(text);
  const bare = fields.length === 1 && !fields[0]!.includes('=');
  return OutputKeys.read(text, bare ? ['type=registry', `ref=${fields[0]}`] : fields, flag);
}

function sourceOf(keys: OutputKeys, text: string): CacheSourceSpec {
  const type = takeType(keys, ['local', 'registry'], FROM);
  if (type === 'registry') return { type, ...takeRegistry(keys, FROM) };
  if (type !== 'local') throw new Error(`--cache-from '${text}' came through`);
  const src = keys.take('src');
  if (!src) throw keys.error('it needs a directory', 'write src=DIRECTORY');
  const tag = keys.take('tag');
  const digest = keys.take('digest');
  return { type, src, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
}

function targetOf(keys: OutputKeys, text: string): CacheTargetSpec {
  const type = takeType(keys, ['inline', 'local', 'registry'], TO);
  const mode = takeMode(keys);
  if (type === 'inline') {
    if (mode === 'max')
      throw keys.error('inline has mode=min only', 'an image holds its own layers: write mode=max elsewhere');
    return { type };
  }
  const settings = {
    mode,
    compression: takeCompression(keys) ?? { kind: 'gzip' as const },
    ignoreError: keys.takeSwitch('ignore-error') ?? false,
  };
  keys.settled('oci-mediatypes', true, 'mille writes the media types of OCI, which every registry keeps');
  keys.settled('image-manifest', true, 'mille writes an image manifest, which every registry keeps');
  if (type === 'registry') return { type, ...takeRegistry(keys, TO), ...settings };
  if (type !== 'local') throw new Error(`--cache-to '${text}' came through`);
  const dest = keys.take('dest');
  if (!dest) throw keys.error('it needs a directory', 'write dest=DIRECTORY');
  const tag = keys.take('tag');
  return { type, dest, ...(tag ? { tag } : {}), ...settings };
}

function takeType(keys: OutputKeys, types: readonly string[], { hint }: Flag): string {
  const type = keys.take('type');
  if (type === undefined) throw keys.error('there is no type in it', hint);
  if (types.includes(type)) return type;
  if (type === 'inline') throw keys.error('inline is for --cache-to', 'read it with type=registry,ref=IMAGE');
  if (SERVICES.includes(type)) {
    throw keys.error(
      `mille does not support the type '${type}'`,
      type === 'gha'
        ? 'write type=local and keep the directory with actions/cache, or type=registry'
        : 'write type=registry, or type=local and copy the directory there',
    );
  }
  const near = suggest(type, types);
  throw keys.error(
    `mille does not know the type '${type}'`,
    near === undefined ? hint : `did you mean type=${near}?`,
  );
}

function takeRegistry(keys: OutputKeys, { hint }: Flag): { readonly ref: string; readonly plain?: true } {
  const ref = keys.take('ref');
  if (!ref) throw keys.error('it needs a reference', hint);
  return { ref, ...(keys.takeSwitch('registry.insecure') ? { plain: true } : {}) };
}

function takeMode(keys: OutputKeys): 'min' | 'max' {
  const mode = keys.take('mode') ?? 'min';
  if (mode === 'min' || mode === 'max') return mode;
  throw keys.error(
    `mode can't be '${mode}'`,
    'min: the steps of the image itself; max: all steps of all stages',
  );
}
