// What a build would do: for people, a step with what there is to say of it; for programs, JSON.

import type { PlannedStep, PlanResult } from '../../app/index.ts';
import { type MissReason, positionAt, type Span } from '../../core/index.ts';
import { oneLine } from './sanitize.ts';
import { makeStyle, type Style } from './style.ts';
import { formatSeconds } from './time.ts';
import { cutText } from './width.ts';

/** How to show it. */
export interface PlanStyle {
  readonly color: boolean;
  /** Width of the terminal, where there is one. */
  readonly columns?: number;
}

const WORDS: Readonly<Record<PlannedStep['verdict'], string>> = {
  cached: 'cached',
  runs: 'runs',
  'may-run': 'may run',
};

const INDENT = 9;

/** What `mille plan` prints. */
export function renderPlan(plan: PlanResult, options: PlanStyle): string {
  const style = makeStyle(options.color);
  const lines = plan.steps.flatMap((step) => stepLines(step, style, options.columns ?? 10_000));
  return `${[...lines, ...(lines.length > 0 ? [''] : []), summary(plan)].join('\n')}\n`;
}

function stepLines(step: PlannedStep, style: Style, columns: number): string[] {
  const paint = { cached: style.faint, runs: style.active, 'may-run': style.warn }[step.verdict];
  const title = cutText(oneLine(step.title), Math.max(30, columns - INDENT));
  const remark = [...remarks(step)].join('; ');
  const place = step.span ? `${placeOf(step.span)}: ` : '';
  return [
    `${paint(WORDS[step.verdict].padEnd(INDENT))}${step.verdict === 'cached' ? style.faint(title) : title}`,
    ...(remark === '' ? [] : [`${' '.repeat(INDENT)}${oneLine(place)}${remark}`]),
  ];
}

function* remarks({ verdict, reasons, sameAs, after, runsIf, last }: PlannedStep): Generator<string> {
  if (sameAs !== undefined) yield `runs once, as ${oneLine(sameAs)}`;
  if (verdict === 'cached') return;
  if (verdict === 'runs') yield reasons.map(({ text }) => oneLine(text)).join(', ');
  else {
    const names = listOf(after.map(shortTitle));
    const make = after.length === 1 ? 'comes' : 'come';
    yield runsIf === 'differs'
      ? `if ${names} ${make} to something else than before`
      : `unless ${names} ${make} to what an earlier build had there`;
  }
  if (last?.of === 'step') yield `took ${formatSeconds(last.seconds)} last time`;
  else if (last?.of === 'edited') yield `took ${formatSeconds(last.seconds)} before the edit`;
  else if (last) yield `took ${formatSeconds(last.seconds)} in another stage or project`;
}

/** Its brackets, where it has any: `[build 2/3]`. */
function shortTitle(title: string): string {
  return oneLine(/^\[[^\]]+\]/.exec(title)?.[0] ?? title);
}

function listOf(names: readonly string[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 2), `one of ${names.length - 2} more`] : names;
  return [...(shown.length > 1 ? [shown.slice(0, -1).join(', ')] : []), shown.at(-1)].join(' or ');
}

function summary({ steps, seconds, unknown }: PlanResult): string {
  const count = (verdict: PlannedStep['verdict']) => steps.filter((step) => step.verdict === verdict).length;
  const [runs, may] = [count('runs'), count('may-run')];
  if (steps.length === 0) return 'nothing to run: no step does anything';
  if (runs + may === 0)
    return `nothing to run: ${steps.length === 1 ? 'the step is' : `all ${steps.length} steps are`} cached`;
  const which = `${runs} of ${steps.length} steps ${runs === 1 ? 'runs' : 'run'}`;
  const time = expected(seconds, { unknown: unknown.length, all: runs + may });
  return `${which}${may > 0 ? `, ${may} may run` : ''}: ${time}`;
}

function expected(
  { least, most }: PlanResult['seconds'],
  { unknown, all }: { readonly unknown: number; readonly all: number },
): string {
  if (unknown === all) return 'how long that takes is not known yet';
  const [low, high] = [formatSeconds(least), formatSeconds(most)];
  const time = low === high ? `about ${low}` : `${low} to ${high}`;
  const without = unknown === 1 ? 'the one' : `the ${unknown}`;
  return `${time} by what they took last time${unknown === 0 ? '' : `, without ${without} that never ran`}`;
}

/** `Dockerfile:5`. */
export function placeOf({ source, start }: Span): string {
  return `${source.name}:${positionAt(source, start).line}`;
}

/** The same as JSON. */
export function planJson({ dockerfile, steps, seconds, unknown, warnings, notes }: PlanResult): string {
  const count = (verdict: PlannedStep['verdict']) => steps.filter((step) => step.verdict === verdict).length;
  const document = {
    dockerfile,
    counts: { cached: count('cached'), runs: count('runs'), mayRun: count('may-run') },
    seconds: { least: round(seconds.least), most: round(seconds.most), unknown },
    steps: steps.map(stepJson),
    warnings,
    notes,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function stepJson({ span, reasons, after, last, ...step }: PlannedStep) {
  return {
    ...step,
    ...(span ? { file: span.source.name, line: positionAt(span.source, span.start).line } : {}),
    reasons: reasons.map(({ kind, subject, text }: MissReason) => ({ kind, subject, text })),
    after,
    seconds: last ? round(last.seconds) : null,
    ...(last ? { secondsOf: last.of } : {}),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
