import type { Rule } from '../../rule.ts';
import { aboutWords, type Command, hasArgument, runsOf } from '../../run-commands.ts';

const APT = ['apt', 'apt-get', 'aptitude'];

export const aptUpdateAlone: Rule = {
  name: 'AptUpdateAlone',
  severity: 'warning',
  summary: 'apt-get update and what needs it are in one RUN',
  page: `\`RUN apt-get update\` always reads the same, so it is taken from the cache for ever. Weeks later a changed list of
packages below it is installed by lists of that day, from which versions are gone: "404 Not Found", or old packages
with known holes. In one RUN (\`apt-get update && apt-get install …\`) a change fetches both anew.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl=8.14.*',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.*',
    },
  ],
  check: (subject) =>
    runsOf(subject).flatMap((run) => {
      const update = run.commands.find((one) => APT.includes(one.name) && hasArgument(one, 'update'));
      // A script may do the rest.
      if (!update || run.commands.some((one) => uses(one)) || run.commands.some(isScript)) return [];
      return [aboutWords(run, 'the lists are from the day this RUN was first built', [update.word])];
    }),
};

function uses({ name, args }: Command): boolean {
  if (!APT.includes(name)) return false;
  return args.some(({ text }) =>
    /^(install|reinstall|upgrade|dist-upgrade|full-upgrade|build-dep|satisfy|download|source|show|list|search)$/.test(
      text,
    ),
  );
}

function isScript({ name, word }: Command): boolean {
  return (
    name === '' ||
    /\.(sh|bash|py)$/.test(name) ||
    word.text.startsWith('./') ||
    ['sh', 'bash', 'xargs', 'eval'].includes(name)
  );
}
