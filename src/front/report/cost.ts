// What changes cost: a table of files, a table of lines, a sentence; for programs, JSON.

import type { CostResult, CostStep, GroupCost, Rate } from '../../app/index.ts';
import { positionAt } from '../../core/index.ts';
import { placeOf } from './plan.ts';
import { oneLine } from './sanitize.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './time.ts';
import { cutText } from './width.ts';

/** How to show it. */
export interface CostStyle {
  /** All rows, however many. */
  readonly all: boolean;
}

/** Rows that are shown of files, and of lines. */
const MOST_GROUPS = 15;
const MOST_LINES = 8;

const COLUMNS = 60;

/** What `mille cost` prints. */
export function renderCost(cost: CostResult, { all }: CostStyle): string {
  const parts = [groupTable(cost, all ? Number.POSITIVE_INFINITY : MOST_GROUPS)];
  const lines = lineTable(cost, all ? Number.POSITIVE_INFINITY : MOST_LINES);
  if (lines !== undefined) parts.push(lines);
  parts.push(`${notes(cost).join('\n')}\n`);
  return parts.join('\n');
}

function groupTable(cost: CostResult, most: number): string {
  const { groups, unread } = cost;
  const steps = stepsById(cost);
  const shown = groups.length <= most + 1 ? groups : groups.slice(0, most);
  const rows = shown.map((group) => [
    ...rateCells(cost, group.rate, timeOf(group)),
    String(group.files),
    oneLine(cutText(group.name, COLUMNS)),
    readBy(group, steps),
  ]);
  const rest = groups.slice(shown.length);
  const more = rest.length === 0 ? [] : [[...emptyCells(cost), sum(rest), `${rest.length} more (--all)`, '']];
  const nothing = [
    ...rateCells(cost, unread.commits === undefined ? undefined : noTime(unread.commits), '0.0s'),
    `${unread.files + unread.ignored}${unread.more ? '+' : ''}`,
    'read by no step',
    unread.ignored === 0 ? '' : `${unread.ignored} of them ignored`,
  ];
  return renderTable([...heads(cost), 'FILES', 'A CHANGE TO', 'READ BY'], [...rows, ...more, nothing]);
}

function lineTable(cost: CostResult, most: number): string | undefined {
  const rebuilt = new Set(cost.groups.flatMap((group) => group.rebuilt));
  const costly = cost.steps
    .filter(({ id, seconds, rate }) => seconds !== undefined && rebuilt.has(id) && (!cost.history || rate))
    .sort((a, b) => monthly(b) - monthly(a) || (b.seconds ?? 0) - (a.seconds ?? 0))
    .slice(0, most);
  if (costly.length === 0) return undefined;
  const rows = costly.map((step) => [
    ...rateCells(cost, step.rate, formatSeconds(step.seconds ?? 0)),
    lineOf(step),
  ]);
  return renderTable([...heads(cost), 'SPENT ON'], rows);
}

function monthly({ rate }: CostStep): number {
  return rate?.perMonth.seconds ?? 0;
}

function heads({ history }: CostResult): string[] {
  return history ? ['A MONTH', 'EACH', 'COMMITS'] : ['EACH'];
}

function rateCells({ history }: CostResult, rate: Rate | undefined, each: string): string[] {
  if (!history) return [each];
  return [formatSeconds(rate?.perMonth.seconds ?? 0), each, String(rate?.commits ?? 0)];
}

function emptyCells(cost: CostResult): string[] {
  return heads(cost).map(() => '');
}

function noTime(commits: number): Rate {
  return { commits, perMonth: { commits: 0, seconds: 0 } };
}

function sum(groups: readonly GroupCost[]): string {
  return String(groups.reduce((total, { files }) => total + files, 0));
}

/** `41.6s`; `41.6s+` where not all times are known, and `?` where none is. */
function timeOf({ seconds, unknown, rebuilt }: GroupCost): string {
  if (unknown.length === 0) return formatSeconds(seconds);
  return unknown.length === rebuilt.length ? '?' : `${formatSeconds(seconds)}+`;
}

function stepsById({ steps }: CostResult): ReadonlyMap<string, CostStep> {
  return new Map(steps.map((step) => [step.id, step]));
}

function readBy({ steps, rebuilt }: GroupCost, all: ReadonlyMap<string, CostStep>): string {
  const [first = ''] = steps;
  const step = all.get(first);
  const after = rebuilt.length - 1;
  const then = after === 0 ? '' : `, then ${after} more`;
  return `${step ? lineOf(step) : first}${then}`;
}

/** `Dockerfile:5 COPY . /app`. */
function lineOf({ span, title }: CostStep): string {
  const place = span ? `${oneLine(placeOf(span))} ` : '';
  return `${place}${cutText(oneLine(title.replace(/^\[[^\]]*\] /, '')), COLUMNS)}`;
}

function notes(cost: CostResult): string[] {
  const { history, noHistory, groups } = cost;
  const unknown = groups.some((group) => group.unknown.length > 0);
  return [
    ...(history ? [total(history)] : []),
    ...(groups.some(({ name }) => name.startsWith('.git/'))
      ? ["Each commit changes .git/, which the build reads: a line '.git' in .dockerignore leaves it out."]
      : []),
    ...(history?.shallow ? ['The clone is shallow: there may have been more commits.'] : []),
    ...(noHistory === undefined ? [] : [`How often files change is not known: ${oneLine(noHistory)}.`]),
    ...(unknown ? ['+ and ?: some steps never ran here, so their time is not known. Build once.'] : []),
  ];
}

function total({ days, cut, total: { all, commits, perMonth } }: NonNullable<CostResult['history']>): string {
  const when = cut
    ? `the latest ${all} commits (${whole(days)} days)`
    : `${all} commits in ${whole(days)} days`;
  if (all === 0) return `No commit touched these files in ${whole(days)} days; --days looks further back.`;
  return `Of ${when}, ${commits} ${commits === 1 ? 'rebuilds' : 'rebuild'} something: ${formatSeconds(perMonth.seconds)} a month, if each is built.`;
}

function whole(days: number): string {
  return String(Math.round(days * 10) / 10);
}

/** The same as JSON. */
export function costJson(cost: CostResult): string {
  const { dockerfile, context, history, noHistory, unread, warnings } = cost;
  const document = {
    ...{ dockerfile, context },
    history: history
      ? {
          ...{ days: round(history.days), cut: history.cut, shallow: history.shallow },
          ...{ commits: history.total.all, rebuilding: history.total.commits },
          perMonth: rateJson(history.total).perMonth,
        }
      : null,
    ...(noHistory === undefined ? {} : { noHistory }),
    groups: cost.groups.map(({ rate, seconds, ...group }) => ({
      ...group,
      seconds: round(seconds),
      ...(rate ? rateJson(rate) : {}),
    })),
    unread,
    steps: cost.steps.map(({ id, title, span, seconds, rate }) => ({
      ...{ id, title },
      ...(span ? { file: span.source.name, line: positionAt(span.source, span.start).line } : {}),
      seconds: seconds === undefined ? null : round(seconds),
      ...(rate ? rateJson(rate) : {}),
    })),
    warnings,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function rateJson({ commits, perMonth }: Rate) {
  return {
    commits,
    perMonth: { commits: round(perMonth.commits), seconds: round(perMonth.seconds) },
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
