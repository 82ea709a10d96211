// What a build fetched, as it turned out to be: noted while the build does it, for its provenance.

import type { RemoteSources } from '../../build/source/index.ts';
import type { Digest } from '../../core/index.ts';
import type { GitAddress } from '../../lang/address/index.ts';

/** What was fetched. */
export interface Fetched {
  /** The commit or tag that an address means. */
  commit(address: GitAddress): string | undefined;
  file(url: string): Digest | undefined;
}

/** The same sources, and what comes of them. */
export function notingSources(sources: RemoteSources): {
  readonly sources: RemoteSources;
  readonly fetched: Fetched;
} {
  const commits = new Map<string, string>();
  const files = new Map<string, Digest>();
  return {
    sources: {
      ...sources,
      findCommit: async (address, report) => {
        const found = await sources.findCommit(address, report);
        commits.set(keyOf(address), found.object);
        return found;
      },
      fetchFile: async (request) => {
        const file = await sources.fetchFile(request);
        files.set(request.url, file.digest);
        return file;
      },
    },
    fetched: {
      commit: (address) => commits.get(keyOf(address)),
      file: (url) => files.get(url),
    },
  };
}

function keyOf({ remote, ref = '' }: GitAddress): string {
  return `${remote}#${ref}`;
}
