// `mille secrets`: an image or a directory, looked through.

import { type BuildRecord, madeImage } from '../../build/cache/index.ts';
import { displayPath, MilleError } from '../../core/index.ts';
import type { OpenedImage, OpenedLayer } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { type Allowed, allowList } from '../../secrets/index.ts';
import { CWD, statAt, workingDirectory } from '../../sys/index.ts';
import { absoluteDirectory } from '../build/directory-context.ts';
import { type DockerfileSource, readDockerfile } from '../build/dockerfile-source.ts';
import { cacheOf } from '../build/ready-build.ts';
import { lookUpImage } from '../find-image.ts';
import { originsOf } from '../image-origins.ts';
import { withImage } from '../open-image/open-image.ts';
import { storedLayer } from '../open-image/stored.ts';
import { readTrust } from '../pull/read-trust.ts';
import { type Services, withServices } from '../services.ts';
import { ALLOW_FILE, readAllowFile } from './allow-files.ts';
import { baseHistory } from './base-history.ts';
import { FindingCollector } from './collect.ts';
import { createDetector } from './detector.ts';
import { scanContext } from './scan-context.ts';
import { scanImage } from './scan-image.ts';
import type { SecretsOptions, SecretsResult } from './types.ts';

/** Looks for secrets. See `SecretVerbs.secrets`. */
export function secrets(options: SecretsOptions, signal: AbortSignal): Promise<SecretsResult> {
  const subject = options.subject ?? '.';
  const directory = absoluteDirectory(subject, workingDirectory());
  const isDirectory = statAt(CWD, `${directory}/.`)?.type === 'dir';
  const isLayout = isDirectory && statAt(CWD, `${directory}/oci-layout`) !== undefined;
  if (options.kind === 'directory' || (isDirectory && !isLayout && looksLikePath(subject)))
    return ofDirectory(options, directory, signal);
  return withServices('read', async (services) => {
    const both = isDirectory && !isLayout;
    if (both && !isImage(await services.store(), subject))
      return await ofDirectory(options, directory, signal);
    return await ofImage(services, { ...options, subject }, signal);
  });
}

/** `./app`, `.` and `/src` are directories; `app` is an image where the store has one of that name. */
function looksLikePath(subject: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$)/.test(subject);
}

function isImage(store: Store, subject: string): boolean {
  try {
    return lookUpImage(store, subject) !== undefined;
  } catch (error) {
    if (error instanceof MilleError) return false;
    throw error;
  }
}

async function ofDirectory(
  options: SecretsOptions,
  directory: string,
  signal: AbortSignal,
): Promise<SecretsResult> {
  const started = performance.now();
  const dockerfile = await dockerfileOf(options, directory);
  const { allowed, collector } = begin(options, directory);
  const scan = { directory, detector: createDetector(), collector, signal };
  const { files, bytes, skipped } = await scanContext({ ...scan, ...(dockerfile ? { dockerfile } : {}) });
  return {
    subject: { kind: 'context', directory },
    findings: collector.sorted(),
    allowed: collector.passed,
    packaged: 0,
    scanned: { files, bytes, seconds: (performance.now() - started) / 1000 },
    skipped,
    warnings: warningsOf(allowed),
  };
}

/** There need not be one, unless it is asked for. */
async function dockerfileOf(
  { dockerfile }: SecretsOptions,
  directory: string,
): Promise<DockerfileSource | undefined> {
  try {
    return await readDockerfile(directory, dockerfile, workingDirectory());
  } catch (error) {
    if (dockerfile === undefined && error instanceof MilleError && error.code === 'dockerfile-missing')
      return undefined;
    throw error;
  }
}

async function ofImage(
  services: Services,
  options: SecretsOptions & { readonly subject: string },
  signal: AbortSignal,
): Promise<SecretsResult> {
  const started = performance.now();
  const { subject, platform } = options;
  const store = await services.store();
  const ca = options.ca === undefined ? undefined : readTrust(store, options.ca);
  const { allowed, collector } = begin(options, undefined);
  const open = {
    ...{ signal, contents: true, caches: true },
    ...(ca === undefined ? {} : { ca }),
    ...(platform === undefined ? {} : { platform }),
  };
  return await withImage(services, subject, open, async (image) => {
    const { record, others } = await buildOf(services, image);
    const known = originsOf(store, image);
    const from = { record, known, baseHistory: baseHistory(store, image, { record, known }) };
    const scan = { image, others, ...from, detector: createDetector(), collector, signal };
    const counted = await scanImage(scan);
    const { files, bytes, skipped, packaged } = counted;
    return {
      subject: { kind: 'image', name: image.title, imageId: image.imageId },
      findings: collector.sorted(),
      allowed: collector.passed,
      packaged,
      scanned: { files, bytes, seconds: (performance.now() - started) / 1000 },
      skipped,
      warnings: warningsOf(allowed),
    };
  });
}

/** The build that made an image of the store, and the layers of its other stages, where they are still there. */
async function buildOf(
  services: Services,
  image: OpenedImage,
): Promise<{ readonly record: BuildRecord | undefined; readonly others: readonly OpenedLayer[] }> {
  if (image.origin !== 'store') return { record: undefined, others: [] };
  const store = await services.store();
  const record = cacheOf(store)
    .builds()
    .find((build) => madeImage(build, image.imageId) && build.outcome === 'succeeded');
  const own = new Set(image.layers.map(({ diffId }) => diffId));
  const others: OpenedLayer[] = [];
  for (const { layer } of record?.steps ?? []) {
    const kept = layer === undefined || own.has(layer) ? undefined : store.layer(layer);
    if (layer === undefined || !kept) continue;
    own.add(layer);
    others.push(storedLayer(store, layer, kept.descriptor));
  }
  return { record, others };
}

function begin(
  options: SecretsOptions,
  directory: string | undefined,
): { readonly allowed: Allowed; readonly collector: FindingCollector } {
  const own = directory === undefined ? [] : readAllowFile(`${directory}/${ALLOW_FILE}`, { missing: 'fine' });
  const files = options.allowFiles.flatMap((path) => readAllowFile(path, { missing: 'error' }));
  const allowed = allowList([...options.allow, ...own, ...files]);
  return { allowed, collector: new FindingCollector(allowed) };
}

function warningsOf(allowed: Allowed): readonly string[] {
  return allowed.unused().map((pattern) => `nothing that was found is allowed by '${displayPath(pattern)}'`);
}
