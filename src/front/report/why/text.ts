// What `mille why` prints for people: the build, each step that ran with what differed, what was reused, and what each
// change cost.

import type { WhyCause, WhyComparison, WhyReport, WhyStep } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { makeStyle, type Style } from '../style.ts';
import { formatSeconds } from '../time.ts';
import { differenceLines } from './differences.ts';
import {
  buildHead,
  buildPlace,
  buildThen,
  count,
  cutOff,
  FIRST_BUILD,
  fromElsewhere,
  movedText,
  stepFacts,
  stepNames,
  tookOf,
  whyItRan,
} from './words.ts';

export interface WhyTextOptions {
  readonly color: boolean;
  /** Everything, however long. */
  readonly all: boolean;
  /** Only some steps were asked for: no words about the others. */
  readonly some: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Differences of a step, and lines of a file's text, that are shown without `--all`. */
const MOST = 20;
const MOST_TEXT = 40;

/** A build explained. */
export function renderWhy(report: WhyReport, options: WhyTextOptions): string {
  const style = makeStyle(options.color);
  const { build, steps } = report;
  const common = commonBuild(steps);
  const given = { ...options, style, said: common?.buildId };
  const head = [
    style.strong(buildHead(build, options.now)),
    style.faint(buildPlace(build)),
    ...(common ? [style.faint(`compared with ${buildThen(common, options.now)}`)] : []),
  ];
  const body = options.some
    ? steps.map((step) => stepLines(step, report, given))
    : [...stepBlocks(report, given), summary(report, style)];
  const parts = [head, ...body].filter((lines) => lines.length > 0);
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

interface Given extends WhyTextOptions {
  readonly style: Style;
  /** The build that all were compared with, and that was spoken of. */
  readonly said: string | undefined;
}

/** The earlier build that all steps shown were compared with; undefined where there are none or several. */
function commonBuild(steps: readonly WhyStep[]): WhyComparison | undefined {
  const [first, ...others] = steps.flatMap(({ comparison }) => comparison ?? []);
  return first && others.every(({ buildId }) => buildId === first.buildId) ? first : undefined;
}

/** The steps that ran; those of which only the same can be said together. */
function stepBlocks(report: WhyReport, given: Given): string[][] {
  const blocks: { readonly said: string | undefined; readonly steps: WhyStep[] }[] = [];
  for (const step of report.steps.filter((step) => isMiss(step) || step.moved)) {
    const said = plainReason(step);
    const last = blocks.at(-1);
    if (said !== undefined && last?.said === said) last.steps.push(step);
    else blocks.push({ said, steps: [step] });
  }
  return blocks.map(({ said, steps: [first, ...others] }) =>
    others.length === 0
      ? stepLines(first!, report, given)
      : [said!, ...[first!, ...others].map((step) => shortLine(step, given.style))],
  );
}

/** What is said of many steps of one build alike. */
function plainReason({ reasons, outcome, comparison }: WhyStep): string | undefined {
  const [reason] = reasons;
  if (outcome === 'failed') return undefined;
  if (reason?.kind === 'first-build') return `ran for the first time, ${FIRST_BUILD}:`;
  if (reason?.kind === 'no-cache' && (comparison?.total ?? 0) === 0)
    return `ran because of ${reason.subject}, ${comparison ? 'nothing had changed' : 'no earlier step is like it'}:`;
  return undefined;
}

function shortLine(step: WhyStep, style: Style): string {
  return `  ${style.strong(`#${step.number} ${oneLine(step.title)}`)}  ${style.faint(stepFacts(step))}`;
}

function isMiss({ reasons }: WhyStep): boolean {
  return reasons.length > 0;
}

function stepLines(step: WhyStep, report: WhyReport, { style, all, now, said }: Given): string[] {
  const title = style.strong(`#${step.number} ${oneLine(step.title)}`);
  const limits = all ? { most: Infinity, mostText: Infinity } : { most: MOST, mostText: MOST_TEXT };
  if (step.moved) return [title, `   ${movedText(step.moved, now)}`];
  if (!isMiss(step)) return [title, `   ${foundText(step)}`];
  const kept = cutOff(step);
  const message =
    step.message === undefined || report.build.outcome === 'interrupted'
      ? []
      : [style.bad(`   ${oneLine(step.message)}`)];
  return [
    title,
    `   ${whyItRan(step, report, { now, said })}`,
    ...differenceLines(step, { style, ...limits }).map((line) => `     ${line}`),
    ...(kept === undefined ? [] : [style.good(`   ${kept}`)]),
    ...message,
    style.faint(`   ${stepFacts(step)}`),
  ];
}

function foundText(step: WhyStep): string {
  if (step.outcome !== 'cached')
    return `${step.outcome === 'failed' ? 'failed' : 'done'}: ${step.message ?? stepFacts(step)}`;
  if (step.sameAs !== undefined) return `is the same step as #${step.sameAs}, which ran once for both`;
  const although =
    step.spared.length === 0
      ? ''
      : `, although ${stepNames(step.spared)} ran: what it takes of it is the same`;
  return `reused${fromElsewhere([step])}: nothing that it depends on changed${although}${tookOf([step])}`;
}

function summary({ steps, causes, build, unreached }: WhyReport, style: Style): string[] {
  const missed = steps.filter(isMiss);
  const reused = steps.filter(({ outcome }) => outcome === 'cached');
  const reusedLine =
    reused.length === 0
      ? []
      : [
          `reused: ${count(reused.length, 'step')}, ${stepNames(reused.map(({ number }) => number))}${fromElsewhere(reused)}${tookOf(reused)}`,
        ];
  const left =
    unreached.length === 0
      ? []
      : [
          `not reached: ${oneLine(unreached[0]!)}${unreached.length === 1 ? '' : ` and ${unreached.length - 1} more`}`,
        ];
  if (missed.length === 0)
    return [...(build.outcome === 'succeeded' ? ['nothing ran'] : []), ...reusedLine, ...left];
  const seconds = missed.reduce((sum, step) => sum + step.seconds, 0);
  const bytes = missed.reduce((sum, step) => sum + (step.bytes ?? 0), 0);
  const cost = `cost: ${formatSeconds(seconds)} and ${formatSize(bytes)} in ${count(missed.length, 'step')} that ran`;
  const chained = causes.some(({ followers }) => followers.length > 0);
  const byCause = chained ? causes.filter(isWorthALine).map((cause) => `  ${causeText(cause)}`) : [];
  return [style.strong(cost), ...byCause, ...reusedLine, ...left];
}

function isWorthALine({ followers, seconds }: WhyCause): boolean {
  return followers.length > 0 || seconds >= 0.05;
}

function causeText({ number, seconds, followers, followSeconds }: WhyCause): string {
  const own = `#${number} took ${formatSeconds(seconds)}`;
  if (followers.length === 0) return own;
  return `${own}, and ${formatSeconds(followSeconds)} in what followed from it: ${stepNames(followers)}`;
}
