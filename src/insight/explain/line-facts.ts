// What a line of somebody's Dockerfile comes to: expanded, with its form, whether it makes a layer, and all that makes it run
// again. Plain data, from what the checks know of the file.

import { looksSecret } from '../../core/index.ts';
import type { CommandLine, Instruction } from '../../lang/dockerfile/index.ts';
import {
  type BuiltInstruction,
  boundContextPaths,
  type ContextFacts,
  type LintSubject,
  localSources,
  type StepCost,
} from '../lint/index.ts';
import type { InstructionFacts } from './page.ts';
import { PAGES } from './pages.ts';

/** A line, explained. */
export interface LineFacts {
  readonly keyword: string;
  /** First and last, from 1. */
  readonly line: number;
  readonly endLine: number;
  /** As written, on one line. */
  readonly text: string;
  /** The stage it is in, by its name or number, where there are several. */
  readonly stage?: string;
  /** With variables in their places, where there were any. */
  readonly expanded?: string;
  readonly form?: 'shell' | 'exec';
  /** The process that is started: RUN now, CMD and ENTRYPOINT in the container. */
  readonly process?: readonly string[];
  readonly layer: InstructionFacts['layer'];
  /** What it depends on besides its own text; absent for what runs nothing. */
  readonly inputs?: LineInputs;
  readonly cost?: StepCost;
  /** It is in a stage that could not be looked at so far. */
  readonly unknown?: true;
}

/** What makes a step run again. */
export interface LineInputs {
  /** The content of the layers below. */
  readonly below: boolean;
  /** Names of variables that it sees. */
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  /** What it reads of the build context; absent where nobody has looked, or it reads nothing. */
  readonly context?: { readonly files: number; readonly bytes: number; readonly first: readonly string[] };
  /** Stages and images that it copies from or mounts. */
  readonly from: readonly string[];
}

/** All lines of a file that hold an instruction. */
export function lineFacts(subject: LintSubject, costs: ReadonlyMap<number, StepCost>): readonly LineFacts[] {
  const built = new Map(
    subject.built.filter(({ planned }) => !planned.trigger).map((one) => [one.instruction.node, one]),
  );
  return subject.dockerfile.instructions.map((instruction) =>
    factsOf(subject, instruction, { built: built.get(instruction.node), costs }),
  );
}

interface Known {
  readonly built: BuiltInstruction | undefined;
  readonly costs: ReadonlyMap<number, StepCost>;
}

function factsOf(subject: LintSubject, instruction: Instruction, { built, costs }: Known): LineFacts {
  const keyword = instruction.kind.toUpperCase();
  const { line, endLine } = instruction.node;
  const cost = costs.get(line);
  const stage = stageOf(subject, instruction);
  const expanded = valueText(subject, instruction, built) ?? expandedText(subject, instruction, built);
  const facts = PAGES.find(({ name }) => name === keyword)?.facts;
  const inputs = built && inputsOf(subject, built);
  return {
    ...{ keyword, line, endLine, text: instruction.text, layer: facts?.layer ?? 'never' },
    ...(stage === undefined ? {} : { stage }),
    ...(expanded === undefined ? {} : { expanded }),
    ...formOf(instruction, built),
    ...(inputs ? { inputs } : {}),
    ...(cost ? { cost } : {}),
    ...(built || isOutside(subject, instruction) ? {} : { unknown: true }),
  };
}

/** FROM, and ARG before the first: they are no part of a stage. */
function isOutside({ dockerfile }: LintSubject, { kind, node }: Instruction): boolean {
  const [first] = dockerfile.stages;
  return kind === 'from' || !first || node.line < first.from.node.line;
}

/** The stage by its name; undefined before the first, and where there is only one. */
function stageOf({ dockerfile }: LintSubject, { node }: Instruction): string | undefined {
  const index = dockerfile.stages.findLastIndex(({ from }) => from.node.line <= node.line);
  if (index < 0 || dockerfile.stages.length === 1) return undefined;
  return dockerfile.stages[index]!.from.name ?? String(index);
}

/** Whether it gives a value to a name that sounds secret: what that comes to is nobody's business. */
function namesSecret(instruction: Instruction): boolean {
  switch (instruction.kind) {
    case 'arg':
      return instruction.args.some(({ name }) => looksSecret(name.text));
    case 'env':
    case 'label':
      return instruction.pairs.some(({ key }) => looksSecret(key.text));
    default:
      return false;
  }
}

/** Of ARG: with the value that counts, where that is not the one that is written. */
function valueText(
  { built: all }: LintSubject,
  instruction: Instruction,
  built: BuiltInstruction | undefined,
): string | undefined {
  if (instruction.kind !== 'arg' || !built || namesSecret(instruction)) return undefined;
  // What holds after the line is what the next one of the stage sees.
  const after = all[all.indexOf(built) + 1];
  if (after?.facts !== built.facts) return undefined;
  const values = instruction.args.map(({ name, value }) => {
    const given = after.before.environment.get(name.text);
    return given === undefined || given === value?.text ? undefined : `${name.text}=${given}`;
  });
  const known = values.filter((text) => text !== undefined);
  return known.length === 0 ? undefined : `ARG ${known.join(' ')}`;
}

/** The text with what its words come to; undefined where that is what is written. */
function expandedText(
  { froms }: LintSubject,
  instruction: Instruction,
  built: BuiltInstruction | undefined,
): string | undefined {
  if (namesSecret(instruction)) return undefined;
  const words =
    instruction.kind === 'from'
      ? froms.facts.flatMap(({ from, base, platform }) =>
          from.node === instruction.node
            ? [
                ...(base ? [{ word: from.base, text: base.text }] : []),
                ...(platform && from.platform ? [{ word: from.platform, text: platform.text }] : []),
              ]
            : [],
        )
      : (built?.expansions ?? [])
          .filter(({ expansion }) => !expansion.used.some(looksSecret))
          .map(({ word, expansion }) => ({ word, text: expansion.words.join(' ') }));
  const { source, start, end } = instruction.span;
  let text = '';
  let at = start;
  for (const { word, text: value } of words.toSorted((a, b) => a.word.span.start - b.word.span.start)) {
    const { start: from, end: to } = word.span;
    // Only what is a variable is shown in its place: quotes that go are no news.
    if (from < at || to > end || !source.text.slice(from, to).includes('$')) continue;
    text += source.text.slice(at, from) + value;
    at = to;
  }
  return at === start ? undefined : (text + source.text.slice(at, end)).replaceAll(/\s*\\?\r?\n\s*/g, ' ');
}

function formOf(
  instruction: Instruction,
  built: BuiltInstruction | undefined,
): Pick<LineFacts, 'form' | 'process'> {
  const command = commandOf(instruction);
  if (!command) return {};
  if (command.form === 'exec') {
    return { form: 'exec', process: command.args.map(({ text }) => text) };
  }
  const shell = built?.before.config.Shell ?? ['/bin/sh', '-c'];
  return { form: 'shell', ...(command.text ? { process: [...shell, command.text.text] } : {}) };
}

function commandOf(instruction: Instruction): CommandLine | undefined {
  switch (instruction.kind) {
    case 'run':
    case 'cmd':
    case 'entrypoint':
    case 'healthcheck':
      return instruction.command;
    default:
      return undefined;
  }
}

/** Variables that every image has: to name them helps nobody. */
const ALWAYS = new Set(['PATH']);

function inputsOf(subject: LintSubject, built: BuiltInstruction): LineInputs | undefined {
  const { instruction, before, planned, expansions } = built;
  // The others make no layer, and their variables need not be listed: there may be thousands of both.
  if (!['run', 'copy', 'add', 'workdir'].includes(instruction.kind)) return undefined;
  const from = planned.sources.flatMap((source) => {
    if (source.kind === 'stage') return [stageName(subject, source.stage)];
    if (source.kind === 'image') return [source.reference];
    return source.kind === 'context' ? [source.name] : [];
  });
  const used = new Set(expansions.flatMap(({ expansion }) => expansion.used));
  const seen = before.environment
    .variables()
    .filter(({ name }) => !ALWAYS.has(name) && (instruction.kind === 'run' || used.has(name)));
  const names = (origin: 'argument' | 'environment') =>
    seen.filter((variable) => variable.origin === origin).map(({ name }) => name);
  const base = { args: names('argument'), env: names('environment'), from };
  const { WorkingDir: workdir, User: user } = before.config;
  switch (instruction.kind) {
    case 'run': {
      // A smaller part of the context is told by its path in the text.
      const whole = boundContextPaths(built).includes('');
      const context = whole ? readOf(subject.context, () => true) : undefined;
      return {
        ...{ ...base, below: true },
        ...(workdir ? { workdir } : {}),
        ...(user ? { user } : {}),
        ...(context ? { context } : {}),
      };
    }
    case 'copy':
    case 'add': {
      const own = sourcesOf(subject, built);
      const context = own && readOf(subject.context, own);
      return { ...base, below: !instruction.link, ...(context ? { context } : {}) };
    }
    case 'workdir':
      return { ...base, below: true, ...(user ? { user } : {}) };
    default:
      return undefined;
  }
}

function stageName({ dockerfile }: LintSubject, index: number): string {
  return dockerfile.stages[index]?.from.name ?? String(index);
}

/** Whether a COPY takes a path; undefined where it takes nothing of the context. */
function sourcesOf(subject: LintSubject, built: BuiltInstruction): ((path: string) => boolean) | undefined {
  const sources = (localSources(subject) ?? []).filter((source) => source.built === built);
  return sources.length === 0 ? undefined : (path) => sources.some(({ takes }) => takes(path));
}

const SHOWN_FILES = 3;

function readOf(
  context: ContextFacts | undefined,
  takes: (path: string) => boolean,
): LineInputs['context'] | undefined {
  if (!context || context.more) return undefined;
  const files = context.files.filter(({ path }) => takes(path));
  const first = files
    .map(({ path }) => path)
    .sort()
    .slice(0, SHOWN_FILES);
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), first };
}
