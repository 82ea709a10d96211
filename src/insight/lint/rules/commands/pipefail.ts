import type { ShellNode } from '../../../../lang/shell/index.ts';
import { visitNodes } from '../../../../lang/shell/index.ts';
import type { Rule } from '../../rule.ts';
import { type Run, runsOf } from '../../run-commands.ts';

export const pipefail: Rule = {
  name: 'Pipefail',
  codes: ['DL4006'],
  severity: 'warning',
  summary: 'a RUN with a pipe fails where any command of it does',
  page: `A pipe ends as its last command does: in \`curl -f … | tar xz\` a download that failed is a success when tar had
nothing to complain about, and the build goes on with half a file. With \`pipefail\` the pipe fails as well:
\`SHELL ["/bin/bash", "-o", "pipefail", "-c"]\`, or \`set -o pipefail\` in front. \`/bin/sh\` of Debian 12 (dash 0.5.12)
does not know the option; busybox does (\`SHELL ["/bin/ash", "-o", "pipefail", "-c"]\` on Alpine). Without it,
download into a file first.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN curl -fsS https://example.com/a.tar.gz | tar xz -C /opt',
      at: [2],
      good: 'FROM debian:trixie\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsS https://example.com/a.tar.gz | tar xz -C /opt',
    },
  ],
  check: (subject) =>
    runsOf(subject).flatMap((run) => {
      if (!run.script || run.onbuild || setsPipefail(run)) return [];
      const { pipefail: isSet, posix, dialect } = run.shell;
      // Which shell `sh` is nobody knows here, and an older dash has no such option.
      if (!posix || (isSet && dialect !== 'sh')) return [];
      const pipe = pipesOf(run)[0];
      if (!pipe) return [];
      const message = 'the pipe succeeds where its last command does, whatever happened before';
      return [{ message, span: run.facts.spanOf(pipe), at: run.at }];
    }),
};

function pipesOf({ script }: Run): readonly ShellNode[] {
  const found: ShellNode[] = [];
  if (script) {
    visitNodes(script, (node) => {
      if (node.kind === 'pipeline' && node.commands.length > 1) found.push(node);
    });
  }
  return found;
}

/** `set -o pipefail`, `set -euxo pipefail`, `bash -o pipefail -c …`. */
function setsPipefail({ commands }: Run): boolean {
  return commands.some(
    ({ name, args }) =>
      (name === 'set' || /^(ba|z|a|k)?sh$/.test(name)) &&
      args.some(
        ({ text }, index) => text === 'pipefail' && /^-[a-zA-Z]*o$/.test(args[index - 1]?.text ?? ''),
      ),
  );
}
