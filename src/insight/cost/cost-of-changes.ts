// What changes to the files of a context cost: for each group of them the steps that follow, how long one waits for
// these, and, with the commits of some time, how much that comes to.

import { distinctNames } from './distinct-names.ts';
import type { FileGroup, Grouping } from './file-groups.ts';
import type { OrderedStep } from './order-of-steps.ts';
import { rebuiltBy } from './rebuilt.ts';
import { waitingTime } from './waiting-time.ts';

/** What is known of a project. */
export interface CostSubject {
  readonly order: readonly OrderedStep[];
  /** What a step took when it last ran; undefined for one that never did. */
  readonly seconds: (id: string) => number | undefined;
  readonly groupOf: Grouping;
  /** The files of the context, what is ignored left out. */
  readonly files: Iterable<string>;
  /** Commits with the paths that they touch, and the days they are of. */
  readonly commits?: { readonly paths: readonly (readonly string[])[]; readonly days: number };
}

/** How often something happens, and what it costs. */
export interface Rate {
  /** Within the time that was looked at. */
  readonly commits: number;
  readonly perMonth: { readonly commits: number; readonly seconds: number };
}

/** The cost of changing one of some files. */
export interface GroupCost {
  readonly name: string;
  /** Files that there are now. */
  readonly files: number;
  /** The steps that read them. */
  readonly steps: readonly string[];
  /** These and all that stand on them. */
  readonly rebuilt: readonly string[];
  /** How long one waits for them, as far as their times are known. */
  readonly seconds: number;
  /** Those whose time is not. */
  readonly unknown: readonly string[];
  readonly rate?: Rate;
}

/** How much of the waiting is a step's. */
export interface StepCost {
  readonly step: string;
  readonly seconds: number;
  readonly rate: Rate;
}

/** What changes cost. */
export interface ChangeCosts {
  /** The most costly first: by month where that is known, else each time. */
  readonly groups: readonly GroupCost[];
  /** The steps that commits rebuild, the most costly by month first; none without commits. */
  readonly steps: readonly StepCost[];
  /** What no step reads. */
  readonly unread: { readonly files: number; readonly commits?: number };
  /** All commits: those that rebuild something, and what one waits for them. */
  readonly total?: Rate & { readonly all: number };
}

const DAYS_OF_A_MONTH = 30;

/** Computes the costs. */
export function costOfChanges(subject: CostSubject): ChangeCosts {
  const { order, groupOf, commits } = subject;
  const files = new Map<FileGroup, string[]>();
  let unreadFiles = 0;
  for (const path of subject.files) {
    const group = groupOf(path);
    if (!group) unreadFiles++;
    else if (!files.get(group)?.push(path)) files.set(group, [path]);
  }
  const waiting = waitingFor(subject);
  const rate = (count: number, seconds: number): Rate => {
    const months = (commits?.days ?? DAYS_OF_A_MONTH) / DAYS_OF_A_MONTH;
    return { commits: count, perMonth: { commits: count / months, seconds: seconds / months } };
  };
  const touched = countCommits(subject);
  // All that was once there is gone: such a group still has a line, for what it cost.
  const gone = [...touched.groups.keys()].filter((group) => !files.has(group));
  const names = distinctNames(
    new Map([...files, ...gone.map((group) => [group, pathsOf(group, subject)] as const)]),
  );
  const groups = [...names].map(([group, name]): GroupCost => {
    const { rebuilt, seconds } = waiting(group.steps);
    const times = touched.groups.get(group) ?? 0;
    return {
      ...{ name, files: files.get(group)?.length ?? 0, steps: group.steps, rebuilt, seconds },
      unknown: rebuilt.filter((id) => isStep(order, id) && subject.seconds(id) === undefined),
      ...(commits ? { rate: rate(times, times * seconds) } : {}),
    };
  });
  const rebuilding = touched.changes.filter((steps) => steps.length > 0).map(waiting);
  const steps = order.flatMap(({ id }): StepCost[] => {
    const count = rebuilding.filter(({ rebuilt }) => rebuilt.includes(id)).length;
    const seconds = subject.seconds(id) ?? 0;
    return count === 0 ? [] : [{ step: id, seconds, rate: rate(count, count * seconds) }];
  });
  const waited = rebuilding.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    groups: groups.sort(byCost),
    steps: steps.sort((a, b) => b.rate.perMonth.seconds - a.rate.perMonth.seconds),
    unread: { files: unreadFiles, ...(commits ? { commits: touched.unread } : {}) },
    ...(commits ? { total: { ...rate(rebuilding.length, waited), all: touched.changes.length } } : {}),
  };
}

/** FROM is in the order too, and never timed. */
function isStep(order: readonly OrderedStep[], id: string): boolean {
  return order.some((one) => one.id === id && one.step !== undefined);
}

function byCost(a: GroupCost, b: GroupCost): number {
  return (
    (b.rate?.perMonth.seconds ?? 0) - (a.rate?.perMonth.seconds ?? 0) ||
    (b.rate?.commits ?? 0) - (a.rate?.commits ?? 0) ||
    b.seconds - a.seconds ||
    (a.name < b.name ? -1 : 1)
  );
}

/** What follows when some steps run again. Commits that touch the same are many: each set is looked at once. */
function waitingFor({ order, seconds }: CostSubject) {
  const known = new Map<string, { readonly rebuilt: readonly string[]; readonly seconds: number }>();
  return (steps: readonly string[]) => {
    const key = steps.join(' ');
    const found = known.get(key);
    if (found) return found;
    const rebuilt = rebuiltBy(order, steps);
    const made = {
      rebuilt: order.flatMap(({ id }) => (rebuilt.has(id) ? [id] : [])),
      seconds: waitingTime(order, (id) => (rebuilt.has(id) ? (seconds(id) ?? 0) : 0)),
    };
    known.set(key, made);
    return made;
  };
}

function countCommits({ order, groupOf, commits }: CostSubject) {
  const groups = new Map<FileGroup, number>();
  /** By commit, the steps that read what it touches. */
  const changes: string[][] = [];
  let unread = 0;
  for (const paths of commits?.paths ?? []) {
    const found = paths.map(groupOf);
    if (found.includes(undefined)) unread++;
    const touched = new Set(found.filter((group) => group !== undefined));
    for (const group of touched) groups.set(group, (groups.get(group) ?? 0) + 1);
    const steps = new Set([...touched].flatMap((group) => group.steps));
    changes.push(order.flatMap(({ id }) => (steps.has(id) ? [id] : [])));
  }
  return { groups, changes, unread };
}

/** What commits touched of a group. */
function pathsOf(group: FileGroup, { groupOf, commits }: CostSubject): readonly string[] {
  const paths = new Set(commits?.paths.flat());
  return [...paths].filter((path) => groupOf(path) === group);
}
