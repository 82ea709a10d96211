import type { CommandLine } from '../../../../lang/dockerfile/index.ts';
import type { Finding, Rule } from '../../rule.ts';
import type { BuiltInstruction } from '../../subject.ts';

export const cmdAndEntrypoint: Rule = {
  name: 'CmdAndEntrypoint',
  severity: 'warning',
  summary: 'CMD and ENTRYPOINT go together',
  page: `With both, the container runs ENTRYPOINT with CMD as its arguments; what stands behind the image in \`docker run\`
takes CMD's place, \`--entrypoint\` that of ENTRYPOINT. Four things go wrong:

- ENTRYPOINT without brackets is \`/bin/sh -c "…"\`, to which further arguments mean nothing: CMD and the arguments of
  \`docker run\` are dropped without a word.
- CMD without brackets is \`/bin/sh\`, \`-c\` and the command: three arguments for ENTRYPOINT, which is hardly what it wants
  (a script that ends with \`exec "$@"\` can do with them, and is not reported).
- CMD that begins with ENTRYPOINT's own program: it is then given its own name as its first argument.
- ENTRYPOINT in a stage takes away the CMD of the image below. Where that was wanted say it again.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nENTRYPOINT app serve\nCMD ["--port", "80"]',
      at: [2],
      good: 'FROM debian:trixie\nENTRYPOINT ["app", "serve"]\nCMD ["--port", "80"]',
    },
    {
      bad: 'FROM debian:trixie\nENTRYPOINT ["app"]\nCMD serve --port 80',
      at: [3],
      good: 'FROM debian:trixie\nENTRYPOINT ["app"]\nCMD ["serve", "--port", "80"]',
    },
    {
      bad: 'FROM debian:trixie\nENTRYPOINT ["node"]\nCMD ["node", "server.js"]',
      at: [3],
      good: 'FROM debian:trixie\nENTRYPOINT ["node"]\nCMD ["server.js"]',
    },
    {
      bad: 'FROM debian:trixie AS base\nCMD ["--help"]\nFROM base\nENTRYPOINT ["app"]',
      at: [4],
      good: 'FROM debian:trixie AS base\nCMD ["--help"]\nFROM base\nENTRYPOINT ["app"]\nCMD ["--help"]',
    },
  ],
  check: ({ built }) => {
    const stages = new Map<number, { cmd?: BuiltInstruction; entrypoint?: BuiltInstruction }>();
    for (const one of built) {
      const { kind } = one.instruction;
      if (kind !== 'cmd' && kind !== 'entrypoint') continue;
      const { index } = one.facts.stage;
      stages.set(index, { ...stages.get(index), [kind]: one });
    }
    return [...stages.values()].flatMap(({ cmd, entrypoint }) => [
      ...(entrypoint ? aboutEntrypoint(entrypoint, cmd) : []),
      ...(cmd && entrypoint ? aboutCmd(cmd, entrypoint) : []),
    ]);
  },
};

function aboutEntrypoint(
  entrypoint: BuiltInstruction,
  cmd: BuiltInstruction | undefined,
): readonly Finding[] {
  const { instruction, before, at, spanOf } = entrypoint;
  const inherited = (before.config.Cmd ?? []).length > 0;
  const isShell = commandOf(entrypoint)?.form === 'shell';
  if (isShell && (cmd || inherited)) {
    return [{ message: 'this form of ENTRYPOINT ignores CMD', span: spanOf(instruction), at }];
  }
  if (cmd || !inherited) return [];
  return [{ message: 'ENTRYPOINT takes away the CMD of the image below', span: spanOf(instruction), at }];
}

function aboutCmd(cmd: BuiltInstruction, entrypoint: BuiltInstruction): readonly Finding[] {
  const program = commandOf(entrypoint);
  const command = commandOf(cmd);
  if (program?.form !== 'exec' || !command) return [];
  const name = program.args[0]?.text ?? '';
  const { instruction, at, spanOf } = cmd;
  // Scripts are written for it, and so are the small init programs.
  const isRunner =
    /\.(sh|bash)$|entrypoint|(^|\/)(tini|dumb-init|env|s6-\S*|init|gosu|su-exec|sh|bash|catatonit)$/.test(
      name,
    ) || program.args.some(({ text }) => text === '--');
  if (command.form === 'shell') {
    if (isRunner) return [];
    return [
      { message: `'${name}' gets the arguments /bin/sh, -c and the command`, span: spanOf(instruction), at },
    ];
  }
  const first = command.args[0]?.text;
  if (name === '' || first !== name || isRunner) return [];
  return [{ message: `'${name}' gets its own name as its first argument`, span: spanOf(instruction), at }];
}

function commandOf({ instruction }: BuiltInstruction): CommandLine | undefined {
  return instruction.kind === 'cmd' || instruction.kind === 'entrypoint' ? instruction.command : undefined;
}
