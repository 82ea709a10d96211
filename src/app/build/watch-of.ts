// Who watches a build, told of every step that was seen: also of one whose result was that of the same step elsewhere.

import type { ReadsWatch } from '../../build/execute/index.ts';
import { probeTracer, type Tracer } from '../../build/sandbox/index.ts';
import type { WatchOption } from './types.ts';

/** What executing tells, made into what the caller of a build wants to know. */
export function watchOf(watch: WatchOption): ReadsWatch {
  let tracer: Promise<Tracer> | undefined;
  const told = new Map<string, (id: string) => void>();
  const tell = (id: string, what: (id: string) => void) => {
    told.set(id, what);
    what(id);
  };
  return {
    tracer: () => {
      tracer ??= probeTracer();
      return tracer;
    },
    reads: (step, reads) => tell(step.id, (id) => watch.reads(id, reads)),
    unwatched: (step, why) => tell(step.id, (id) => watch.unwatched(id, why)),
    placed: (step, origins) => tell(step.id, (id) => watch.placed?.(id, origins)),
    same: (step, as) => {
      const what = told.get(as.id);
      if (what) tell(step.id, what);
    },
  };
}
