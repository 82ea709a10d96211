// What a RUN gives to its shell, read: for rules about commands. Also of stages that are not built, of ONBUILD RUN, and
// of files that could not be read to their end.

import type { Span } from '../../core/index.ts';
import {
  type Clause,
  type Dockerfile,
  findStage,
  type InstructionNode,
  type LogicalLine,
  type Stage,
  sourceSpan,
} from '../../lang/dockerfile/index.ts';
import {
  listCommands,
  type PlacedCommand,
  parseScript,
  type Range,
  type Script,
  type ShellOptions,
  type ShellWord,
  shellOptions,
} from '../../lang/shell/index.ts';
import { hadolintShell } from './pragmas.ts';
import { execText, shellText } from './run-text.ts';
import type { StageFacts } from './subject.ts';
import { isWindowsBase } from './windows.ts';

/** A RUN, and what its commands are. */
export interface RunFacts {
  readonly at: InstructionNode;
  /** The instruction's own words; within ONBUILD those of RUN. */
  readonly clause: Clause;
  readonly onbuild: boolean;
  /** The number of the stage it stands in. */
  readonly stage: number;
  readonly form: 'shell' | 'exec';
  /** The shell in effect: that of SHELL, of the base image where it is known, or `/bin/sh`. */
  readonly shell: ShellOptions;
  /** The text for the shell, and where each of its characters stands in the source. */
  readonly line: LogicalLine;
  /** Absent for the exec form, shells such as PowerShell, here-documents of other programs, and what is far too long. */
  readonly script?: Script;
  /** All commands, nested ones too; of the exec form the one. None where the shell's language is not that of `sh`. */
  readonly commands: readonly PlacedCommand[];
  /** Those of some names. */
  readonly commandsNamed: (...names: readonly string[]) => readonly PlacedCommand[];
  /** The place in the source of a range of the script. */
  readonly spanOf: (range: Range) => Span;
}

/** Characters of one RUN that are read: longer ones are none that somebody wrote. */
const LONGEST = 1 << 18;

const DEFAULT_SHELL = ['/bin/sh', '-c'];
const WINDOWS_SHELL = ['cmd', '/S', '/C'];

/** The RUN instructions of a file. */
export function readRuns(dockerfile: Dockerfile, stages: readonly StageFacts[]): readonly RunFacts[] {
  const ends = new Map<number, readonly string[]>();
  const byDefault = shellOfComments(dockerfile);
  return dockerfile.stages.flatMap((stage) => {
    let shell = openingShell(dockerfile, stage, { stages, ends, byDefault });
    const runs = stage.instructions.flatMap((instruction): RunFacts[] => {
      const { node } = instruction;
      if (instruction.kind === 'shell') shell = instruction.shell.map(({ text }) => text);
      shell = shellAbove(node) ?? shell;
      const clause = instruction.kind === 'onbuild' ? node.clause.trigger : node.clause;
      if (clause?.keyword.text.toLowerCase() !== 'run') return [];
      const onbuild = instruction.kind === 'onbuild';
      const facts = readRun({ at: node, clause, onbuild, stage: stage.index, shell: shellOptions(shell) });
      return facts ? [facts] : [];
    });
    ends.set(stage.index, shell);
    return runs;
  });
}

/** The shell that `# hadolint shell=…` above an instruction names. */
function shellAbove({ comments }: InstructionNode): readonly string[] | undefined {
  return comments.map(hadolintShell).findLast((shell) => shell !== undefined);
}

/** One that stands before the first stage is for all of them. */
function shellOfComments({ globalArgs, stages }: Dockerfile): readonly string[] | undefined {
  const nodes = [...globalArgs.map(({ node }) => node), ...stages.slice(0, 1).map(({ from }) => from.node)];
  return nodes.map(shellAbove).findLast((shell) => shell !== undefined);
}

/** The shell at the start of a stage. */
function openingShell(
  dockerfile: Dockerfile,
  stage: Stage,
  known: {
    readonly stages: readonly StageFacts[];
    readonly ends: ReadonlyMap<number, readonly string[]>;
    readonly byDefault: readonly string[] | undefined;
  },
): readonly string[] {
  const own = shellAbove(stage.from.node);
  if (own) return own;
  const below = findStage(dockerfile.stages.slice(0, stage.index), stage.from.base.text);
  const inherited = below && known.ends.get(below.index);
  if (inherited) return inherited;
  if (known.byDefault) return known.byDefault;
  const facts = known.stages.find((one) => one.stage.index === stage.index);
  const before = facts?.trace[0]?.before;
  if (before?.config.Shell && before.config.Shell.length > 0) return before.config.Shell;
  return isWindowsBase(stage, facts) ? WINDOWS_SHELL : DEFAULT_SHELL;
}

type Base = Pick<RunFacts, 'at' | 'clause' | 'onbuild' | 'stage' | 'shell'>;

function readRun(base: Base): RunFacts | undefined {
  const { at, clause, shell } = base;
  if (clause.json) {
    const line = execText(at, clause);
    return complete(base, { form: 'exec', line, commands: execCommands(clause, line) });
  }
  const line = shellText(at, clause);
  if (!line) return undefined;
  if (!shell.posix || line.text.length > LONGEST)
    return complete(base, { form: 'shell', line, commands: [] });
  const script = parseScript(line.text);
  return complete(base, { form: 'shell', line, script, commands: listCommands(script) });
}

function complete(
  base: Base,
  read: Pick<RunFacts, 'form' | 'line' | 'commands'> & { readonly script?: Script },
): RunFacts {
  return {
    ...base,
    ...read,
    commandsNamed: (...names) => read.commands.filter(({ name }) => names.includes(name)),
    spanOf: ({ start, end }) => sourceSpan(read.line, start, end),
  };
}

/** The exec form as a command whose words are known; what it gives to `sh -c` is read like any other script. */
function execCommands(clause: Clause, line: LogicalLine): readonly PlacedCommand[] {
  let at = 0;
  const words = clause.args.map(({ text }): ShellWord => {
    const range = { start: at, end: at + text.length };
    at = range.end + 1;
    const part = { kind: 'literal', ...range, text, value: text, quoting: 'double', dollar: false } as const;
    return { ...range, text, value: text, literal: true, parts: text === '' ? [] : [part] };
  });
  const range = { start: 0, end: line.text.length };
  const node = { kind: 'command', ...range, assignments: [], words, redirects: [] } as const;
  const statements = [{ ...range, node, background: false }];
  // What would be written into the array is not what a shell reads: nothing of it is exact.
  return listCommands({ ...range, text: line.text, statements, errors: [], exact: false });
}
