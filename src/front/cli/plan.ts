// `mille plan` and `mille build --plan`: what a build would do, in place of it.

import type { BuildOptions } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import { oneLine, planJson, renderPlan } from '../report/index.ts';
import { hasColor } from './color.ts';
import type { FlagValues, Host } from './spec.ts';

export const PLAN_FLAGS = {
  'exit-code': {
    kind: 'boolean',
    help: 'end with status 3 where a step runs or may run; 0 says that all are cached',
  },
  format: {
    kind: 'choice',
    choices: ['text', 'json'],
    help: 'how the plan is written: text, or json for programs',
  },
} as const;

/** Ends a plan that has something to run, where that is asked for: 1 and 2 are errors of the program already. */
const SOMETHING_RUNS = 3;

type PlanFlags = FlagValues<typeof PLAN_FLAGS>;

/** @throws MilleError `usage` for flags of a plan without one */
export function checkPlanFlags(flags: PlanFlags): void {
  const given = flags['exit-code'] ? '--exit-code' : flags.format === undefined ? undefined : '--format';
  if (given === undefined) return;
  throw new MilleError('usage', `${given} is for --plan`, {
    hint: `write 'mille plan ${given} …', or leave ${given} out`,
  });
}

/** Plans and prints. @returns the exit status */
export async function runPlan(flags: PlanFlags, options: BuildOptions, host: Host): Promise<number> {
  const app = await host.app();
  using interruption = host.interruption();
  const plan = await app.plan(options, interruption.signal);
  for (const warning of plan.warnings) host.err(`warning: ${oneLine(warning)}\n`);
  for (const note of plan.notes) host.err(`note: ${oneLine(note)}\n`);
  const { length: found } = plan.findings;
  if (found > 0) {
    const [count, them] = found === 1 ? ['1 warning', 'it'] : [`${found} warnings`, 'them'];
    host.err(`${count} found (mille build --check shows ${them} in place)\n`);
  }
  const columns = host.terminal.stdout ? { columns: host.size().columns } : {};
  host.out(
    flags.format === 'json'
      ? planJson(plan)
      : renderPlan(plan, { color: hasColor(host, 'stdout'), ...columns }),
  );
  const cached = plan.steps.every(({ verdict }) => verdict === 'cached');
  return flags['exit-code'] && !cached ? SOMETHING_RUNS : 0;
}
