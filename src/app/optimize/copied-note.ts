// What is to be said where the Dockerfile is in the image itself.

import type { ContextFile, CopyOfImage } from '../../insight/optimize/index.ts';
import { shownText } from './shown-text.ts';

/** What is known of the Dockerfile. */
export interface CopiedDockerfile {
  /** Absolute, as the context's directory is. */
  readonly path: string;
  readonly directory: string;
  /** What the image has of the context after all changes. */
  readonly copies: readonly CopyOfImage[];
  /** What is in the context then. */
  readonly context: readonly ContextFile[];
  /** There was no ignore file, and one is to be written at the top of the context. */
  readonly newIgnoreFile?: boolean;
}

/** What is copied into the image and is another file there, or a new one, once it is written: all that differs then. */
export function copiedNote(given: CopiedDockerfile): readonly string[] {
  return [...dockerfileNote(given), ...ignoreFileNote(given)];
}

function dockerfileNote({ path, directory, copies }: CopiedDockerfile): readonly string[] {
  if (!path.startsWith(`${directory}/`)) return [];
  const name = path.slice(directory.length + 1);
  const copied = copies.find(({ files }) => files.has(name));
  if (!copied) return [];
  return [
    `${shownText(copied.title)} copies ${name} itself, which was compared as it is now: a line in .dockerignore keeps it out of the image`,
  ];
}

/** An ignore file comes into the image with a COPY of the whole context. */
function ignoreFileNote({ copies, context, newIgnoreFile }: CopiedDockerfile): readonly string[] {
  if (!newIgnoreFile) return [];
  const whole = copies.find(({ files }) => context.every(({ path }) => files.has(path)));
  if (!whole) return [];
  return [
    `${shownText(whole.title)} copies the new .dockerignore too, once it is written: the line .dockerignore in it keeps it out of the image`,
  ];
}
