// `RUN npm ci && npm run build`: a RUN divided at an `&&`, or at a `;` behind `set -e`, where its first commands install and
// the rest does not.

import type { TextEdit } from '../../core/index.ts';
import type { PlacedCommand, ShellNode } from '../../lang/shell/index.ts';
import type { BuiltInstruction, RunFacts } from '../lint/index.ts';
import type { StepEvidence } from './evidence.ts';
import { installOf, isHarmless } from './installs.ts';
import type { Expected } from './rewrite.ts';
import type { Subject } from './subject.ts';
import { unseenRun } from './unseen.ts';

/** Where a RUN can be divided. */
export interface Division {
  /** The commands that would stand in the first. */
  readonly commands: readonly PlacedCommand[];
  /** Divides it, with other lines between the two. */
  readonly edit: (between: string) => TextEdit;
  /** What is expected of the two. */
  readonly expects: readonly Expected[];
  /** The first, as people know it. */
  readonly title: string;
  /** What is to be known of it, besides what is of every division. */
  readonly risk?: string;
}

/** How much of the seconds is taken to be the install's: nobody has measured them apart. */
const SHARE = 0.6;

/** What would have to be in the same layer as what it removes, or the bytes stay. */
export const CLEANING = /\b(rm|clean|autoremove|purge|prune|autoclean)\b/;

/** Finds where the commands that install end. @returns undefined where it is not to be divided */
export function divisionOf(subject: Subject, { instruction }: BuiltInstruction): Division | undefined {
  const run = subject.lint.runs().find(({ at }) => at === instruction.node);
  const row = run && rowOf(run);
  if (!run || !row || instruction.node.heredocs.length > 0) return undefined;
  const { pieces, start } = row;
  const isFirst = (i: number) =>
    pieces[i]?.node.kind === 'command' &&
    row.commandsOf(i).length === 1 &&
    row.commandsOf(i).every((one) => one.name !== 'set' && (isInstall(one) || isHarmless(one)));
  let length = start;
  while (isFirst(length)) length++;
  while (length > start && !isInstall(row.commandsOf(length - 1)[0]!)) length--;
  const [last, next] = [pieces[length - 1]?.node, pieces[length]?.node];
  if (length === start || !last || !next) return undefined;
  const { text } = run.line;
  if (CLEANING.test(text.slice(next.start))) return undefined;
  const [end, from] = [run.spanOf(last).end, run.spanOf(next).start];
  const { source } = run.line;
  if (source.text.slice(end, from).includes('#')) return undefined;
  const { keyword, flags } = run.clause;
  const words = flags.map(({ span }) => source.text.slice(span.start, span.end));
  const head = `${[keyword.text, ...words].join(' ')} `;
  const first = `${head}${text.slice(0, last.end)}`.trim();
  const second = `${head}${row.settings}${text.slice(next.start)}`.trim();
  const step = subject.observed(instruction) ?? unseen(instruction.text, run);
  return {
    commands: Array.from({ length: length - start }, (_, i) => row.commandsOf(start + i)).flat(),
    edit: (between) => ({ start: end, end: from, text: `\n${between}${head}${row.settings}` }),
    expects: [expected(first, step, SHARE), expected(second, step, 1 - SHARE)],
    title: text.slice(pieces[start]!.node.start, last.end),
  };
}

/** What a RUN does one after the other, and ends with the first that fails. */
export interface Row {
  readonly pieces: readonly { readonly node: ShellNode }[];
  /** Which of them is the first that does something. */
  readonly start: number;
  readonly commandsOf: (i: number) => readonly PlacedCommand[];
  /** What stands in front of each part, that it ends with the first that fails: `set -ex; `. */
  readonly settings: string;
}

/** The list of `&&` that a RUN consists of, or the statements behind `set -e`. */
export function rowOf({ script, form, onbuild, commands }: RunFacts): Row | undefined {
  if (!script?.exact || script.errors.length > 0 || form !== 'shell' || onbuild) return undefined;
  const { statements } = script;
  const [only] = statements;
  if (!only || statements.some(({ background }) => background)) return undefined;
  if (statements.length === 1) {
    const { node } = only;
    if (node.kind !== 'and-or' || node.operators.includes('||')) return undefined;
    return {
      ...{ pieces: node.nodes.map((one) => ({ node: one })), start: 0, settings: '' },
      commandsOf: (i) =>
        commands.filter(({ place }) => place.chain?.list === node && place.chain.index === i),
    };
  }
  const commandsOf = (i: number) =>
    commands.filter(
      ({ place }) => place.statements === statements && place.index === i && place.within.length === 0,
    );
  const [set] = commandsOf(0);
  if (only.node.kind !== 'command' || set?.name !== 'set') return undefined;
  const words = set.args.map(({ value }) => value).join(' ');
  // Without it a RUN goes on behind what fails.
  if (!/^-[eux]*e[eux]*(o pipefail)?( -[eux]*(o pipefail)?)*$/.test(words)) return undefined;
  return {
    ...{ pieces: statements, start: 1, commandsOf },
    settings: `${script.text.slice(only.node.start, only.node.end).trim()}; `,
  };
}

function isInstall(placed: PlacedCommand): boolean {
  const install = installOf(placed);
  return install !== undefined && !install.needsWatching;
}

export function unseen(title: string, run: RunFacts): StepEvidence {
  return { id: '', title, kind: 'run', seconds: unseenRun(run) };
}

/** What is known of the whole, apart from what is only known of the whole. */
export function expected(text: string, step: StepEvidence, share: number): Expected {
  const { id, title, kind } = step;
  return { text, step: { id, title, kind, seconds: step.seconds * share } };
}
