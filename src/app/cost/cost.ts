// `mille cost`: what changes to the files of a context cost.

import { contextReads, placeOf } from '../../build/execute/index.ts';
import { type History, readHistory } from '../../build/source/index.ts';
import {
  costOfChanges,
  type Grouping,
  groupFiles,
  orderOfSteps,
  type StepRead,
} from '../../insight/cost/index.ts';
import { createIgnoreMatcher } from '../../lang/ignore/index.ts';
import type { BuildOptions } from '../types.ts';
import { countIgnored, filesOf } from './context-files.ts';
import type { CostOptions, CostResult } from './types.ts';
import { type LookedAt, withReadyBuild } from './with-ready-build.ts';

const SECONDS_OF_A_DAY = 86_400;

/** Computes the costs. See `App.cost`. */
export function cost(options: BuildOptions, how: CostOptions, signal?: AbortSignal): Promise<CostResult> {
  return withReadyBuild(options, signal, (build) => costIn(build, how), { doWithout: true });
}

async function costIn(build: LookedAt, how: CostOptions): Promise<CostResult> {
  const { given, ready, execute, warnings } = build;
  const order = orderOfSteps(ready.builds);
  const reads = order.flatMap(({ step }) =>
    step
      ? contextReads(execute, step).map(
          (read): StepRead => ({ ...read, step: step.id, files: new Set(read.files) }),
        )
      : [],
  );
  const times = new Map(
    order.flatMap(({ id, step }) => {
      const latest = step && execute.cache.latest(placeOf(execute, step));
      return latest ? [[id, latest.record.seconds] as const] : [];
    }),
  );
  const { tree, directory } = given.input.context();
  const known = filesOf(tree);
  const ignored = directory === undefined ? { files: 0, more: false } : countIgnored(directory, tree);
  const history = await historyOf(build, how);
  const commits = typeof history === 'string' ? undefined : history;
  const costs = costOfChanges({
    order,
    seconds: (id) => times.get(id),
    groupOf: seen(groupFiles(reads, how.depth), build),
    files: known.paths,
    ...(commits ? { commits: { paths: touchedBy(commits, known.paths), days: commits.days } } : {}),
  });
  const rates = new Map(costs.steps.map(({ step, rate }) => [step, rate]));
  return {
    dockerfile: given.input.dockerfile.source.name,
    context: given.input.contextName,
    steps: order.map(({ id, title, span }) => {
      const [seconds, rate] = [times.get(id), rates.get(id)];
      return {
        ...{ id, title },
        ...(span ? { span } : {}),
        ...(seconds === undefined ? {} : { seconds }),
        ...(rate ? { rate } : {}),
      };
    }),
    groups: costs.groups,
    unread: { ...costs.unread, ignored: ignored.files, more: known.more || ignored.more },
    ...(commits && costs.total
      ? { history: { days: commits.days, cut: commits.cut, shallow: commits.shallow, total: costs.total } }
      : {}),
    ...(typeof history === 'string' ? { noHistory: history } : {}),
    warnings,
  };
}

/** What each commit touches. Where the repository itself is in the context, that is changed by all of them. */
function touchedBy({ commits }: History, files: readonly string[]): (readonly string[])[] {
  const repository = files.find((path) => path.startsWith('.git/'));
  return commits.map(({ paths }) => (repository === undefined ? paths : [...paths, repository]));
}

/** What was ignored all along is in no group, wherever it lay. */
function seen(groupOf: Grouping, { given }: LookedAt): Grouping {
  const rules = given.input.ignoreRules();
  if (!rules) return groupOf;
  const { isIgnored } = createIgnoreMatcher(rules);
  return (path) => (isIgnored(path) ? undefined : groupOf(path));
}

/** @returns why there is none, where there is none */
async function historyOf(
  { given, execute, signal }: LookedAt,
  { days, commits: most }: CostOptions,
): Promise<(History & { readonly days: number }) | string> {
  const { directory } = given.input.context();
  // A repository that is fetched comes without its history.
  if (directory === undefined || directory !== given.input.contextName)
    return 'the context is no directory of this machine';
  const now = execute.now();
  const history = await readHistory({ directory, since: now - days * SECONDS_OF_A_DAY, most, signal });
  if (typeof history === 'string' || !history.cut) {
    return typeof history === 'string' ? history : { ...history, days };
  }
  const oldest = Math.min(...history.commits.map(({ time }) => time));
  return { ...history, days: Math.min(days, Math.max(1, (now - oldest) / SECONDS_OF_A_DAY)) };
}
