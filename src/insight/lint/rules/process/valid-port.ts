import { about, placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

const LAST_PORT = 65_535;

export const validPort: Rule = {
  name: 'ValidPort',
  codes: ['DL3011'],
  severity: 'error',
  summary: 'EXPOSE has ports from 0 to 65535',
  page: `There are no others. EXPOSE opens nothing: it is a note in the image of which ports are meant to be published,
which \`docker run -P\` follows.`,
  examples: [{ bad: 'FROM debian:trixie\nEXPOSE 80000', at: [2], good: 'FROM debian:trixie\nEXPOSE 8000' }],
  check: (subject) =>
    placed(subject, 'expose').flatMap(({ instruction }) =>
      instruction.ports.flatMap((port) => {
        const numbers = port.text.match(/\d+/g) ?? [];
        const wrong = numbers.find((number) => Number(number) > LAST_PORT);
        if (wrong === undefined || /\$/.test(port.text)) return [];
        return [about(instruction, `there is no port ${wrong}`, { word: port })];
      }),
    ),
};
