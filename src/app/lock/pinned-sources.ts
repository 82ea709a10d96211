// Remote sources that are held to a lock file: what it pins is not asked for, and what comes must be what it says.

import type { RemoteSources } from '../../build/source/index.ts';
import type { Pins } from './in-force.ts';

/** The sources; `pins` says what is in force by then, for the lock file may only be found with the context. */
export function pinnedSources(sources: RemoteSources, pins: () => Pins | undefined): RemoteSources {
  return {
    ...sources,
    findCommit: async (address, report) => {
      const found = pins()?.commit(address);
      if (!found) return await sources.findCommit(address, report);
      const object = address.keepGitDir ? (found.tag ?? found.commit) : found.commit;
      return { address, object, refName: found.ref };
    },
    fetchFile: (request) => {
      const lock = request.expected === undefined ? pins() : undefined;
      const expected = lock?.file(request.url);
      if (!lock || expected === undefined) return sources.fetchFile(request);
      return sources.fetchFile({ ...request, expected, expectedBy: lock.shown });
    },
  };
}
