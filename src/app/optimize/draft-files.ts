// A draft as files that a build can read, away from the user's own.

import type { Draft } from '../../insight/optimize/index.ts';
import { CWD, makeTemporaryDirectory, removeTree, writeFileAtomically } from '../../sys/index.ts';

/** Does some work with a draft that lies in a temporary directory, with its ignore file beside it. */
export async function withDraftFiles<T>(draft: Draft, work: (dockerfile: string) => Promise<T>): Promise<T> {
  const directory = makeTemporaryDirectory('mille-optimize-');
  try {
    return await work(writeDraftFiles(directory, draft));
  } finally {
    removeTree(CWD, directory);
  }
}

/** Writes a draft into a directory. @returns the path of the Dockerfile */
export function writeDraftFiles(directory: string, { source, ignoreText }: Draft): string {
  const dockerfile = `${directory}/Dockerfile`;
  writeFileAtomically(dockerfile, Buffer.from(source.text));
  // Also where there is none: else that of the context would count.
  writeFileAtomically(`${dockerfile}.dockerignore`, Buffer.from(ignoreText ?? ''));
  return dockerfile;
}
