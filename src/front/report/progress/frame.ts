// The picture of a build on a terminal: lines, never more than fit, drawn from the state alone. What gives way when
// there is little room: first the earliest finished steps, then lines of output.

import { oneLine, sanitizeLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import type { Style } from '../style.ts';
import { formatSeconds } from '../time.ts';
import { cutText, padText } from '../width.ts';
import { type BuildState, type StepState, TAIL } from './state.ts';
import {
  describeFindings,
  describePointer,
  describeProgress,
  describeReasons,
  describeRemark,
  describeResult,
} from './wording.ts';

export interface FrameOptions {
  /** Milliseconds. */
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
}

const SIZE_COLUMNS = 8;
const TIME_COLUMNS = 9;

/** The lines of the live picture: at most `rows - 1` of at most `columns - 1` columns. */
export function liveFrame(state: BuildState, options: FrameOptions): string[] {
  const room = Math.max(1, options.rows - 1);
  const head = [header(state, options), ...state.remarks.slice(-2).flatMap((r) => remarkLines(r, options))];
  for (let tail = TAIL; tail >= 0; tail--) {
    const blocks = state.steps.map((step) => ({
      running: step.status === 'running',
      lines: stepLines(step, options, step.status === 'running' ? tail : 0),
    }));
    const running = blocks.filter((block) => block.running).reduce((n, block) => n + block.lines.length, 0);
    const left = room - head.length - running;
    if (left < 1 && tail > 0) continue;
    return [...head, ...fit(blocks, Math.max(0, left), options.style)].slice(0, room);
  }
  return head.slice(0, room);
}

interface Block {
  readonly running: boolean;
  readonly lines: readonly string[];
}

/** All running blocks, and the latest finished ones that fit into `left` lines. */
function fit(blocks: readonly Block[], left: number, style: Style): string[] {
  const finished = blocks.filter((block) => !block.running);
  const total = finished.reduce((n, block) => n + block.lines.length, 0);
  if (total <= left) return blocks.flatMap((block) => block.lines);
  let room = left - 1;
  const shown = new Set<Block>();
  for (const block of finished.toReversed()) {
    room -= block.lines.length;
    if (room < 0) break;
    shown.add(block);
  }
  const hidden = finished.length - shown.size;
  const more = left > 0 ? [style.faint(` … ${hidden} earlier ${hidden === 1 ? 'step' : 'steps'}`)] : [];
  return [
    ...more,
    ...blocks.filter((block) => block.running || shown.has(block)).flatMap((block) => block.lines),
  ];
}

/** The lines that stay on the screen when the build has ended: every step, remarks, the result. */
export function finalFrame(state: BuildState, options: FrameOptions): string[] {
  return [
    ...state.steps.flatMap((step) => stepLines(step, options, 0)),
    ...state.remarks.flatMap((remark) => remarkLines(remark, { ...options, columns: Infinity })),
    ...describeFindings(state).map((line, i) => (i === 0 ? options.style.warn(line) : line)),
    ...describeResult(state).map((line, i) => (i === 0 ? line : options.style.strong(line))),
    ...describePointer(state).map(options.style.faint),
  ];
}

function header(state: BuildState, { now, columns, style }: FrameOptions): string {
  const done = state.steps.filter((step) => step.status !== 'running').length;
  const of = state.expected > 0 ? ` of ${Math.max(state.expected, state.steps.length)}` : '';
  const name = state.dockerfile === '' ? '' : ` ${oneLine(state.dockerfile)}`;
  const time = formatSeconds((now - state.startedAt) / 1000);
  return style.strong(cutText(`building${name}: ${done}${of} steps, ${time}`, columns - 1));
}

function remarkLines(remark: BuildState['remarks'][number], { columns, style }: FrameOptions): string[] {
  const tint = remark.kind === 'warning' ? style.warn : style.faint;
  return describeRemark(remark).map((line) => tint(cutText(line, columns - 1)));
}

function stepLines(step: StepState, options: FrameOptions, tail: number): string[] {
  const { columns, style } = options;
  const running = step.status === 'running';
  const lines = [titleLine(step, options)];
  const why = describeReasons(step);
  // That a step runs because an earlier one changed is news only while it runs.
  const dull = step.reasons.every(({ kind }) => kind === 'parent' || kind === 'first-build');
  const small = (text: string) => lines.push(style.faint(cutText(`   ${text}`, columns - 1)));
  if (why !== undefined && (running ? tail > 0 : !dull)) small(why);
  if (!running || tail === 0) return lines;
  const progress = describeProgress(step);
  if (progress !== undefined) small(progress);
  const begun = [step.partial.stdout, step.partial.stderr].filter(Boolean);
  const output = [...step.tail, ...begun].map(sanitizeLine).filter((line) => line.trim() !== '');
  for (const line of output.slice(-tail)) small(`│ ${line}`);
  return lines;
}

function titleLine(step: StepState, { now, columns, style }: FrameOptions): string {
  const size = padText(step.bytes === undefined ? '' : formatSize(step.bytes), SIZE_COLUMNS, 'right');
  const seconds = formatSeconds(step.seconds ?? (now - step.startedAt) / 1000);
  const time = padText(step.status === 'cached' ? 'cached' : seconds, TIME_COLUMNS, 'right');
  const room = columns - 1 - 3 - SIZE_COLUMNS - TIME_COLUMNS - 1;
  const title = cutText(oneLine(step.title), Math.max(8, room));
  const mark = {
    running: style.active('●'),
    cached: style.good('='),
    ran: style.good('✓'),
    kept: style.good('≡'),
    failed: style.bad('✗'),
  }[step.status];
  if (room < 8) return `${mark} ${cutText(title, columns - 3)}`;
  const paint = step.status === 'cached' ? style.faint : (text: string) => text;
  return ` ${mark} ${paint(`${padText(title, room)} ${size}${time}`)}`.trimEnd();
}
