// The name without the release of its distribution: under it the next release comes by itself, with all that this breaks.

import { decodeTag, type Family } from '../../tags/index.ts';
import type { BaseUse, KnownImage, Risk } from './types.ts';

/** An image under its name that moves. */
export interface MovingName {
  readonly tag: string;
  readonly image: KnownImage;
}

/** The name, where the one that is written has a release in it and there is one without: `3.12-slim` of `3.12-slim-bookworm`. */
export function movingName(
  written: string,
  {
    own,
    all,
    family,
  }: {
    readonly own: KnownImage;
    readonly all: readonly KnownImage[];
    readonly family: Family;
  },
): MovingName | undefined {
  const now = decodeTag(written, family);
  const { distribution } = now;
  // Of an image that is the distribution, the release is the version.
  if (family.distribution !== undefined || distribution?.release === undefined || now.date !== undefined)
    return undefined;
  const words = (tag: ReturnType<typeof decodeTag>) =>
    [tag.version?.text, tag.channel, tag.size, ...tag.flavors.toSorted(), ...tag.others].join(' ');
  const wanted = words(now);
  for (const image of all) {
    if (image.distribution?.name !== own.distribution?.name) continue;
    const tag = [image.tag, ...image.also].find((name) => {
      const one = decodeTag(name, family);
      const neutral =
        one.distribution?.release === undefined &&
        (one.distribution === undefined || one.distribution.name === distribution.name);
      return neutral && one.date === undefined && words(one) === wanted;
    });
    if (tag !== undefined) return { tag, image };
  }
  return undefined;
}

/** What one takes on with it. */
export function risksOfMoving({ image }: MovingName, { packages }: BaseUse): readonly Risk[] {
  const name = image.distribution?.name ?? '';
  const distribution = name === '' ? 'the distribution' : name[0]!.toUpperCase() + name.slice(1);
  const lines = [...new Set(packages.map(({ line }) => line))].toSorted((a, b) => a - b);
  const packaged = lines.length > 0 ? ', its packages with it' : '';
  return [
    {
      level: 'check',
      text: `the release of ${distribution} changes from one build to the next${packaged}; a digest or mille lock holds it until you want it`,
      lines,
    },
  ];
}
