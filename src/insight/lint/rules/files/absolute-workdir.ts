import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const absoluteWorkdir: Rule = {
  name: 'AbsoluteWorkdir',
  codes: ['DL3000'],
  severity: 'error',
  overlaps: 'WorkdirRelativePath',
  summary: 'every WORKDIR is an absolute path',
  page: `A relative WORKDIR goes on from the one above it, so that moving or removing a line changes what all that follow
mean. Written in full, each says where it leads. A path that begins with a variable is taken to be absolute. The
stricter sister of WorkdirRelativePath, as hadolint has it: looked at with \`--compat hadolint\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nWORKDIR /srv\nWORKDIR app',
      at: [3],
      good: 'FROM debian:trixie\nWORKDIR /srv\nWORKDIR /srv/app',
    },
  ],
  check: (subject) =>
    placed(subject, 'workdir').flatMap(({ instruction }) => {
      const path = unquoted(instruction.path.text);
      if (/^[$/]|^[a-z]:/i.test(path)) return [];
      return [
        about(instruction, `WORKDIR '${path}' depends on the one above it`, { word: instruction.path }),
      ];
    }),
};
