import type { Rule } from '../../rule.ts';
import { aboutWords, runsOf } from '../../run-commands.ts';

export const wgetOrCurl: Rule = {
  name: 'WgetOrCurl',
  codes: ['DL4001'],
  severity: 'warning',
  summary: 'a stage uses wget or curl, not both',
  page: `They do the same, and each brings libraries of its own into the image. Take the one that is there already. Often
neither is needed: \`ADD --checksum=sha256:… https://… /dest\` fetches a file without any program in the image.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN wget -nv https://example.com/a\nRUN curl -fsSO https://example.com/b',
      at: [3],
      good: 'FROM debian:trixie\nRUN curl -fsSO https://example.com/a\nRUN curl -fsSO https://example.com/b',
    },
  ],
  check: (subject) => {
    const seen = new Map<number, Set<string>>();
    return runsOf(subject).flatMap((run) => {
      const names = seen.get(run.stage.index) ?? new Set();
      seen.set(run.stage.index, names);
      const used = run.commands.filter(({ name }) => name === 'wget' || name === 'curl');
      for (const { name } of used) names.add(name);
      const last = used.at(-1);
      if (!last || names.size < 2) return [];
      return [aboutWords(run, 'the stage uses both wget and curl', [last.word])];
    });
  },
};
