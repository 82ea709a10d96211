import type { UserInstruction } from '../../../../lang/dockerfile/index.ts';
import { about, placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const lastUserIsRoot: Rule = {
  name: 'LastUserIsRoot',
  codes: ['DL3002'],
  severity: 'warning',
  summary: 'the last USER of a stage is not root',
  page: `Switching to root for an installation is fine; what stands last is who the container runs as. A process that is
root inside is root on the host as soon as something lets it out: a mounted socket, a mount that is too wide, a fault
of the kernel. Go back to the user you came from at the end.`,
  examples: [
    {
      bad: 'FROM node:24\nUSER root\nRUN npm install -g serve@14.2.5\nCMD ["serve"]',
      at: [2],
      good: 'FROM node:24\nUSER root\nRUN npm install -g serve@14.2.5\nUSER node\nCMD ["serve"]',
    },
  ],
  check: (subject) => {
    const last = new Map<number, UserInstruction>();
    for (const { stage, instruction } of placed(subject, 'user')) last.set(stage.index, instruction);
    return [...last.values()].flatMap((user) =>
      /^(root|0)(:|$)/.test(user.user.text)
        ? [about(user, 'the container runs as root', { word: user.user })]
        : [],
    );
  },
};
