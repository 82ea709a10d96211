// What describing the steps of a build goes along with, and the outputs that are sources.

import type { BuildPlan, FileSource, StageEvaluation, Step } from '../../build/graph/index.ts';
import { positionAt, type Span } from '../../core/index.ts';
import type { Platform } from '../../oci/image/index.ts';
import type { DefinitionWriter } from './definition-writer.ts';

/** What a build is described from. */
export interface StepsInput {
  readonly plan: BuildPlan;
  readonly evaluations: ReadonlyMap<number, StageEvaluation>;
  /** What a source that is no stage is called: `docker-image://…@sha256:…`, `local://context`. */
  readonly identify: (source: Exclude<FileSource, { kind: 'stage' | 'scratch' }>) => string;
  /** The same of a repository of ADD. */
  readonly identifyGit: (step: Extract<Step, { kind: 'add' }>, index: number) => string;
  /** Whether the value of a variable is not to be told. */
  readonly hides: (name: string) => boolean;
  /** The bytes of a text in base64. */
  readonly encode: (text: string) => string;
  /** The layers of the image up to a step that made one; undefined where they are not those of the image. */
  readonly layersAfter: (stepId: string) => readonly object[] | undefined;
}

/** The describing of one build. */
export interface Describer {
  readonly input: StepsInput;
  readonly writer: DefinitionWriter;
  /** The last output of a stage, described first if need be; undefined for an empty one. */
  readonly stage: (index: number) => string | undefined;
}

/** What a step does, on what. */
export interface DescribedOp {
  readonly op: object;
  readonly inputs: readonly string[];
}

/** The output that is a source, which is described once; undefined for nothing at all. */
export function sourceOutput(
  { input, writer, stage }: Describer,
  source: FileSource,
  platform: Platform,
): string | undefined {
  if (source.kind === 'scratch') return undefined;
  if (source.kind === 'stage') return stage(source.stage);
  const identifier = input.identify(source);
  return writer.source(identifier, /^(?:docker-image|oci-layout):/.test(identifier) ? { platform } : {});
}

/** The lines of a place in a Dockerfile. */
export function linesOf(span: Span | undefined): readonly number[] {
  if (!span) return [];
  const first = positionAt(span.source, span.start).line;
  const last = positionAt(span.source, Math.max(span.start, span.end - 1)).line;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
