// The places where rpm has kept its database, in three formats, and what they have in common: a blob a package, which
// is its header.

import { broken, DATABASE_LIMIT, type FoundPackage, MOST_PACKAGES, type PackageReader } from '../types.ts';
import { berkeleyBlobs } from './berkeley.ts';
import { type BlobReader, BrokenDatabase } from './broken.ts';
import { readRpmHeader } from './header.ts';
import { ndbBlobs } from './ndb.ts';
import { sqliteBlobs } from './sqlite.ts';

const FORMATS: Readonly<Record<string, BlobReader>> = {
  'rpmdb.sqlite': sqliteBlobs,
  'Packages.db': ndbBlobs,
  Packages: berkeleyBlobs,
};

const PLACE = /^(?:var\/lib|usr\/share|usr\/lib\/sysimage)\/rpm\/(rpmdb\.sqlite|Packages\.db|Packages)$/;

/** rpm's database, wherever it is and in whichever format. */
export const rpmDatabase: PackageReader = {
  type: 'rpm',
  listsAll: true,
  limit: DATABASE_LIMIT,
  matches: ({ path }) => PLACE.test(path),
  read: ({ path, bytes }) => {
    const format = FORMATS[PLACE.exec(path)?.[1] ?? ''];
    // An empty file stands where there was another format.
    if (!format || bytes.length === 0) return { packages: [], notes: [] };
    const packages: FoundPackage[] = [];
    let damaged = 0;
    try {
      for (const blob of format(bytes)) {
        if (packages.length >= MOST_PACKAGES) break;
        const found = readRpmHeader(blob);
        if (found === 'damaged') damaged++;
        else if (found !== 'key') packages.push(found);
      }
    } catch (error) {
      if (!(error instanceof BrokenDatabase)) throw error;
      return { packages, notes: broken(path, error.message).notes };
    }
    return { packages, notes: damaged === 0 ? [] : broken(path, `${damaged} entries are damaged`).notes };
  },
};
