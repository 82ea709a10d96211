// Annotations of an image: which go where.

import { MilleError } from '../../core/index.ts';
import { type Platform, parsePlatform, samePlatform } from '../../oci/image/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import type { Annotation, BuildOptions } from '../types.ts';

type Place = Annotation['on'];

/**
 * The annotations of one place, sorted by key.
 * @param platform of the image; those for other platforms are left out
 */
export function annotationsOn(
  annotations: readonly Annotation[],
  on: Place,
  platform?: Platform,
): Readonly<Record<string, string>> {
  const found = annotations.filter(
    (one) =>
      one.on === on &&
      (one.platform === undefined ||
        (platform !== undefined && samePlatform(parsePlatform(one.platform, hostPlatform()), platform))),
  );
  const pairs = new Map(found.map(({ key, value }) => [key, value]));
  return Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether the image gets an index in all outputs: one of several platforms, or that has what is attested of it. */
function makesIndex(
  { attestations = {}, outputs }: Pick<BuildOptions, 'attestations' | 'outputs'>,
  several: boolean,
): boolean {
  const asked = [attestations.provenance, attestations.sbom].filter((one) => one !== undefined);
  if (several || asked.some(({ inlineOnly }) => !inlineOnly)) return true;
  return asked.length > 0 && outputs.every(({ type }) => type === 'image' || type === 'registry');
}

/**
 * Refuses what there is no place for.
 * @throws MilleError `usage` for annotations of an index where one image is built; `platform-unsupported`
 */
export function checkAnnotations(
  options: Pick<BuildOptions, 'annotations' | 'attestations' | 'outputs'>,
  several: boolean,
): void {
  const { annotations = [], outputs } = options;
  const indexed = makesIndex(options, several);
  const own = outputs.flatMap((output) => ('annotations' in output ? (output.annotations ?? []) : []));
  for (const { on, platform, key } of [...annotations, ...own]) {
    if (platform !== undefined) parsePlatform(platform, hostPlatform());
    if (indexed || !on.startsWith('index')) continue;
    throw new MilleError(
      'usage',
      `the annotation ${on}:${key} needs an index, and this build makes one image`,
      {
        hint: 'annotate the manifest, or build for several platforms or with --provenance',
      },
    );
  }
}
