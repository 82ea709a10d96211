// The images from outside that a plan needs, each with the first place that asks for it.

import { MilleError, type Span, suggest } from '../../core/index.ts';
import type { Dockerfile } from '../../lang/dockerfile/index.ts';
import { formatPlatform, type Platform, parseReference } from '../../oci/image/index.ts';
import type { PlannedStage } from './plan.ts';
import type { ContextSource, FileSource, Source } from './step.ts';

/** An image that has to be there, and the first place that asks for it. */
export interface ImageRequest {
  /** See `imageKey`. */
  readonly key: string;
  /** As written; the name of the context where it is one. */
  readonly reference: string;
  /** The image of a named context, not one of the name. */
  readonly context?: true;
  readonly platform: Platform;
  readonly span: Span;
  /** The name of a stage that may have been meant. */
  readonly nearStage?: string;
}

/** A source that is an image: one from outside, or the one of a named context. */
export type ImageSource = Extract<Source, { kind: 'image' }> | (ContextSource & { readonly holds: 'image' });

/** Whether a source is an image. */
export function isImage(source: FileSource): source is ImageSource {
  return source.kind === 'image' || (source.kind === 'context' && source.holds === 'image');
}

/** What tells two images of a plan apart: one name may be asked for on several platforms. */
export function imageKey(source: ImageSource): string {
  const name = source.kind === 'image' ? source.reference : `context ${source.name}`;
  return `${name} ${formatPlatform(source.platform)}`;
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
    if (!isImage(source) || found.has(imageKey(source))) return;
    found.set(imageKey(source), requestOf(source, span, names));
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

function requestOf(source: ImageSource, span: Span, names: readonly string[]): ImageRequest {
  const { platform } = source;
  const key = imageKey(source);
  if (source.kind === 'context') return { key, reference: source.name, context: true, platform, span };
  const { reference } = source;
  checkReference(reference, span);
  const nearStage = suggest(reference.toLowerCase(), names);
  return { key, reference, platform, span, ...(nearStage === undefined ? {} : { nearStage }) };
}

function checkReference(reference: string, span: Span): void {
  try {
    parseReference(reference);
  } catch (error) {
    throw error instanceof MilleError ? error.at(span) : error;
  }
}
