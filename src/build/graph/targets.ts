// The targets of a file: its stages, with what the comments above them say, as `docker build --call=targets` tells it.

import type { LineRange } from '../../core/index.ts';
import type { Dockerfile, InstructionNode } from '../../lang/dockerfile/index.ts';

/** A stage as something that can be built. */
export interface BuildTarget {
  readonly name?: string;
  readonly description?: string;
  /** What is built where no target is asked for. */
  readonly isDefault: boolean;
  /** As written: variables are not expanded. */
  readonly base: string;
  readonly platform?: string;
  readonly lines: LineRange;
}

/** The targets of a file, in its order. */
export function targetsOf({ stages }: Dockerfile): readonly BuildTarget[] {
  return stages.map(({ from: { name, base, platform, node } }, i) => {
    const description = name && descriptionOf(node, name);
    return {
      ...(name === undefined ? {} : { name }),
      ...(description ? { description } : {}),
      isDefault: i === stages.length - 1,
      base: base.text,
      ...(platform ? { platform: platform.text } : {}),
      lines: linesOf(node),
    };
  });
}

/** What a comment directly above an instruction says of a name: it begins with it. */
export function descriptionOf(node: InstructionNode, name: string): string | undefined {
  return node.comments.find((comment) => comment.startsWith(`${name} `))?.slice(name.length + 1);
}

/** The lines of an instruction. */
export function linesOf({ line, endLine }: InstructionNode): LineRange {
  return { first: line, last: endLine };
}
