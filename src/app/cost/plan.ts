// `mille plan`: what a build would do.

import { forecastBuilds, type StepForecast } from '../../build/execute/index.ts';
import type { Span } from '../../core/index.ts';
import { orderOfSteps, waitingTime } from '../../insight/cost/index.ts';
import { checkAnnotations } from '../build/annotations.ts';
import { type NamedOutput, namedOutputs } from '../build/output-names.ts';
import { isLazy, passingBases } from '../build/passing-bases.ts';
import { distinctPlatforms } from '../build/platforms.ts';
import type { BuildOptions } from '../types.ts';
import type { PlannedStep, PlanResult } from './types.ts';
import { type LookedAt, withReadyBuild } from './with-ready-build.ts';

/** Plans a build. See `App.plan`. */
export async function plan(options: BuildOptions, signal?: AbortSignal): Promise<PlanResult> {
  // What is wrong with names is told as by a build.
  const outputs = namedOutputs(options);
  checkAnnotations(options, distinctPlatforms(options.platforms).length > 1);
  return await withReadyBuild(options, signal, (build) => planIn(build, options, outputs));
}

async function planIn(
  { given, ready, execute, warnings, notes }: LookedAt,
  options: BuildOptions,
  outputs: readonly NamedOutput[],
): Promise<PlanResult> {
  const lazy = await isLazy(execute.store, options);
  const passing = passingBases(execute, { builds: ready.builds, outputs, options, lazy });
  const unread = passing ? { unread: passing.unread } : {};
  const forecasts = await forecastBuilds({ ...execute, ...unread }, ready.builds);
  const order = orderOfSteps(ready.builds);
  const seconds = (...verdicts: readonly StepForecast['verdict'][]) => {
    const counted = forecasts.filter(({ verdict }) => verdicts.includes(verdict));
    const taken = new Map(counted.map(({ id, last }) => [id, last?.seconds ?? 0]));
    return waitingTime(order, (id) => taken.get(id) ?? 0);
  };
  const titles = new Map(forecasts.map(({ id, title }) => [id, title]));
  const spans = new Map(order.map(({ id, span }) => [id, span]));
  return {
    dockerfile: given.input.dockerfile.source.name,
    steps: forecasts.map((one) => plannedStep(one, { titles, span: spans.get(one.id) })),
    seconds: { least: seconds('runs'), most: seconds('runs', 'may-run') },
    unknown: forecasts.filter(({ verdict, last }) => verdict !== 'cached' && !last).map(({ id }) => id),
    warnings,
    notes,
    findings: ready.checks.diagnostics,
  };
}

function plannedStep(
  { step: _, after, sameAs, ...rest }: StepForecast,
  { titles, span }: { readonly titles: ReadonlyMap<string, string>; readonly span: Span | undefined },
): PlannedStep {
  return {
    ...rest,
    ...(span ? { span } : {}),
    after: after.map((id) => titles.get(id) ?? id),
    ...(sameAs === undefined ? {} : { sameAs: titles.get(sameAs) ?? sameAs }),
  };
}
