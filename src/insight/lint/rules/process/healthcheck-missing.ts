import { about, lineage } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const healthcheckMissing: Rule = {
  name: 'HealthcheckMissing',
  codes: ['DL3057'],
  severity: 'info',
  optional: true,
  summary: 'every stage has a HEALTHCHECK',
  page: `Docker and Swarm ask a container with HEALTHCHECK whether it is well; without one they only know that its process
is there. Kubernetes does not look at it: it has probes of its own. That is why the rule is off unless it is asked for.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nCMD ["serve"]',
      at: [1],
      good: 'FROM debian:trixie\nHEALTHCHECK CMD ["curl", "-f", "http://localhost"]\nCMD ["serve"]',
    },
  ],
  check: ({ dockerfile: { stages } }) => {
    // One below gives it to those above, and to have it above is enough for those that are only there to be stood on.
    const covered = new Set<number>();
    for (const stage of stages) {
      const line = lineage(stages, stage);
      if (line.some(({ instructions }) => instructions.some(({ kind }) => kind === 'healthcheck'))) {
        for (const { index } of line) covered.add(index);
      }
    }
    return stages.flatMap(({ index, from }) =>
      covered.has(index) ? [] : [about(from, 'the stage has no HEALTHCHECK', { word: from.base })],
    );
  },
};
