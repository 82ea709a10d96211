// Of packages that are installed together with tools, or that tools bring along: those that the image needs, by the
// package manager's own database.

import { type DebianDatabase, finderOf, withDependencies } from '../../packages/index.ts';
import { takesRecommended } from '../recommended.ts';
import type { Part } from './roles.ts';
import { writtenAt } from './stage-files.ts';

/** Packages that RUN instructions of tools brought, divided. */
export class StayingPackages {
  private readonly brought = new Map<Part, ReadonlySet<string>>();
  private readonly all: ReadonlySet<string>;
  /** Those that come in because others recommend them. */
  private readonly recommendable: ReadonlySet<string>;
  /** Those that were not brought by such an instruction. */
  private readonly there: ReadonlySet<string>;
  private readonly wanted = new Map<Part, Set<string>>();
  private stay: ReadonlySet<string> = new Set();

  constructor(
    private readonly database: DebianDatabase,
    tools: readonly Part[],
  ) {
    for (const part of tools) {
      this.brought.set(part, new Set(broughtBy(part).filter((id) => database.packages.has(id))));
      this.wanted.set(part, new Set());
    }
    this.all = new Set([...this.brought.values()].flatMap((ids) => [...ids]));
    this.recommendable = new Set(
      [...this.brought].flatMap(([part, ids]) => (part.run?.commands.some(takesRecommended) ? [...ids] : [])),
    );
    this.there = new Set([...database.packages.keys()].filter((id) => !this.all.has(id)));
    const find = finderOf(database);
    for (const [part, wanted] of this.wanted) {
      for (const name of part.others) {
        const id = find(name.replace(/=.*$/, '')).find((one) => this.brought.get(part)!.has(one));
        if (id !== undefined) wanted.add(id);
      }
    }
    this.settle();
  }

  /** Lets the packages stay that have a file. @returns false where it is nobody's, or of one that nobody brought */
  keep(path: string): boolean {
    const owners = (this.database.owners.get(path) ?? []).filter((id) => this.all.has(id));
    const [owner] = owners;
    if (owner === undefined) return false;
    if (owners.some((id) => this.stay.has(id))) return true;
    const [, wanted] = [...this.wanted].find(([part]) => this.brought.get(part)!.has(owner))!;
    wanted.add(owner);
    this.settle();
    return true;
  }

  /** Whether a file is one of a package that stays. */
  has(path: string): boolean {
    return this.database.owners.get(path)?.some((id) => this.stay.has(id)) ?? false;
  }

  /** Whether a file is of a package. */
  knows(path: string): boolean {
    return this.database.owners.has(path);
  }

  /** Whether something of an instruction stays, so that it has to be done again. */
  isDivided(part: Part): boolean {
    return (this.wanted.get(part)?.size ?? 0) > 0 || part.others.length > 0;
  }

  /** Packages that an instruction has to name besides those that it names already. */
  added(part: Part): readonly string[] {
    const named = new Set(part.others);
    return [...(this.wanted.get(part) ?? [])].filter((id) => !named.has(id)).sort();
  }

  /** Ids of those that are not there any more. */
  gone(): readonly string[] {
    return [...this.all].filter((id) => !this.stay.has(id)).sort();
  }

  private settle(): void {
    const { database, there } = this;
    const find = finderOf(database);
    const close = (ids: Iterable<string>) => withDependencies(database, { ids, there, find });
    let stay = close([...this.wanted.values()].flatMap((wanted) => [...wanted]));
    for (let size = -1; size < stay.size; ) {
      size = stay.size;
      const recommended = [...stay].flatMap((id) =>
        database.packages.get(id)!.recommends.flat().flatMap(find),
      );
      stay = close([...stay, ...recommended.filter((id) => this.recommendable.has(id))]);
    }
    this.stay = stay;
  }
}

/** By the lists of files that dpkg wrote. */
function broughtBy(part: Part): readonly string[] {
  return [...writtenAt(part).values()].flatMap(({ path, type }) =>
    type === 'whiteout' || !path.endsWith('.list') ? [] : (packageAt(path) ?? []),
  );
}

/** The package that a file of dpkg's own is about, by all names that its id may have; undefined for any other. */
export function packageAt(path: string): readonly string[] | undefined {
  const [, id] = /^var\/lib\/dpkg\/info\/([^/]+)\.[a-z0-9]+$/.exec(path) ?? [];
  return id === undefined ? undefined : [id, id.replace(/:.*$/, '')];
}
