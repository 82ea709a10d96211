// What is known of a build at a moment: a fold over its events. All displays draw from it.

import { type BuildEvent, formatPlace, type MissReason } from '../../../core/index.ts';
import { splitLines } from './lines.ts';

export type StepStatus = 'running' | 'cached' | 'ran' | 'kept' | 'failed';

export interface StepState {
  readonly id: string;
  /** From 1, in the order in which steps were first heard of. */
  readonly number: number;
  readonly title: string;
  readonly status: StepStatus;
  /** Milliseconds, by the display's clock. */
  readonly startedAt: number;
  readonly seconds?: number;
  readonly bytes?: number;
  readonly files?: number;
  readonly reasons: readonly MissReason[];
  /** The last lines of output, raw. */
  readonly tail: readonly string[];
  /** A line that has begun, by stream. */
  readonly partial: Readonly<Record<'stdout' | 'stderr', string>>;
  readonly progress?: StepProgress;
}

export interface Remark {
  readonly kind: 'warning' | 'note';
  readonly message: string;
  readonly hint?: string;
  readonly place?: string;
}

export interface BuildState {
  readonly startedAt: number;
  readonly dockerfile: string;
  /** How many steps there will be; 0 while unknown. */
  readonly expected: number;
  readonly steps: readonly StepState[];
  readonly remarks: readonly Remark[];
  /** What the Dockerfile's checks found: one sentence each, for the first ones. */
  readonly findings: readonly string[];
  /** How many they found. */
  readonly found: number;
  readonly result?: Extract<BuildEvent, { type: 'build-finished' }>;
}

/** What a step is doing, and how fast. */
export interface StepProgress {
  readonly doing: string;
  readonly done?: number;
  readonly total?: number;
  /** Bytes a second since it began with that; absent in the first second. */
  readonly rate?: number;
  /** When it began, and with how much: what was there already is no part of the rate. */
  readonly since: { readonly at: number; readonly done: number };
}

/** Lines of output kept per step. */
export const TAIL = 6;

/** The state before the first event. */
export function initialState(now: number): BuildState {
  return { startedAt: now, dockerfile: '', expected: 0, steps: [], remarks: [], findings: [], found: 0 };
}

/** The state after an event that came at `now` (milliseconds). */
export function reduce(state: BuildState, event: BuildEvent, now: number): BuildState {
  switch (event.type) {
    case 'build-started':
      return { ...state, dockerfile: event.dockerfile, expected: event.steps };
    case 'step-started':
      return change(state, event.step, now, (step) => ({ ...step, title: event.title, startedAt: now }));
    case 'step-missed':
      return change(state, event.step, now, (step) => ({ ...step, reasons: event.reasons }));
    case 'step-output':
      return change(state, event.step, now, (step) => addOutput(step, event));
    case 'step-progress':
      return change(state, event.step, now, (step) => ({
        ...step,
        progress: progressed(step.progress, event, now),
      }));
    case 'step-finished':
      return change(state, event.step, now, (step) => ({
        ...step,
        status: event.outcome,
        seconds: event.seconds,
        ...(event.bytes === undefined ? {} : { bytes: event.bytes }),
        ...(event.files === undefined ? {} : { files: event.files }),
      }));
    case 'step-failed':
      return change(state, event.step, now, (step) => ({
        ...step,
        status: 'failed',
        seconds: event.seconds,
      }));
    case 'warning':
      if (event.rule !== undefined) return addFinding(state, event);
      return { ...state, remarks: [...state.remarks, remarkOf(event)] };
    case 'note':
      return { ...state, remarks: [...state.remarks, remarkOf(event)] };
    case 'build-finished':
      return { ...state, result: event };
  }
}

/** Milliseconds before which a rate says nothing. */
const RATE_AFTER = 1000;

function progressed(
  before: StepProgress | undefined,
  { doing, done, total }: Extract<BuildEvent, { type: 'step-progress' }>,
  now: number,
): StepProgress {
  const same = before?.doing === doing;
  const since = same ? before.since : { at: now, done: done ?? 0 };
  const elapsed = now - since.at;
  const rate = elapsed < RATE_AFTER ? 0 : (((done ?? 0) - since.done) * 1000) / elapsed;
  return {
    ...{ doing, since },
    ...(done === undefined ? {} : { done }),
    ...(total === undefined ? {} : { total }),
    ...(rate > 0 ? { rate } : {}),
  };
}

function change(
  state: BuildState,
  id: string,
  now: number,
  edit: (step: StepState) => StepState,
): BuildState {
  const known = state.steps.some((step) => step.id === id);
  const fresh: StepState = {
    id,
    number: state.steps.length + 1,
    title: id,
    status: 'running',
    startedAt: now,
    reasons: [],
    tail: [],
    partial: { stdout: '', stderr: '' },
  };
  const steps = known ? state.steps : [...state.steps, fresh];
  return { ...state, steps: steps.map((step) => (step.id === id ? edit(step) : step)) };
}

function addOutput(step: StepState, event: Extract<BuildEvent, { type: 'step-output' }>): StepState {
  const { lines, rest } = splitLines(step.partial[event.stream], event.text);
  return {
    ...step,
    tail: lines.length === 0 ? step.tail : [...step.tail, ...lines.slice(-TAIL)].slice(-TAIL),
    partial: { ...step.partial, [event.stream]: rest },
  };
}

/** Findings that are kept. */
const MOST_FINDINGS = 50;

function addFinding(state: BuildState, event: Extract<BuildEvent, { type: 'warning' }>): BuildState {
  const found = state.found + 1;
  if (found > MOST_FINDINGS) return { ...state, found };
  return { ...state, found, findings: [...state.findings, findingOf(event)] };
}

function findingOf({ rule, message, span }: Extract<BuildEvent, { type: 'warning' }>): string {
  return `${rule}: ${message}${span === undefined ? '' : ` (${formatPlace(span)})`}`;
}

function remarkOf(event: Extract<BuildEvent, { type: 'warning' | 'note' }>): Remark {
  if (event.type === 'note') return { kind: 'note', message: event.message };
  return {
    kind: 'warning',
    message: event.message,
    ...(event.hint === undefined ? {} : { hint: event.hint }),
    ...(event.span === undefined ? {} : { place: formatPlace(event.span) }),
  };
}
