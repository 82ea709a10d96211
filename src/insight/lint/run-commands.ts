// The commands of RUN as rules about them look at them: name, arguments, flags, each with its place in the file.

import type { Fix, Span } from '../../core/index.ts';
import type { InstructionNode, Stage } from '../../lang/dockerfile/index.ts';
import type { PlacedCommand, ShellWord } from '../../lang/shell/index.ts';
import type { Finding } from './rule.ts';
import type { RunFacts } from './run-facts.ts';
import type { LintSubject } from './subject.ts';

/** A RUN, or the RUN of an ONBUILD. */
export interface Run extends Pick<RunFacts, 'onbuild' | 'script' | 'form' | 'shell'> {
  readonly facts: RunFacts;
  readonly stage: Stage;
  readonly at: InstructionNode;
  readonly mounts: readonly RunMount[];
  readonly commands: readonly Command[];
}

/** A `--mount`. */
export interface RunMount {
  readonly type: string;
  readonly target: string;
}

/** An argument, or the name of a command. */
export interface Word {
  /** Without quotes; variables as they are written. */
  readonly text: string;
  /** Which of the arguments it is; -1 for the name. */
  readonly at: number;
  readonly shell: ShellWord;
  readonly run: Run;
  readonly command: Command;
  readonly span: Span;
}

/** A command. */
export interface Command {
  readonly name: string;
  readonly word: Word;
  readonly args: readonly Word[];
  readonly run: Run;
  readonly placed: PlacedCommand;
}

/** The commands of all RUN, in the order of the file. */
export function commandsOf(
  subject: LintSubject,
): readonly { readonly run: Run; readonly command: Command }[] {
  return runsOf(subject).flatMap((run) => run.commands.map((command) => ({ run, command })));
}

/** The flags of a command: letters and long names, as often as they stand there. */
export function flagNames({ args }: Pick<Command, 'args'>): readonly string[] {
  return args.flatMap(({ text }) => {
    if (text === '-' || text === '--' || !text.startsWith('-')) return [];
    return text.startsWith('--') ? [text.slice(2).split('=', 1)[0] as string] : [...text.slice(1)];
  });
}

/** The arguments that are no flags, nor the value of one of those named. */
export function operands({ args }: Pick<Command, 'args'>, valued: readonly string[] = []): readonly Word[] {
  let skip = false;
  return args.filter(({ text }) => {
    if (skip) {
      skip = false;
      return false;
    }
    if (!text.startsWith('-') || text === '-') return true;
    skip = takesNext(text, valued);
    return false;
  });
}

/** A letter takes the next word where it stands last, as in `-qt release`. */
function takesNext(flag: string, valued: readonly string[]): boolean {
  if (flag.includes('=')) return false;
  if (flag.startsWith('--')) return valued.includes(flag.slice(2));
  return valued.includes(flag.slice(1)) || valued.includes(flag.slice(-1));
}

/** Whether one of some words is an argument. */
export function hasArgument({ args }: Pick<Command, 'args'>, ...texts: readonly string[]): boolean {
  return args.some(({ text }) => texts.includes(text));
}

/** A finding about some words of a RUN: from the first to the last. */
export function aboutWords(run: Run, message: string, words: readonly Word[], fix?: Fix): Finding {
  const spans = words.map(({ span }) => span);
  const span = {
    source: (spans[0] as Span).source,
    start: Math.min(...spans.map(({ start }) => start)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
  return { message, span, at: run.at, ...(fix ? { fix } : {}) };
}

/** Whether a RUN has a mount of some types at a path in which a text stands. */
export function hasMount(
  { mounts }: Run,
  part: string,
  types: readonly string[] = ['cache', 'tmpfs'],
): boolean {
  return mounts.some(({ type, target }) => types.includes(type) && target.includes(part));
}

const kept = new WeakMap<LintSubject['runs'], readonly Run[]>();

/** All RUN of the file. */
export function runsOf({ dockerfile, runs }: Pick<LintSubject, 'dockerfile' | 'runs'>): readonly Run[] {
  const known = kept.get(runs);
  if (known) return known;
  const all = runs().map((facts) => readRun(facts, dockerfile.stages[facts.stage] as Stage));
  kept.set(runs, all);
  return all;
}

function readRun(facts: RunFacts, stage: Stage): Run {
  const { at, onbuild, script, form, shell } = facts;
  const commands: Command[] = [];
  const run: Run = {
    facts,
    stage,
    at,
    onbuild,
    form,
    shell,
    ...(script ? { script } : {}),
    mounts: mountsOf(facts),
    commands,
  };
  for (const placed of facts.commands) {
    const { nameWord } = placed;
    if (!nameWord) continue;
    const args: Word[] = [];
    const command = { name: placed.name, args, run, placed } as unknown as Command & { word: Word };
    const word = (one: ShellWord, index: number): Word => ({
      text: one.value,
      at: index,
      shell: one,
      run,
      command,
      span: facts.spanOf(one),
    });
    command.word = word(nameWord, -1);
    args.push(...placed.args.map(word));
    commands.push(command);
  }
  return run;
}

function mountsOf({ clause }: RunFacts): readonly RunMount[] {
  return clause.flags.flatMap(({ name, value }) => {
    if (name !== 'mount' || !value) return [];
    const fields = new Map(
      value.text.split(',').map((field): [string, string] => {
        const [key = '', ...rest] = field.split('=');
        return [key.toLowerCase(), rest.join('=')];
      }),
    );
    const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination') ?? '';
    return [{ type: fields.get('type') ?? 'bind', target }];
  });
}
