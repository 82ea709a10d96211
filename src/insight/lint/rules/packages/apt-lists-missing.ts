import { lineage } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, type Command, hasArgument, operands, type Run, runsOf } from '../../run-commands.ts';

const APT = ['apt', 'apt-get'];

/** Official images on Debian or Ubuntu: they come without lists, so that they do not grow old in them. */
const WITHOUT_LISTS =
  /^(?:(?:docker\.io\/)?library\/)?(?:debian|ubuntu|buildpack-deps|eclipse-temurin|gcc|golang|haproxy|httpd|mariadb|nginx|node|openjdk|perl|php|postgres|python|redis|ruby|rust|tomcat)(?::(?!.*alpine)(?!onbuild)[\w.-]+)?(?:@.*)?$/;

/** Commands that fetch no lists, whatever they are given. */
const NO_FETCH =
  /^(apt-mark|cat|cd|chmod|chown|cp|dpkg|echo|export|gem|groupadd|groupmod|addgroup|adduser|ln|ls|mkdir|mv|npm|pip[\d.]*|printf|pwd|rm|sed|set|sleep|touch|true|useradd|usermod|yarn)$/;

export const aptListsMissing: Rule = {
  name: 'AptListsMissing',
  severity: 'warning',
  summary: 'apt-get update comes before what is installed',
  page: `Official images of Debian and Ubuntu, and those that are made on them, come without lists of packages, which would
be old the day after. \`apt-get install\` of a name ends there with "Unable to locate package". In the same RUN the lists
are fetched first and removed last: \`apt-get update && apt-get install -y … && rm -rf /var/lib/apt/lists/*\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN apt-get install -y --no-install-recommends curl=8.14.*',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.*',
    },
  ],
  check: (subject) => {
    const { stages } = subject.dockerfile;
    const runs = runsOf(subject).filter(({ onbuild }) => !onbuild);
    return stages.flatMap((stage) => {
      const line = lineage(stages, stage);
      if (!WITHOUT_LISTS.test(line.at(-1)!.from.base.text)) return [];
      // What stands below was found there already.
      const own = runs.filter((run) => line.includes(run.stage));
      const first = firstOf(own);
      if (!first || first.run.stage !== stage) return [];
      const message = `no lists of packages are here yet: ${first.command.name} update has to come first`;
      return [aboutWords(first.run, message, [first.command.word])];
    });
  },
};

/** The first command that installs by name, where it is sure that nothing before it has fetched lists. */
function firstOf(runs: readonly Run[]): { readonly run: Run; readonly command: Command } | undefined {
  for (const run of runs) {
    if (!run.script || run.mounts.length > 0) return undefined;
    for (const command of run.commands) {
      if (!APT.includes(command.name)) {
        if (NO_FETCH.test(command.name)) continue;
        return undefined;
      }
      if (hasArgument(command, 'update')) return undefined;
      if (!hasArgument(command, 'install')) continue;
      const names = operands(command).filter(({ text }) => text !== 'install');
      return names.some(({ text }) => /^[a-z0-9][a-z0-9+.-]+([:=/].*)?$/.test(text) && !text.endsWith('.deb'))
        ? { run, command }
        : undefined;
    }
  }
  return undefined;
}
