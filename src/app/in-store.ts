// Work in the store, during which nobody collects what it relies on.

import type { EventSink } from '../core/index.ts';
import type { Store } from '../oci/store/index.ts';
import { withServices } from './services.ts';

/**
 * Does it, with the rights to unpack layers.
 * @param events told what is done meanwhile that people may want to know
 */
export function inStore<T>(events: EventSink, work: (store: Store) => Promise<T>): Promise<T> {
  return withServices('container', async (services) => {
    services.onNotice((message) => events({ type: 'note', message }));
    const store = await services.store();
    const lock = store.lockShared();
    try {
      return await work(store);
    } finally {
      lock.release();
    }
  });
}
