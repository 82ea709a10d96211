import { writtenReference } from '../../base-reference.ts';
import { livesOf } from '../../lives.ts';
import { about } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const basePastItsLife: Rule = {
  name: 'BasePastItsLife',
  severity: 'warning',
  summary: 'the base image still gets fixes',
  page: `A release that is past its end gets no fixes: every hole that is found from then on stays open in the image, and its
package archive moves away one day, so that \`apt-get update\` fails. The images of Debian, Ubuntu, Alpine, CentOS,
Fedora, openSUSE Leap, Node, Python, PHP, Ruby, Go, .NET, PostgreSQL, MySQL and MariaDB are known, also where the system is
named behind the version (\`python:3.12-bullseye\`).

The dates are those of endoflife.date as of 22 August 2026 (of Debian the end of its long-term support, of Ubuntu that of
its standard support), compared with the day on which the rule is run.`,
  examples: [
    {
      bad: 'FROM debian:buster\nRUN true',
      at: [1],
      good: 'FROM debian:trixie\nRUN true',
      options: { today: '2026-08-01' },
    },
    {
      bad: 'FROM node:16-alpine3.22',
      at: [1],
      good: 'FROM node:24-alpine3.22',
      options: { today: '2026-08-01' },
    },
  ],
  check: ({ froms, dockerfile: { stages }, options: { today } }) => {
    if (today === undefined) return [];
    return stages.flatMap((stage) => {
      const { from } = stage;
      const text = froms.facts[stage.index]?.base?.text ?? from.base.text;
      const { name, tag } = writtenReference(text);
      const past = tag === undefined ? undefined : livesOf(name, tag).find(({ end }) => end < today);
      if (!past) return [];
      const message = `${past.product} ${past.release} gets no fixes since ${past.end}`;
      return [about(from, message, { word: from.base })];
    });
  },
};
