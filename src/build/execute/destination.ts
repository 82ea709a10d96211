// The image so far, as the place that COPY, ADD and WORKDIR write to.

import { MilleError } from '../../core/index.ts';
import type { MergedTree } from '../../oci/layer/index.ts';
import type { Destination } from './place-sources.ts';

/** A merged tree as a destination. */
export function destinationOf(merged: MergedTree): Destination {
  return {
    get: (path) => merged.get(path)?.entry,
    resolve: (path) => {
      const real = merged.resolve(path);
      if (real === undefined) {
        throw new MilleError('copy-conflict', `'/${path}' leads through symbolic links that go in circles`, {
          hint: 'choose another destination, or repair the links in an earlier RUN',
        });
      }
      return real;
    },
  };
}

/** Nothing at all: what COPY --link writes to. */
export const EMPTY_DESTINATION: Destination = { get: () => undefined, resolve: (path) => path };
