// pnpm-lock.yaml, of versions 5 to 9: `packages` by name and version, which say what platform they are for; what they ask
// for stands there too, or of version 9 in `snapshots`.

import { type IndentedNode, listOf, readIndented } from './indented.ts';
import { type LockedNode, MOST_NODES, type NodeNeed, nativeNeeds, reachedFrom } from './needs.ts';

/** @param production whether what is only for developing is not installed */
export function readPnpmLock(text: string, production: boolean): readonly NodeNeed[] | undefined {
  const { below } = readIndented(text);
  if (!below.has('lockfileVersion')) return undefined;
  const packages = below.get('packages')?.below ?? new Map<string, IndentedNode>();
  const snapshots = below.get('snapshots')?.below;
  const locked = new Map<string, LockedNode>();
  for (const [key, node] of [...packages].slice(0, MOST_NODES)) {
    const place = placeOf(key);
    if (!place || (production && node.below.get('dev')?.value === 'true')) continue;
    locked.set(idOf(place), lockedNode(place, [node]));
  }
  // The same package beside several others stands there several times.
  for (const [key, node] of snapshots ?? []) {
    const place = placeOf(key);
    const known = place && packages.get(idOf(place));
    if (!place || !known || locked.size > MOST_NODES) continue;
    const one = lockedNode(place, [known, node]);
    const before = locked.get(idOf(place));
    locked.set(idOf(place), before ? joined(before, one) : one);
  }
  if (!production || !snapshots) return nativeNeeds(locked);
  const importers = [...(below.get('importers')?.below.values() ?? [])];
  const roots = importers.flatMap((one) =>
    ['dependencies', 'optionalDependencies'].flatMap((field) =>
      [...(one.below.get(field)?.below ?? [])].flatMap(([name, { value, below: entry }]) =>
        keyOf(name, entry.get('version')?.value ?? value),
      ),
    ),
  );
  return nativeNeeds(reachedFrom(roots, locked));
}

interface Place {
  readonly name: string;
  readonly version: string;
}

function idOf({ name, version }: Place): string {
  return `${name}@${version}`;
}

/** `/a/1.0.0_peer@2`, `/a@1.0.0(peer@2)`, `a@1.0.0`. */
function placeOf(key: string): Place | undefined {
  const match =
    /^\/?((?:@[^/@]+\/)?[^/@]+)@([^(/]+)(?:\(.*)?$/.exec(key) ??
    /^\/((?:@[^/@]+\/)?[^/@]+)\/([^/_(]+)(?:[_(].*)?$/.exec(key);
  return match ? { name: match[1]!, version: match[2]! } : undefined;
}

/** What a dependency means: a version, or for one under another name the whole key. */
function keyOf(name: string, said: string): string {
  const whole = /^\/|^@?[a-z][^(]*@\d/.test(said) ? placeOf(said) : undefined;
  return idOf(whole ?? { name, version: said.replace(/[_(].*$/, '') });
}

function lockedNode({ name, version }: Place, nodes: readonly IndentedNode[]): LockedNode {
  const field = (which: string) => nodes.flatMap(({ below }) => below.get(which) ?? [])[0];
  const asked = (which: string) =>
    nodes.flatMap(({ below }) =>
      [...(below.get(which)?.below ?? [])].map(([other, { value }]) => keyOf(other, value)),
    );
  const optionally = asked('optionalDependencies');
  const asks = [...asked('dependencies'), ...optionally];
  const runs = field('requiresBuild')?.value;
  return {
    ...{ name, version, asks, optionally },
    names: asks.map((key) => key.slice(0, key.lastIndexOf('@'))),
    ...{ os: listOf(field('os')), cpu: listOf(field('cpu')), libc: listOf(field('libc')) },
    ...(runs === 'true' ? { script: true } : {}),
    optional: nodes.some(({ below }) => below.get('optional')?.value === 'true'),
  };
}

function joined(a: LockedNode, b: LockedNode): LockedNode {
  const union = (x: readonly string[], y: readonly string[]) => [...new Set([...x, ...y])];
  return {
    ...b,
    ...{ asks: union(a.asks, b.asks), optionally: union(a.optionally, b.optionally) },
    names: union(a.names, b.names),
  };
}
