// Which packages of languages are parts of a distribution's: Debian's python3-yaml brings PyYAML with it, and to say so
// keeps people from counting, and updating, one thing twice.

import { baseName, cleanRelative } from '../../core/index.ts';
import type { MergedTree } from '../../oci/layer/index.ts';
import type { ReadingPlan } from './readings.ts';

interface Item {
  readonly type: string;
  readonly name: string;
  readonly path: string;
  readonly files?: readonly string[];
}

const LISTS = 'var/lib/dpkg/info';
const LIST_LIMIT = 16 * 1024 * 1024;
const OF_DISTRIBUTIONS: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm', 'alpm']);

/**
 * Plans the reading of dpkg's lists of files. Called with all items after it was read.
 * @param paths of files that tell of packages: no others matter
 * @returns what an item is a part of, by the name of the package
 */
export function findOwners(
  plan: ReadingPlan,
  tree: MergedTree,
  paths: ReadonlySet<string>,
): (items: readonly Item[]) => (item: Item) => string | undefined {
  const owners = new Map<string, string>();
  // Databases from before /usr was merged speak of /lib and /bin.
  const own = (path: string, owner: string) => {
    const real = paths.has(path) ? path : /^s?bin\/|^lib/.test(path) ? tree.resolve(path) : undefined;
    if (real !== undefined && paths.has(real) && !owners.has(real)) owners.set(real, owner);
  };
  for (const name of tree.children(LISTS)) {
    const content = name.endsWith('.list') ? tree.get(`${LISTS}/${name}`)?.content : undefined;
    if (!content) continue;
    const owner = baseName(name).replace(/(?::[^:]*)?\.list$/, '');
    plan.whole(content.layer, content.entry, {
      limit: LIST_LIMIT,
      done: (bytes) => {
        for (const line of plan.tools.text(bytes).split('\n')) own(cleanRelative(line), owner);
      },
      tooLarge: () => {},
    });
  }
  return (items) => {
    for (const { type, name, files = [] } of items)
      if (OF_DISTRIBUTIONS.has(type)) for (const path of files) own(path, name);
    return ({ type, path }) => (OF_DISTRIBUTIONS.has(type) ? undefined : owners.get(path));
  };
}
