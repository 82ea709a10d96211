// Flags of commands that look into an image, wherever it lies.

import type { LookOptions } from '../../app/index.ts';
import { PLATFORM_FLAG, platformChoice } from './platforms.ts';
import type { Host } from './spec.ts';
import { TRANSFER_FLAGS } from './transfer-flags.ts';

export const LOOK_FLAGS = {
  base: {
    kind: 'string',
    value: 'IMAGE',
    help: 'the image that it stands on; by default what the record of its build says, or the images of the store',
  },
  ca: TRANSFER_FLAGS.ca,
  platform: PLATFORM_FLAG,
} as const;

/** What the flags say. */
export function lookOptions(
  flags: { readonly [key in keyof typeof LOOK_FLAGS]: string | undefined },
  host: Pick<Host, 'env'>,
): Omit<LookOptions, 'image'> {
  const { base, platform } = flags;
  const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
  return {
    ...platformChoice(platform),
    ...(ca === undefined ? {} : { ca }),
    ...(base === undefined ? {} : { base }),
  };
}
