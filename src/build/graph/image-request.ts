// The images from outside that a plan needs, each with the first place that asks for it.

import { MilleError, type Span, suggest } from '../../core/index.ts';
import type { Dockerfile } from '../../lang/dockerfile/index.ts';
import { formatPlatform, type Platform, parseReference } from '../../oci/image/index.ts';
import type { PlannedStage } from './plan.ts';
import type { FileSource } from './step.ts';

/** An image that has to be there, and the first place that asks for it. */
export interface ImageRequest {
  readonly reference: string;
  readonly platform: Platform;
  readonly span: Span;
  /** The name of a stage that may have been meant. */
  readonly nearStage?: string;
}

/** What tells two images of a plan apart: one name may be asked for on several platforms. */
export function imageKey({ reference, platform }: Pick<ImageRequest, 'reference' | 'platform'>): string {
  return `${reference} ${formatPlatform(platform)}`;
}

/**
 * The images that stages stand on or read from, each once.
 * @throws MilleError `reference-invalid`
 */
export function requestedImages(
  stages: readonly PlannedStage[],
  dockerfile: Dockerfile,
): readonly ImageRequest[] {
  const names = dockerfile.stages.flatMap(({ from }) => (from.name === undefined ? [] : [from.name]));
  const found = new Map<string, ImageRequest>();
  const ask = (source: FileSource, span: Span): void => {
    if (source.kind !== 'image' || found.has(imageKey(source))) return;
    const { reference, platform } = source;
    const nearStage = suggest(reference.toLowerCase(), names);
    checkReference(reference, span);
    found.set(imageKey(source), {
      ...{ reference, platform, span },
      ...(nearStage === undefined ? {} : { nearStage }),
    });
  };
  for (const stage of stages) {
    ask(stage.base, stage.from.base.span);
    for (const { instruction, sources, trigger } of stage.instructions) {
      const span = trigger ? stage.from.span : instruction.span;
      for (const source of sources) ask(source, span);
    }
  }
  return [...found.values()];
}

function checkReference(reference: string, span: Span): void {
  try {
    parseReference(reference);
  } catch (error) {
    throw error instanceof MilleError ? error.at(span) : error;
  }
}
