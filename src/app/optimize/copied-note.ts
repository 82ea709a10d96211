// What is to be said where the Dockerfile is in the image itself.

import type { ContextFile, StepEvidence } from '../../insight/optimize/index.ts';
import { shownText } from './shown-text.ts';

/** What is known of the Dockerfile. */
export interface CopiedDockerfile {
  /** Absolute, as the context's directory is. */
  readonly path: string;
  readonly directory: string;
  readonly steps: readonly StepEvidence[];
  /** What is in the context after all changes. */
  readonly context: readonly ContextFile[];
}

/** A Dockerfile that is copied into the image is another file there once it is written: the one difference that is left. */
export function copiedNote({ path, directory, steps, context }: CopiedDockerfile): readonly string[] {
  if (!path.startsWith(`${directory}/`)) return [];
  const name = path.slice(directory.length + 1);
  const copied = steps.find(({ copies }) => copies?.includes(name));
  if (!copied || !context.some((one) => one.path === name)) return [];
  return [
    `${shownText(copied.title)} copies ${name} itself, which was compared as it is now: a line in .dockerignore keeps it out of the image`,
  ];
}
