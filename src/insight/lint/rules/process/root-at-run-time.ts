import { about, lineage } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { isOfWindows } from '../../windows.ts';

export const rootAtRunTime: Rule = {
  name: 'RootAtRunTime',
  severity: 'info',
  summary: 'the container does not run as root',
  page: `Without USER the container runs as root, unless the base image says otherwise. A process that is root inside is
root on the host as soon as something lets it out, and inside it can change every file of the image. Make a user, give
it what it has to write, and switch at the end:

\`\`\`dockerfile
RUN useradd --system --uid 10001 app
COPY --chown=app . /srv/app
USER 10001
\`\`\`

Many images bring one: \`node\` in \`node\`, \`nobody\` everywhere. Only the last stage is looked at. Images of Windows have
no root.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nCMD ["app"]',
      at: [1],
      good: 'FROM debian:trixie\nUSER nobody\nCMD ["app"]',
    },
  ],
  check: (subject) => {
    const { dockerfile, stages: built, complete } = subject;
    const { stages } = dockerfile;
    const last = stages.at(-1);
    if (!last || !complete || isOfWindows(subject, last)) return [];
    const hasUser = lineage(stages, last).some(({ instructions }) =>
      instructions.some(({ kind }) => kind === 'user'),
    );
    // What only holds files is not run.
    const isRun = last.instructions.some(
      ({ kind }) => kind === 'cmd' || kind === 'entrypoint' || kind === 'run',
    );
    const base = last.from.base.text;
    const user = built.find(({ stage }) => stage.index === last.index)?.trace[0]?.before.config.User ?? '';
    if (hasUser || !isRun || /nonroot|rootless|unprivileged/.test(base) || !/^(root|0)?(:|$)/.test(user))
      return [];
    return [about(last.from, 'the container runs as root: no USER says otherwise', { word: last.from.base })];
  },
};
