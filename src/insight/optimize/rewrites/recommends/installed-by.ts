// Which packages of Debian a RUN brought into the image, by what dpkg wrote of each.

import { packageOfList } from '../../../packages/index.ts';
import type { DistributionEvidence, Evidence } from '../../evidence.ts';
import { type ShippedRun, shippedRuns } from '../../leavings.ts';
import type { Subject } from '../../subject.ts';

/** A RUN, and the packages that it brought: their ids. */
export interface InstallingRun extends ShippedRun {
  readonly brought: ReadonlySet<string>;
  /** What was there before it. */
  readonly there: ReadonlySet<string>;
  /** What is there at the end: not what is installed where only building is done. */
  readonly present: ReadonlySet<string>;
}

/** The RUN instructions that brought packages which the image has at its end, in the order of the file. */
export function installingRuns(
  subject: Subject,
  { database }: DistributionEvidence,
): readonly InstallingRun[] {
  const { packages } = database;
  const there = new Set(baseLists(subject.evidence).flatMap((name) => idOf(name, packages) ?? []));
  return shippedRuns(subject).flatMap((shipped): InstallingRun[] => {
    const found = shipped.table.entries.flatMap(({ path, type }) => (type === 'file' ? listName(path) : []));
    const brought = new Set(
      found.flatMap((name) => idOf(name, packages) ?? []).filter((id) => !there.has(id)),
    );
    const before = new Set(there);
    for (const id of brought) there.add(id);
    return brought.size === 0 ? [] : [{ ...shipped, brought, there: before, present: there }];
  });
}

/** Of layers that no step made. */
function baseLists({ image, steps }: Evidence): readonly string[] {
  const made = new Set(steps.flatMap(({ layer }) => layer ?? []));
  return image.tables.flatMap(({ entries }, i) =>
    made.has(image.diffIds[i]!) ? [] : entries.flatMap(({ path }) => listName(path)),
  );
}

function listName(path: string): readonly string[] {
  const [, name] = /^var\/lib\/dpkg\/info\/([^/]+)\.list$/.exec(path) ?? [];
  return name === undefined ? [] : [name];
}

function idOf(list: string, packages: DistributionEvidence['database']['packages']): string | undefined {
  const [name, architecture] = packageOfList(list);
  return [name, `${name}:${architecture}`].find((id) => packages.has(id));
}
