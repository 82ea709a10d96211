// For tests: what would be known of the packages of an example.

import { readDebianDatabase } from '../packages/index.ts';
import type { DistributionEvidence } from './evidence.ts';
import type { RewriteExample } from './rewrite.ts';

type Packages = NonNullable<RewriteExample['packages']>;

/** The database, and how behaviour can be asked: with checks, where nothing is said of it. */
export function distributionOf(
  packages: Packages,
  {
    asked = 'checks',
    needs = {},
  }: {
    readonly asked?: DistributionEvidence['asked'] | 'not';
    readonly needs?: Readonly<Record<string, readonly string[]>>;
  },
): DistributionEvidence {
  const all = Object.entries(packages);
  const states = all.filter(([, { automatic }]) => automatic);
  return {
    database: readDebianDatabase({
      status: all
        .map(
          ([name, { control = '' }]) =>
            `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n${control}`,
        )
        .join('\n\n'),
      extendedStates: states
        .map(([name]) => `Package: ${name}\nArchitecture: amd64\nAuto-Installed: 1`)
        .join('\n\n'),
      lists: new Map(all.map(([name, { files = {} }]) => [name, Object.keys(files).join('\n')])),
      real: (path) => path,
    }),
    needs: new Map(Object.entries(needs)),
    ...(asked === 'not' ? {} : { asked }),
  };
}

/** What the RUN of a line brings by packages: their files, and dpkg's lists of them. */
export function packagesOfLine(packages: Packages, line: number): Readonly<Record<string, number>> {
  const found = Object.entries(packages).filter((one) => one[1].line === line);
  return Object.assign(
    {},
    ...found.map(([name, { files }]) => ({ ...files, [`var/lib/dpkg/info/${name}.list`]: 9 })),
  );
}
