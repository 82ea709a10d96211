// What packages of Debian need of one another.

import type { Alternatives, DebianDatabase, DebianPackage } from './debian-database.ts';

/** Finds packages by what others call them: their names, and what they provide. */
export type Finder = (name: string) => readonly string[];

/** A finder for a database. */
export function finderOf({ packages }: Pick<DebianDatabase, 'packages'>): Finder {
  const found = new Map<string, string[]>();
  const note = (name: string, id: string) => {
    const known = found.get(name);
    if (!known) found.set(name, [id]);
    else if (!known.includes(id)) known.push(id);
  };
  // Those that are called so before those that stand for them.
  for (const { id, name } of packages.values()) note(name, id);
  for (const { id, provides } of packages.values()) for (const other of provides) note(other, id);
  return (name) => found.get(name) ?? [];
}

/**
 * Some packages with all that they depend on, as apt takes them: of alternatives what is there already, else the first
 * that was installed. @param there ids of packages that are installed without them
 */
export function withDependencies(
  { packages }: Pick<DebianDatabase, 'packages'>,
  {
    ids,
    there,
    find,
  }: { readonly ids: Iterable<string>; readonly there: ReadonlySet<string>; readonly find: Finder },
): ReadonlySet<string> {
  const needed = new Set<string>();
  const open = [...ids];
  // What has to be in any case decides what alternatives come to, so that single ones go first.
  const choices: Alternatives[] = [];
  const need = (id: string | undefined) => {
    if (id === undefined || needed.has(id) || there.has(id)) return;
    needed.add(id);
    open.push(id);
  };
  const isMet = (group: Alternatives) =>
    group.some((name) => find(name).some((id) => needed.has(id) || there.has(id)));
  for (const id of open.splice(0)) need(id);
  for (;;) {
    const id = open.pop();
    if (id !== undefined) {
      for (const group of packages.get(id)?.depends ?? []) {
        const [only, ...others] = group.flatMap((name) => find(name));
        if (others.length === 0) need(only);
        else choices.push(group);
      }
      continue;
    }
    const choice = choices.shift();
    if (!choice) return needed;
    if (!isMet(choice)) need(choice.flatMap((name) => find(name))[0]);
  }
}

/** A dependency that is not met any more. */
export interface UnmetDependency {
  readonly package: string;
  readonly on: Alternatives;
}

/** What packages that stay depend on and had, and do not have any more. */
export function unmetWithout(
  database: DebianDatabase,
  gone: ReadonlySet<string>,
): readonly UnmetDependency[] {
  const find = finderOf(database);
  const stay = [...database.packages.values()].filter(({ id }) => !gone.has(id));
  return stay.flatMap(({ id, depends }: DebianPackage) =>
    depends.flatMap((on): UnmetDependency[] => {
      const had = on.flatMap(find);
      return had.length > 0 && had.every((one) => gone.has(one)) ? [{ package: id, on }] : [];
    }),
  );
}
