// What a build did, gathered from its events, and from what the cache said of each step, for the build records.

import type { BuildRecord, BuildStepRecord, Difference } from '../../build/cache/index.ts';
import type { ExecuteServices, LookedUp } from '../../build/execute/index.ts';
import { type BuildEvent, type MissReason, redactUrls } from '../../core/index.ts';
import type { BuildShape } from './build-shape.ts';

type Known = Pick<BuildRecord, 'id' | 'scope' | 'dockerfile' | 'context' | 'target' | 'wanted' | 'log'>;

/** How a step ended. */
type Ended = Pick<BuildStepRecord, 'outcome' | 'seconds' | 'bytes' | 'files' | 'layer' | 'message'>;

/** Listens to a build and gives its record at the end. */
export class BuildRecorder {
  /** What differed, by the ids of the steps that were not found. */
  readonly differences = new Map<string, readonly Difference[]>();

  private readonly started: number;
  private readonly shape: BuildShape;
  private readonly begun = new Map<string, { readonly title: string; readonly number: number }>();
  private readonly reasons = new Map<string, readonly MissReason[]>();
  private readonly found = new Map<string, LookedUp>();
  private readonly steps: BuildStepRecord[] = [];

  /** @param options `started`: milliseconds since the epoch */
  constructor(
    private readonly known: Known,
    options: { readonly started: number; readonly shape: BuildShape },
  ) {
    this.started = options.started;
    this.shape = options.shape;
  }

  /** Seconds since the build began. */
  get seconds(): number {
    return (Date.now() - this.started) / 1000;
  }

  /** What the cache said of a step. */
  readonly lookedUp: NonNullable<ExecuteServices['lookedUp']> = ({ id }, found) => {
    this.found.set(id, found);
    const comparison = 'explanation' in found ? found.explanation.comparison : undefined;
    if (comparison) this.differences.set(id, comparison.differences);
  };

  note(event: BuildEvent): void {
    switch (event.type) {
      case 'step-started':
        this.begun.set(event.step, { title: event.title, number: this.begun.size + 1 });
        return;
      case 'step-missed':
        this.reasons.set(event.step, event.reasons);
        return;
      case 'step-failed': {
        const { seconds, message } = event;
        this.add(event.step, { outcome: 'failed', seconds, message: redactUrls(message) });
        return;
      }
      case 'step-finished': {
        const { type: _, step, ...ended } = event;
        this.add(step, ended);
        return;
      }
    }
  }

  private add(id: string, ended: Ended): void {
    const reasons = this.reasons.get(id);
    const begun = this.begun.get(id);
    this.steps.push({
      id,
      ...this.shape.steps.get(id),
      title: begun?.title ?? id,
      ...(begun ? { number: begun.number } : {}),
      ...ended,
      ...(reasons ? { reasons } : {}),
      ...lookUpOf(this.found.get(id)),
    });
  }

  finish(
    outcome: BuildRecord['outcome'],
    image: Pick<BuildRecord, 'imageId' | 'imageIds' | 'names'>,
  ): BuildRecord {
    const unreached = [...this.shape.steps].filter(([id]) => !this.begun.has(id));
    return {
      ...this.known,
      started: this.started,
      outcome,
      seconds: this.seconds,
      ...image,
      stages: this.shape.stages,
      ...(unreached.length === 0 ? {} : { unreached: unreached.map(([, { title }]) => title) }),
      steps: this.steps,
    };
  }
}

function lookUpOf(found: LookedUp | undefined): Partial<BuildStepRecord> {
  if (!found) return {};
  const { key } = found;
  if ('hit' in found) {
    const { seconds: took, imported } = found.hit;
    return { key, took, ...(imported === undefined ? {} : { imported: redactUrls(imported) }) };
  }
  const { comparison } = found.explanation;
  if (!comparison) return { key };
  const { record, files, differences } = comparison;
  const instruction = redactUrls(record.instruction);
  return { key, compared: { ...record, instruction, files, differences: differences.length } };
}
