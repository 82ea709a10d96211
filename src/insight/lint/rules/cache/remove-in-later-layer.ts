import type { Stage } from '../../../../lang/dockerfile/index.ts';
import { placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, operands, type Run, runsOf } from '../../run-commands.ts';
import type { LintSubject } from '../../subject.ts';

export const removeInLaterLayer: Rule = {
  name: 'RemoveInLaterLayer',
  severity: 'warning',
  summary: 'what is not needed is removed in the layer that brought it',
  page: `A layer cannot make the one below it smaller: \`rm\` of a file that came with an earlier instruction writes a mark
that hides it, and the bytes stay in the image, are stored and sent, and can be read by anyone who looks. Download,
use and remove in one RUN; give a file of the context to a command with \`RUN --mount=type=bind\`, which leaves
nothing behind; or do all of it in another stage and copy the result.

A secret that was removed this way is still there.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nCOPY setup.bin /tmp/setup.bin\nRUN /tmp/setup.bin && rm /tmp/setup.bin',
      at: [3],
      good: 'FROM debian:trixie\nRUN --mount=type=bind,source=setup.bin,target=/tmp/setup.bin /tmp/setup.bin',
    },
    {
      bad: 'FROM debian:trixie\nRUN curl -fsSo /tmp/a.tgz https://example.com/a.tgz && tar xzf /tmp/a.tgz\nRUN rm /tmp/a.tgz',
      at: [3],
      good: 'FROM debian:trixie\nRUN curl -fsSo /tmp/a.tgz https://example.com/a.tgz && tar xzf /tmp/a.tgz && rm /tmp/a.tgz',
    },
  ],
  check: (subject) => {
    const runs = runsOf(subject).filter(({ onbuild }) => !onbuild);
    const last = subject.dockerfile.stages.at(-1);
    return runs.flatMap((run) => {
      // Layers of other stages are not shipped.
      if (run.stage !== last) return [];
      return run.commands.flatMap((command) => {
        if (command.name !== 'rm') return [];
        return operands(command).flatMap((word) => {
          const path = word.text.replace(/\/\*?$/, '');
          if (!/^\/[^$*?]+\/[^$*?]+$/.test(path)) return [];
          const line = bringer(subject, { run, stage: run.stage, path, runs });
          if (line === undefined) return [];
          return [
            aboutWords(run, `'${word.text}' stays in the layer of line ${line}: this only hides it`, [
              command.word,
              word,
            ]),
          ];
        });
      });
    });
  },
};

/** The line of the earlier instruction of the stage that wrote a path. */
function bringer(
  subject: LintSubject,
  {
    run,
    stage,
    path,
    runs,
  }: { readonly run: Run; readonly stage: Stage; readonly path: string; readonly runs: readonly Run[] },
): number | undefined {
  const copied = placed(subject, 'copy', 'add').find(
    ({ stage: other, instruction }) =>
      other === stage &&
      instruction.node.start < run.at.start &&
      writes(
        unquoted(instruction.destination.text),
        instruction.sources.map(({ text }) => unquoted(text)),
        path,
      ),
  );
  if (copied) return copied.instruction.node.line;
  // In the same RUN it is made anew.
  if (isWritten(run, path)) return undefined;
  return runs.find(
    (other) =>
      other.stage === stage &&
      other.at.start < run.at.start &&
      isWritten(other, path) &&
      !isRemoved(other, path),
  )?.at.line;
}

function writes(destination: string, sources: readonly string[], path: string): boolean {
  const clean = destination.replace(/\/$/, '');
  if (clean === path) return true;
  return (
    destination.endsWith('/') &&
    sources.some((source) => `${clean}/${source.replace(/\/$/, '').replace(/^.*\//, '')}` === path)
  );
}

/** Whether a RUN downloads or unpacks to a path. */
function isWritten({ commands }: Run, path: string): boolean {
  return commands.some(({ name, args, placed: { command } }) => {
    if (command.redirects.some(({ operator, target }) => operator.startsWith('>') && target?.value === path))
      return true;
    if (!['curl', 'wget', 'git', 'cp', 'mv', 'tar', 'unzip'].includes(name)) return false;
    return args.some(
      ({ text }, index) =>
        text === path &&
        !(
          ['tar', 'unzip'].includes(name) &&
          args[index - 1]?.text !== '-C' &&
          args[index - 1]?.text !== '-d'
        ),
    );
  });
}

function isRemoved({ commands }: Run, path: string): boolean {
  return commands.some(
    ({ name, args }) =>
      name === 'rm' && args.some(({ text }) => text === path || text.startsWith(`${path}/`)),
  );
}
