// The keys of an `-o` that are about how an image is written: its names, annotations and compression.

import type { Annotation, ImageSettings, LayerPacking } from '../../app/index.ts';
import { isAnnotated } from './annotations.ts';
import type { OutputKeys } from './output-keys.ts';

const NO_REGISTRY = 'that is for -o type=registry, or type=image,push=true';
const BY_DIGEST = 'that is for what is pushed: write type=registry, or type=image with push=true';

/** Takes all of them. @throws MilleError `usage` */
export function imageSettings(
  keys: OutputKeys,
  { reproducible }: { readonly reproducible: boolean },
): ImageSettings {
  checkSettled(keys, reproducible);
  const names = (keys.take('name') ?? '').split(',').filter(Boolean);
  const annotations = takeAnnotations(keys);
  const compression = takeCompression(keys);
  const artifact = keys.takeSwitch('oci-artifact') ?? false;
  const attestInline = keys.takeSwitch('attestation-inline');
  return {
    ...(names.length > 0 ? { names } : {}),
    ...(annotations.length > 0 ? { annotations } : {}),
    ...(compression ? { compression } : {}),
    ...(artifact ? { artifact } : {}),
    ...(attestInline === undefined ? {} : { attestInline }),
  };
}

/** Whether an OCI layout is written into a directory instead of a tar. */
export function takeLayoutChoice(keys: OutputKeys): boolean {
  return keys.takeSwitch('tar') === false;
}

function checkSettled(keys: OutputKeys, reproducible: boolean): void {
  for (const key of ['push', 'registry.insecure']) keys.settled(key, false, NO_REGISTRY);
  keys.settled('push-by-digest', false, BY_DIGEST);
  keys.settled(
    'store',
    true,
    'for an image that is not kept write type=registry, type=oci,dest=FILE, or type=cacheonly',
  );
  keys.settled('oci-mediatypes', true, 'mille writes the media types of OCI, which every tool reads');
  // Nothing to decide: whatever is pushed is found by its digest.
  keys.takeSwitch('name-canonical');
  keys.settled('prefer-nondist-layers', false, 'mille leaves media types as they are: leave it out');
  // Nothing to decide: layers are unpacked when a container needs them.
  keys.takeSwitch('unpack');
  // Times are clamped when layers are made, not when they are written.
  keys.settled(
    'rewrite-timestamp',
    reproducible,
    reproducible
      ? 'with SOURCE_DATE_EPOCH or --reproducible file times are always clamped'
      : 'set SOURCE_DATE_EPOCH to the time wanted, or give --reproducible',
  );
}

const ANNOTATION = /^annotation(?:-([a-z-]+))?(?:\[([a-z0-9_/.-]+)\])?\.(.+)$/;

function takeAnnotations(keys: OutputKeys): Annotation[] {
  return keys.takeAll('annotation').map(([name, value]) => {
    const [, on = 'manifest', platform, key] = ANNOTATION.exec(name) ?? [];
    if (key === undefined || !isAnnotated(on)) {
      throw keys.error(
        `'${name}' is no annotation`,
        'write annotation.KEY=VALUE, or annotation-manifest-descriptor.KEY=VALUE',
      );
    }
    return { on, key, value, ...(platform === undefined ? {} : { platform }) };
  });
}

/** By format: the levels that there are. */
const LEVELS = { gzip: 9, zstd: 22, uncompressed: undefined } as const satisfies Record<
  LayerPacking['kind'],
  number | undefined
>;

/** How layers are to be compressed, where that is said. @throws MilleError `usage` */
export function takeCompression(keys: OutputKeys): LayerPacking | undefined {
  const kind = keys.take('compression');
  const force = keys.takeSwitch('force-compression');
  const level = keys.take('compression-level');
  if (kind === undefined && !force && level === undefined) return undefined;
  if (kind !== undefined && !isKind(kind)) {
    throw keys.error(
      `mille does not know the compression '${kind}'`,
      `it is one of: ${Object.keys(LEVELS).join(', ')}`,
    );
  }
  // As with BuildKit, gzip is meant where none is named.
  const chosen = kind ?? 'gzip';
  return {
    kind: chosen,
    ...(level === undefined ? {} : { level: readLevel(keys, level, chosen) }),
    ...(force ? { force } : {}),
  };
}

function isKind(text: string): text is LayerPacking['kind'] {
  return Object.hasOwn(LEVELS, text);
}

function readLevel(keys: OutputKeys, text: string, kind: LayerPacking['kind']): number {
  const most = LEVELS[kind];
  if (most === undefined) throw keys.error(`${kind} has no compression-level`, 'leave it out');
  const level = Number(text);
  if (/^\d+$/.test(text) && level <= most) return level;
  throw keys.error(`compression-level can't be '${text}'`, `for ${kind} it is a number from 0 to ${most}`);
}
