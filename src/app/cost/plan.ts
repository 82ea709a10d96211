// `mille plan`: what a build would do.

import { forecastBuild, type StepForecast } from '../../build/execute/index.ts';
import type { EventSink, Span } from '../../core/index.ts';
import { orderOfSteps, waitingTime } from '../../insight/cost/index.ts';
import { checkAnnotations } from '../build/annotations.ts';
import { type BuildRequest, executeServices } from '../build/execute-services.ts';
import { namedOutputs } from '../build/output-names.ts';
import { cacheOf, readyBuild, withBuildInput } from '../build/ready-build.ts';
import { withServices } from '../services.ts';
import type { BuildOptions } from '../types.ts';
import type { PlannedStep, PlanResult } from './types.ts';

/** Plans a build. See `App.plan`. */
export function plan(options: BuildOptions, signal?: AbortSignal): Promise<PlanResult> {
  return withServices('write', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    try {
      return await planIn({ services, store, options, signal: signal ?? new AbortController().signal });
    } finally {
      lock.release();
    }
  });
}

async function planIn(request: BuildRequest): Promise<PlanResult> {
  const { store, options } = request;
  // What is wrong with names is told as by a build.
  namedOutputs(options);
  checkAnnotations(options, false);
  const warnings: string[] = [];
  const events: EventSink = (event) => {
    if (event.type === 'warning') warnings.push(event.message);
  };
  return await withBuildInput(request, events, async (given) => {
    const ready = await readyBuild(request, given);
    const { evaluated, checks, clampTime, scope } = ready;
    if (checks.error) throw checks.error;
    const execute = executeServices(request, given, {
      ...{ events, cache: cacheOf(store), buildId: '', scope, clampTime },
    });
    const forecasts = await forecastBuild(execute, evaluated);
    const order = orderOfSteps(evaluated.plan, evaluated.evaluations);
    const seconds = (...verdicts: readonly StepForecast['verdict'][]) => {
      const taken = new Map(
        forecasts
          .filter(({ verdict }) => verdicts.includes(verdict))
          .map(({ id, last }) => [id, last?.seconds ?? 0]),
      );
      return waitingTime(order, (id) => taken.get(id) ?? 0);
    };
    const titles = new Map(forecasts.map(({ id, title }) => [id, title]));
    const froms = new Map<string, Span>(
      evaluated.plan.stages.map(({ index, from }) => [`${index}.from`, from.span]),
    );
    return {
      dockerfile: given.input.dockerfile.source.name,
      steps: forecasts.map((one) => plannedStep(one, { titles, span: one.step?.span ?? froms.get(one.id) })),
      seconds: { least: seconds('runs'), most: seconds('runs', 'may-run') },
      unknown: forecasts.filter(({ verdict, last }) => verdict !== 'cached' && !last).map(({ id }) => id),
      warnings: [...ready.warnings, ...warnings],
      findings: checks.diagnostics,
    };
  });
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
