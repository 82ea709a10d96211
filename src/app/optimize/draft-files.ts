// A draft as files that a build can read, away from the user's own.

import type { Draft } from '../../insight/optimize/index.ts';
import { CWD, makeTemporaryDirectory, removeTree, writeFileAtomically } from '../../sys/index.ts';

/** Does some work with a draft that lies in a temporary directory, with its ignore file beside it. */
export async function withDraftFiles<T>(
  { source, ignoreText }: Draft,
  work: (dockerfile: string) => Promise<T>,
): Promise<T> {
  const directory = makeTemporaryDirectory('mille-optimize-');
  try {
    const dockerfile = `${directory}/Dockerfile`;
    writeFileAtomically(dockerfile, Buffer.from(source.text));
    // Also where there is none: else that of the context would count.
    writeFileAtomically(`${dockerfile}.dockerignore`, Buffer.from(ignoreText ?? ''));
    return await work(dockerfile);
  } finally {
    removeTree(CWD, directory);
  }
}
