// What a build says while it runs. The builder emits these values; `front/report` turns them into a live
// display, plain lines or JSON. No event carries a secret: values of build arguments are shown as written.

import type { Digest } from './digest.ts';
import type { Span } from './span.ts';

/** How a step came by its result. `kept`: it ran, and its content was what an earlier run had produced. */
export type StepOutcome = 'cached' | 'ran' | 'kept';

/** One reason why a step could not be reused, worded for a person: `requirements.txt changed`. */
export interface MissReason {
  readonly kind:
    | 'first-build'
    | 'no-cache'
    | 'parent'
    | 'instruction'
    | 'argument'
    | 'environment'
    | 'file'
    | 'other';
  /** What differs, e.g. a path or the name of a build argument. */
  readonly subject: string;
  /** The whole sentence. */
  readonly text: string;
}

export type BuildEvent =
  | {
      readonly type: 'build-started';
      readonly buildId: string;
      readonly dockerfile: string;
      readonly steps: number;
    }
  | {
      readonly type: 'step-started';
      readonly step: string;
      /** `[stage 2/5] RUN …` as Docker's users know it. */
      readonly title: string;
      readonly span?: Span;
    }
  | {
      readonly type: 'step-output';
      readonly step: string;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | { readonly type: 'step-missed'; readonly step: string; readonly reasons: readonly MissReason[] }
  | {
      readonly type: 'step-progress';
      readonly step: string;
      readonly doing: string;
      readonly done?: number;
      readonly total?: number;
    }
  | {
      readonly type: 'step-finished';
      readonly step: string;
      readonly outcome: StepOutcome;
      readonly seconds: number;
      /** Bytes of the layer's tar, where the step makes one. */
      readonly bytes?: number;
      readonly files?: number;
      /** The layer that it made, or that was found: its diffID. */
      readonly layer?: Digest;
    }
  | {
      readonly type: 'step-failed';
      readonly step: string;
      readonly message: string;
      readonly seconds: number;
    }
  | {
      readonly type: 'warning';
      readonly message: string;
      readonly hint?: string;
      readonly span?: Span;
      /** The name of the rule of the Dockerfile's checks that found it. */
      readonly rule?: string;
    }
  | { readonly type: 'note'; readonly message: string }
  | {
      readonly type: 'build-finished';
      readonly imageId: Digest;
      readonly manifest: Digest;
      readonly names: readonly string[];
      readonly seconds: number;
      readonly bytes: number;
    };

/** Receives events; never throws. */
export type EventSink = (event: BuildEvent) => void;
