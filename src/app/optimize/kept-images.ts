// Images that a run relies on while it lasts: another run in the same store that came to the same ones leaves them alone.

import type { Held } from '../../oci/store/index.ts';
import { holdAll } from '../open-image/stored.ts';
import { openServices, type Services } from '../services.ts';

/** Holds images. */
export interface KeptImages {
  /** Holds one. @returns whether it is there */
  hold(imageId: string): Promise<boolean>;
  /** Lets go of all. */
  release(): void;
}

/** Holds none yet; the store is opened with the first. */
export function keepImages(): KeptImages {
  let services: Services | undefined;
  const held: Held[] = [];
  return {
    async hold(imageId) {
      services ??= openServices({ needs: 'read' });
      const store = await services.store();
      const found = () => store.imageEntries().filter((one) => one.imageId === imageId);
      held.push(
        ...holdAll(
          store,
          found().map(({ manifestDigest }) => manifestDigest),
        ),
      );
      // Whoever was removing it may have been quicker.
      return found().length > 0;
    },
    release() {
      for (const one of held.splice(0)) one.release();
      services?.close();
      services = undefined;
    },
  };
}
