import { notCleaned, removes } from '../../cleaned.ts';
import { lineage } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { hasArgument, hasMount } from '../../run-commands.ts';

export const yarnCacheClean: Rule = {
  name: 'YarnCacheClean',
  codes: ['DL3060'],
  severity: 'info',
  summary: 'what yarn fetched does not stay in the layer',
  page: `yarn keeps every archive it fetched in its cache, beside what it unpacked into \`node_modules\`. \`yarn cache clean\`
in the same RUN removes them; \`RUN --mount=type=cache,target=/usr/local/share/.cache/yarn\` keeps them out of the image
and fast for the next build. Stages that the last one does not stand on may keep theirs.`,
  examples: [
    {
      bad: 'FROM node:24\nRUN yarn install --frozen-lockfile',
      at: [2],
      good: 'FROM node:24\nRUN yarn install --frozen-lockfile && yarn cache clean',
    },
  ],
  check: (subject) => {
    const { stages } = subject.dockerfile;
    const last = stages.at(-1);
    const shipped = last ? lineage(stages, last) : [];
    return notCleaned(subject, {
      leaves: (command) => command.name === 'yarn' && hasArgument(command, 'install'),
      cleans: (command) =>
        (command.name === 'yarn' && hasArgument(command, 'clean')) || removes(command, /\/yarn/),
      kept: (run) =>
        hasMount(run, '.cache/yarn') ||
        hasMount(run, '/yarn') ||
        (!run.onbuild && !shipped.includes(run.stage)),
      message: 'what yarn fetched stays in the layer',
      remedy: () => 'yarn cache clean',
    });
  },
};
