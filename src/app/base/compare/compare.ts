// `mille base compare`: images measured side by side.

import type { EventSink } from '../../../core/index.ts';
import { LIFE_CYCLES } from '../../../insight/tags/index.ts';
import { phase } from '../../optimize/phase.ts';
import { readTrust } from '../../pull/read-trust.ts';
import { withServices } from '../../services.ts';
import { lookAtBase } from './look-at-base.ts';
import type { CompareBasesOptions, CompareBasesResult, ComparedBase } from './types.ts';

/** Compares. See `CompareBaseVerbs.compareBases`. */
export async function compareBases(
  { images, platform, ca }: CompareBasesOptions,
  events: EventSink,
  signal: AbortSignal,
): Promise<CompareBasesResult> {
  const bases = await withServices('write', async (services) => {
    const store = await services.store();
    const trust = ca === undefined ? undefined : readTrust(store, ca);
    const found: ComparedBase[] = [];
    for (const name of images) {
      const how = {
        signal,
        ...(platform === undefined ? {} : { platform }),
        ...(trust === undefined ? {} : { ca: trust }),
      };
      found.push(
        await phase(events, `look at ${name}`, (_, progress) =>
          lookAtBase(services, name, {
            ...{ ...how, contents: true },
            progress: (done, total) => progress('read', done, total),
          }),
        ),
      );
    }
    return found;
  });
  const { asOf, source } = LIFE_CYCLES;
  return { bases, dates: { asOf, source } };
}
