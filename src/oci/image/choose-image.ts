// Which image of an index is meant, and what is said where none of them will do.

import { MilleError } from '../../core/index.ts';
import type { Descriptor, Index, Platform } from './documents.ts';
import { isImageEntry } from './parse.ts';
import { choosePlatform, formatPlatform, normalizePlatform } from './platform.ts';

/** For messages. */
export interface ChoiceWords {
  /** What the index is called. */
  readonly shown: string;
  /** What to do where there is none for the platform. */
  readonly hint?: string;
}

/**
 * The entry of an index for a platform. The only one of an index serves where nothing is said of its platform.
 * @throws MilleError `platform-unsupported`; `image-invalid` for an index without images
 */
export function chooseImage(
  index: Pick<Index, 'manifests'>,
  platform: Platform,
  words: ChoiceWords,
): Descriptor {
  const images = index.manifests.filter(isImageEntry);
  const only = images.length === 1 && !images[0]!.platform ? images[0] : undefined;
  const chosen = choosePlatform(images, (image) => image.platform, platform) ?? only;
  if (chosen) return chosen;
  if (images.length === 0)
    throw new MilleError('image-invalid', `the index of ${words.shown} lists no image`);
  throw forOthers(
    images.map((image) => image.platform),
    platform,
    words,
  );
}

const SHOWN = 12;

/** The error for what there is for other platforms only. */
export function forOthers(
  there: readonly (Platform | undefined)[],
  wanted: Platform,
  { shown, hint = 'choose one of them with --platform' }: ChoiceWords,
): MilleError {
  const names = new Set(there.map((one) => (one ? formatPlatform(normalizePlatform(one)) : 'unknown')));
  const list = [...names].slice(0, SHOWN).join(', ');
  return new MilleError(
    'platform-unsupported',
    `${shown} is for ${list}, not for ${formatPlatform(wanted)}`,
    { hint },
  );
}
