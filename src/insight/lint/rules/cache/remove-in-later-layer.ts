import type { InstructionNode } from '../../../../lang/dockerfile/index.ts';
import { type CopiedPath, copiedPaths } from '../../copied-paths.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, operands, type Run, runsOf } from '../../run-commands.ts';

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
    const last = subject.dockerfile.stages.at(-1);
    if (!last) return [];
    // Layers of other stages are not shipped.
    const runs = runsOf(subject).filter(({ onbuild, stage }) => !onbuild && stage === last);
    const bringers = bringersOf(copiedPaths(subject).get(last.index) ?? [], runs);
    return runs.flatMap((run) =>
      run.commands.flatMap((command) => {
        if (command.name !== 'rm') return [];
        return operands(command).flatMap((word) => {
          const path = word.text.replace(/\/\*?$/, '');
          if (!/^\/[^$*?]+\/[^$*?]+$/.test(path)) return [];
          const bringer = bringers.get(path)?.find(({ at }) => at.start <= run.at.start);
          // What the same RUN makes anew is not that of before.
          if (!bringer || bringer.at === run.at || writtenBy(run).includes(path)) return [];
          const message = `'${word.text}' stays in the layer of line ${bringer.at.line}: this only hides it`;
          return [aboutWords(run, message, [command.word, word])];
        });
      }),
    );
  },
};

interface Bringer {
  readonly at: InstructionNode;
}

/** The instructions that write a path and leave it, by path, in their order. */
function bringersOf(
  copied: readonly CopiedPath[],
  runs: readonly Run[],
): ReadonlyMap<string, readonly Bringer[]> {
  const found = new Map<string, Bringer[]>();
  const add = (path: string, at: InstructionNode): void => {
    const list = found.get(path) ?? [];
    // The first is the one that is told.
    if (list.length === 0) found.set(path, [{ at }]);
  };
  for (const { path, isDirectory, files, instruction } of copied) {
    add(path, instruction.node);
    if (isDirectory) for (const file of files) add(file, instruction.node);
  }
  for (const run of runs) {
    const removed = run.commands.flatMap(({ name, args }) =>
      name === 'rm' ? args.map(({ text }) => text) : [],
    );
    for (const path of writtenBy(run)) {
      if (!removed.some((one) => one === path || one.startsWith(`${path}/`))) add(path, run.at);
    }
  }
  return found;
}

/** The paths to which a RUN downloads, copies or unpacks. */
function writtenBy({ commands }: Run): readonly string[] {
  return commands.flatMap(({ name, args, placed: { command } }) => {
    const redirected = command.redirects.flatMap(({ operator, target }) =>
      operator.startsWith('>') && target ? [target.value] : [],
    );
    if (['curl', 'wget', 'git', 'cp', 'mv'].includes(name))
      return [...redirected, ...args.map(({ text }) => text)];
    if (name !== 'tar' && name !== 'unzip') return redirected;
    const directories = args.filter((_, index) => ['-C', '-d'].includes(args[index - 1]?.text ?? ''));
    return [...redirected, ...directories.map(({ text }) => text)];
  });
}
