// `mille plan`.

import { BUILD_FLAGS, BUILD_HINTS, WHOLE_FLAGS } from '../build-flags.ts';
import { buildOptions } from '../build-options.ts';
import { PLAN_FLAGS, runPlan } from '../plan.ts';
import { command } from '../spec.ts';

const { call: _call, check: _check, plan: _plan, verify: _verify, ...shared } = BUILD_FLAGS;
const flags = { ...shared, ...PLAN_FLAGS, ...WHOLE_FLAGS } as const;

export const plan = command({
  name: 'plan',
  summary: 'Show what a build would do, and how long that takes',
  usage: '[FLAGS] [PATH | URL | -]',
  description: [
    "The same as 'mille build --plan', with the flags of build. PATH is the build context, by default the working directory. Nothing is executed, no image is fetched and nothing is made; flags for what is made (-t, -o, --iidfile and the like) are taken, so that the line of a build can be used as it is.",
    'A step is cached, or it runs, with the reason; or it may run: it stands on a step that runs, and is cached after all if that makes what it made before. Times are those of the last run of each step; stages that do not need one another run at once. See plan-and-cost.md.',
    'What is wrong with the Dockerfile is an error as with build. With --exit-code the status is 3 where something runs or may run, as 1 and 2 are errors already; without it, 0.',
  ],
  flags,
  arguments: { least: 0, most: 1 },
  docker: BUILD_HINTS,
  examples: [
    { text: 'what would be rebuilt now', command: 'mille plan .' },
    {
      text: 'in CI: build only if something changed',
      command: 'mille plan --exit-code . || mille build -t app .',
    },
    {
      text: 'why each step would run, for a program',
      command: 'mille plan --format json . | jq \'.steps[] | select(.verdict != "cached")\'',
    },
  ],
  run: ({ flags: given, args }, host) =>
    runPlan(
      given,
      {
        ...buildOptions(
          { ...given, call: undefined, check: false, plan: true, verify: false },
          args[0] ?? '.',
          host,
        ),
        lazy: !given.whole,
      },
      host,
    ),
});
