// yarn.lock: of yarn 1, which says of a package only what it asks for, and of later ones, which say what platform it is for.
// Neither says what is for developing: that is in package.json.

import { type IndentedNode, readIndented } from './indented.ts';
import {
  type LockedNode,
  MOST_NODES,
  type NodeNeed,
  nativeNeeds,
  platformOfName,
  reachedFrom,
} from './needs.ts';
import { record } from './npm.ts';

/**
 * @param production whether what is only for developing is not installed
 * @param manifest package.json beside it: without, all count
 */
export function readYarnLock(
  text: string,
  production: boolean,
  manifest?: string,
): readonly NodeNeed[] | undefined {
  const { below } = readIndented(text);
  const modern = below.has('__metadata');
  if (!modern && !/^# yarn lockfile v1$/m.test(text)) return undefined;
  const heads = [...below].filter(([head]) => head !== '__metadata').slice(0, MOST_NODES);
  // An entry stands below all ranges that it was chosen for.
  const keys = new Map(heads.flatMap(([head]) => head.split(/,\s*/).map((one) => [plainKey(one), head])));
  const locked = new Map(
    heads.flatMap(([head, node]): [string, LockedNode][] => {
      const one = lockedNode(head, node, { keys, modern });
      return one ? [[head, one]] : [];
    }),
  );
  const roots = rootsOf(manifest, keys);
  const wanted = markOptional(locked, roots?.all ?? []);
  return nativeNeeds(production && roots ? reachedFrom(roots.production, wanted) : wanted);
}

/** `a@npm:^1` and `a@^1` are one. */
function plainKey(descriptor: string): string {
  return descriptor.replace(/^(.[^@]*)@npm:/, '$1@');
}

interface Reading {
  readonly keys: ReadonlyMap<string, string>;
  readonly modern: boolean;
}

function lockedNode(head: string, node: IndentedNode, { keys, modern }: Reading): LockedNode | undefined {
  const { below } = node;
  const name = /^(.[^@]*)@/.exec(head)?.[1];
  const version = below.get('version')?.value;
  // Workspaces are the project's own; patched packages are listed a second time.
  if (name === undefined || version === undefined || /@(?:workspace|patch):/.test(head)) return undefined;
  const asked = (field: string) =>
    [...(below.get(field)?.below ?? [])].map(([other, { value }]) => ({ other, value }));
  const meta = below.get('dependenciesMeta')?.below;
  const optional = [
    ...asked('optionalDependencies'),
    ...asked('dependencies').filter(({ other }) => meta?.get(other)?.below.get('optional')?.value === 'true'),
  ];
  const all = [...asked('dependencies'), ...asked('optionalDependencies')];
  const keyOf = ({ other, value }: { readonly other: string; readonly value: string }) =>
    keys.get(plainKey(`${other}@${value}`)) ?? [];
  return {
    ...{ name, version, asks: all.flatMap(keyOf), optionally: optional.flatMap(keyOf) },
    names: all.map(({ other }) => other),
    ...(modern ? conditionsOf(below.get('conditions')?.value ?? '') : platformOfName(name)),
    optional: false,
  };
}

/** `os=linux & cpu=x64 & libc=musl`; one of several is `(cpu=x64 | cpu=arm64)`. */
function conditionsOf(text: string): Pick<LockedNode, 'os' | 'cpu' | 'libc'> {
  const found = { os: [] as string[], cpu: [] as string[], libc: [] as string[] };
  for (const [, what, value] of text.matchAll(/\b(os|cpu|libc)=([\w-]+)/g))
    found[what as keyof typeof found].push(value!);
  return found;
}

/** What nobody asks for but as something that need not be there. */
function markOptional(
  locked: ReadonlyMap<string, LockedNode>,
  roots: readonly string[],
): ReadonlyMap<string, LockedNode> {
  const all = [...locked.values()];
  const needed = new Set([
    ...roots,
    ...all.flatMap(({ asks, optionally }) => asks.filter((key) => !optionally.includes(key))),
  ]);
  const spare = new Set(all.flatMap(({ optionally }) => optionally));
  return new Map(
    [...locked].map(([key, one]) => [key, { ...one, optional: spare.has(key) && !needed.has(key) }]),
  );
}

/** What package.json asks for, and what of it but for developing. Of a project of several, each has one: undefined. */
function rootsOf(
  manifest: string | undefined,
  keys: ReadonlyMap<string, string>,
): { readonly all: readonly string[]; readonly production: readonly string[] } | undefined {
  if (manifest === undefined) return undefined;
  let parsed: Readonly<Record<string, unknown>> | undefined;
  try {
    parsed = record(JSON.parse(manifest));
  } catch {
    return undefined;
  }
  if (!parsed || parsed.workspaces !== undefined) return undefined;
  const of = (field: unknown) =>
    Object.entries(record(field) ?? {}).flatMap(
      ([name, range]) => keys.get(plainKey(`${name}@${range}`)) ?? [],
    );
  const { dependencies, devDependencies, optionalDependencies } = parsed;
  const [needed, optional] = [of(dependencies), of(optionalDependencies)];
  return { all: [...needed, ...of(devDependencies)], production: [...needed, ...optional] };
}
