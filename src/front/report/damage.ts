// Images that cannot be read, and what to do about them.

import { type Digest, shortDigest } from '../../core/index.ts';
import { oneLine } from './sanitize.ts';

/** An image that is damaged, under its familiar names. */
export interface Damage {
  readonly names: readonly string[];
  readonly imageId: Digest;
  readonly damage: string;
}

/** A sentence and a half about each. */
export function renderDamage({ names, imageId, damage }: Damage): string {
  const [first = shortDigest(imageId)] = names;
  const shown = names.length === 0 ? first : names.join(', ');
  return oneLine(
    `the image ${shown} is damaged: ${damage}; 'mille rmi ${first}' removes it, or get or build it again`,
  );
}
