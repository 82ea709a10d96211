import { about, lineage, placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const argAtRunTime: Rule = {
  name: 'ArgAtRunTime',
  severity: 'warning',
  summary: 'CMD, ENTRYPOINT and HEALTHCHECK use no ARG',
  page: `ARG is there while the image is built; the container knows nothing of it, and the shell that starts the command sees
an empty value. What the program needs goes into ENV, which may take its value from the ARG: \`ARG PORT=80\` and \`ENV
PORT=$PORT\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nARG PORT=80\nCMD ["sh", "-c", "exec app --port $PORT"]',
      at: [3],
      good: 'FROM debian:trixie\nARG PORT=80\nENV PORT=$PORT\nCMD ["sh", "-c", "exec app --port $PORT"]',
    },
  ],
  check: (subject) =>
    placed(subject, 'cmd', 'entrypoint', 'healthcheck').flatMap(({ stage, instruction }) => {
      const { command } = instruction;
      const words = command?.form === 'exec' ? command.args : command?.text ? [command.text] : [];
      const used = new Set(
        words.flatMap(({ text }) =>
          [...text.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)].map((found) => found[1] ?? found[2]),
        ),
      );
      if (used.size === 0) return [];
      const all = lineage(subject.dockerfile.stages, stage).flatMap(({ instructions }) => instructions);
      const env = new Set(
        all.flatMap((one) => (one.kind === 'env' ? one.pairs.map(({ key }) => key.text) : [])),
      );
      const args = all.flatMap((one) => (one.kind === 'arg' ? one.args.map(({ name }) => name.text) : []));
      const name = args.find((arg) => !env.has(arg) && used.has(arg));
      if (name === undefined) return [];
      const word = words.find(({ text }) => text.includes(name));
      return [about(instruction, `the ARG '${name}' is not there when the container runs`, { word })];
    }),
};
