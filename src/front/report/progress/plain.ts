// Lines as BuildKit's plain progress prints them, for logs and pipes: `#5 [2/5] RUN …`, `#5 0.842 output`,
// `#5 DONE 1.2s`, `#5 CACHED`; with the reason why a step runs and what its layer weighs. Where steps run at once,
// each change of subject is announced by the step's head, as BuildKit does.

import type { BuildEvent } from '../../../core/index.ts';
import { oneLine, sanitizeLine } from '../sanitize.ts';
import { formatSeconds } from '../time.ts';
import { splitLines } from './lines.ts';
import type { ProgressRenderer } from './renderer.ts';
import { type BuildState, initialState, reduce, type StepState } from './state.ts';
import {
  describeFindings,
  describeLayer,
  describePointer,
  describeReasons,
  describeRemark,
  describeResult,
} from './wording.ts';

/** A display for logs; `now` is when the build begins. */
export function createPlainProgress(now: number): ProgressRenderer {
  let state = initialState(now);
  let current: string | undefined;
  const doing = new Map<string, string>();

  /** Lines of a step, with its head before them where the subject changes. */
  const say = (step: StepState, lines: readonly string[]): string[] => {
    const head = `#${step.number} ${oneLine(step.title)}`;
    const out: string[] = [];
    if (current !== step.id) {
      const left = state.steps.find(({ id }) => id === current);
      if (left?.status === 'running') out.push(`#${left.number} ...`);
      if (current !== undefined) out.push('');
      out.push(head);
    }
    current = step.id;
    return [...out, ...lines.map((line) => `#${step.number} ${line}`.trimEnd())];
  };

  /** Lines between steps. */
  const aside = (lines: readonly string[]): string[] => {
    const out = current === undefined ? lines : ['', ...lines];
    current = undefined;
    return [...out, ''];
  };

  const output = (step: StepState, lines: readonly string[], at: number) =>
    lines.map((line) => `${((at - step.startedAt) / 1000).toFixed(3)} ${sanitizeLine(line)}`);

  const leftOver = (step: StepState, at: number) =>
    output(step, [step.partial.stdout, step.partial.stderr].filter(Boolean), at);

  /** With an empty line below. */
  const findings = (): string[] => {
    const lines = describeFindings(state);
    return lines.length === 0 ? [] : [...lines, ''];
  };

  const linesFor = (event: BuildEvent, before: BuildState, at: number): string[] => {
    const id = 'step' in event ? event.step : undefined;
    const step = state.steps.find((candidate) => candidate.id === id);
    if (step) {
      const old = before.steps.find((candidate) => candidate.id === id);
      return stepLines({ event, step, old, at });
    }
    switch (event.type) {
      case 'build-started':
        return [
          `#0 building ${oneLine(event.dockerfile)}: ${event.steps} ${event.steps === 1 ? 'step' : 'steps'}`,
          '',
        ];
      case 'warning':
        // What the checks found comes at the end, where a reader of a log looks first.
        return event.rule === undefined ? aside(describeRemark(state.remarks.at(-1)!)) : [];
      case 'note':
        return aside(describeRemark(state.remarks.at(-1)!));
      case 'build-finished':
        return [
          ...(current === undefined ? [] : ['']),
          ...findings(),
          ...describeResult(state),
          ...describePointer(state),
        ];
      default:
        return [];
    }
  };

  const stepLines = ({ event, step, old, at }: StepChange): string[] => {
    switch (event.type) {
      case 'step-started':
        return say(step, []);
      case 'step-missed': {
        const why = describeReasons(step);
        return why === undefined ? [] : say(step, [`runs ${why}`]);
      }
      case 'step-output': {
        const { lines } = splitLines(old?.partial[event.stream] ?? '', event.text);
        return lines.length === 0 ? [] : say(step, output(step, lines, at));
      }
      case 'step-progress': {
        // Amounts change all the time; a log wants to know what began.
        if (doing.get(step.id) === event.doing) return [];
        doing.set(step.id, event.doing);
        return say(step, [oneLine(event.doing)]);
      }
      case 'step-finished': {
        if (event.outcome === 'cached') return say(step, ['CACHED']);
        const facts = [formatSeconds(event.seconds), describeLayer(step)].filter(Boolean).join(', ');
        const same = event.outcome === 'kept' ? [sameContent(step)] : [];
        return say(step, [...leftOver(step, at), ...same, `DONE ${facts}`]);
      }
      case 'step-failed':
        return say(step, [...leftOver(step, at), `ERROR: ${oneLine(event.message)}`]);
      default:
        return [];
    }
  };

  return {
    event(event, at) {
      const before = state;
      state = reduce(state, event, at);
      return linesFor(event, before, at)
        .map((line) => `${line}\n`)
        .join('');
    },
    tick: () => '',
    end: () => {
      if (state.result) return '';
      return [...(current === undefined ? [] : ['']), ...findings()].map((line) => `${line}\n`).join('');
    },
  };
}

/** Steps that stand on something else than before cannot be found, even where this one made the same. */
function sameContent(step: StepState): string {
  const reusable = step.reasons.every(({ kind }) => kind !== 'parent');
  return `same content as before${reusable ? ': what follows can be reused' : ''}`;
}

interface StepChange {
  readonly event: BuildEvent;
  readonly step: StepState;
  readonly old: StepState | undefined;
  readonly at: number;
}
