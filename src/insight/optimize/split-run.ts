// `RUN npm ci && npm run build`: a RUN divided at an `&&`, where its first commands install and the rest does not.

import type { TextEdit } from '../../core/index.ts';
import type { AndOrList, PlacedCommand } from '../../lang/shell/index.ts';
import type { BuiltInstruction, RunFacts } from '../lint/index.ts';
import type { StepEvidence } from './evidence.ts';
import { installOf, isHarmless } from './installs.ts';
import type { Expected } from './rewrite.ts';
import type { Subject } from './subject.ts';

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
}

/** How much of the seconds is taken to be the install's: nobody has measured them apart. */
const SHARE = 0.6;

/** What would have to be in the same layer as what it removes, or the bytes stay. */
const CLEANING = /\b(rm|clean|autoremove|purge|prune|autoclean)\b/;

/** Finds where the commands that install end. @returns undefined where it is not to be divided */
export function divisionOf(subject: Subject, { instruction }: BuiltInstruction): Division | undefined {
  const run = subject.lint.runs().find(({ at }) => at === instruction.node);
  const chain = run && chainOf(run);
  if (!run || !chain || instruction.node.heredocs.length > 0) return undefined;
  const placed = (i: number) =>
    run.commands.filter(({ place }) => place.chain?.list === chain && place.chain.index === i);
  const isFirst = (i: number) =>
    chain.nodes[i]?.kind === 'command' &&
    placed(i).length === 1 &&
    placed(i).every((one) => one.name !== 'set' && (isInstall(one) || isHarmless(one)));
  let length = 0;
  while (isFirst(length)) length++;
  while (length > 0 && !isInstall(placed(length - 1)[0]!)) length--;
  const [last, next] = [chain.nodes[length - 1], chain.nodes[length]];
  if (!last || !next) return undefined;
  const { text } = run.line;
  if (CLEANING.test(text.slice(next.start))) return undefined;
  const [end, start] = [run.spanOf(last).end, run.spanOf(next).start];
  const { source } = run.line;
  if (source.text.slice(end, start).includes('#')) return undefined;
  const { keyword, flags } = run.clause;
  const words = flags.map(({ span }) => source.text.slice(span.start, span.end));
  const head = `${[keyword.text, ...words].join(' ')} `;
  const first = `${head}${text.slice(0, last.end)}`.trim();
  const second = `${head}${text.slice(next.start)}`.trim();
  const step = subject.observed(instruction);
  return {
    commands: Array.from({ length }, (_, i) => placed(i)).flat(),
    edit: (between) => ({ start: end, end: start, text: `\n${between}${head}` }),
    expects: step ? [expected(first, step, SHARE), expected(second, step, 1 - SHARE)] : [],
    title: text.slice(0, last.end),
  };
}

/** The list of `&&` that a RUN consists of. */
function chainOf({ script, form, onbuild }: RunFacts): AndOrList | undefined {
  if (!script?.exact || form !== 'shell' || onbuild || script.statements.length !== 1) return undefined;
  const [{ node, background } = { node: undefined, background: true }] = script.statements;
  if (node?.kind !== 'and-or' || background || node.operators.includes('||')) return undefined;
  return node;
}

function isInstall(placed: PlacedCommand): boolean {
  const install = installOf(placed);
  return install !== undefined && !install.needsWatching;
}

/** What is known of the whole, apart from what is only known of the whole. */
function expected(text: string, step: StepEvidence, share: number): Expected {
  const { id, title, kind } = step;
  return { text, step: { id, title, kind, seconds: step.seconds * share } };
}
