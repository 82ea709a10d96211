// Build contexts that are a Dockerfile alone, below FROM busybox.

import { join } from 'node:path';
import { writeTree } from './mille.ts';

/** Makes them below a directory. @param place asked when one is made */
export function smallContexts(place: () => string) {
  let made = 0;
  const write = (context: string, lines: readonly string[]) => {
    writeTree(context, { Dockerfile: `FROM busybox\n${lines.join('\n')}\n` });
    return context;
  };
  return {
    /** Always the same directory. */
    dockerfile: (...lines: readonly string[]) => write(join(place(), 'context'), lines),
    /** In a directory of its own, for builds at once. */
    apart: (line: string) => write(join(place(), `context-${++made}`), [line]),
  };
}
