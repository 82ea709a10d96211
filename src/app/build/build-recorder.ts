// What a build did, gathered from its events for the build records.

import type { BuildRecord, BuildStepRecord } from '../../build/cache/index.ts';
import type { BuildEvent, MissReason } from '../../core/index.ts';

type Known = Pick<BuildRecord, 'id' | 'scope' | 'dockerfile' | 'context' | 'target' | 'log'>;

/** Listens to a build and gives its record at the end. */
export class BuildRecorder {
  private readonly titles = new Map<string, string>();
  private readonly reasons = new Map<string, readonly MissReason[]>();
  private readonly steps: BuildStepRecord[] = [];

  /** @param started milliseconds since the epoch */
  constructor(
    private readonly known: Known,
    private readonly started: number,
  ) {}

  /** Seconds since the build began. */
  get seconds(): number {
    return (Date.now() - this.started) / 1000;
  }

  note(event: BuildEvent): void {
    if (event.type === 'step-started') this.titles.set(event.step, event.title);
    if (event.type === 'step-missed') this.reasons.set(event.step, event.reasons);
    if (event.type === 'step-failed') this.add(event.step, { outcome: 'failed', seconds: event.seconds });
    if (event.type === 'step-finished') {
      const { outcome, seconds, bytes } = event;
      this.add(event.step, { outcome, seconds, ...(bytes === undefined ? {} : { bytes }) });
    }
  }

  private add(id: string, rest: Pick<BuildStepRecord, 'outcome' | 'seconds' | 'bytes'>): void {
    const reasons = this.reasons.get(id);
    this.steps.push({ id, title: this.titles.get(id) ?? id, ...rest, ...(reasons ? { reasons } : {}) });
  }

  finish(outcome: BuildRecord['outcome'], image: Pick<BuildRecord, 'imageId' | 'names'>): BuildRecord {
    return {
      ...this.known,
      started: this.started,
      outcome,
      seconds: this.seconds,
      ...image,
      steps: this.steps,
    };
  }
}
