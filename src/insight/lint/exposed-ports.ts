// The ports of EXPOSE, taken apart: `[address:][host port:]port[/protocol]`.

import type { Span } from '../../core/index.ts';
import type { InstructionNode, Word } from '../../lang/dockerfile/index.ts';
import type { LintSubject } from './subject.ts';

/** One port, its variables expanded. */
export interface ExposedPort {
  readonly text: string;
  /** What stands before the last colon, without it: addresses and ports of a host. */
  readonly host: string;
  /** What stands after it. */
  readonly container: string;
  /** As written; '' where there is none. */
  readonly protocol: string;
  /** The word that gave it. */
  readonly word: Word;
  readonly trigger: boolean;
  readonly at: InstructionNode;
  readonly span: Span;
}

/** The ports of all stages that are built. What is no port at all is left out: the build fails at it. */
export function exposedPorts({ built }: LintSubject): readonly ExposedPort[] {
  return built.flatMap(({ instruction, planned, expansions, at, spanOf }) =>
    instruction.kind === 'expose'
      ? expansions.flatMap(({ word, expansion }) =>
          expansion.words.flatMap((text): ExposedPort[] => {
            const colon = text.lastIndexOf(':');
            const host = colon < 0 ? '' : text.slice(0, colon);
            const container = text.slice(colon + 1);
            const slash = container.indexOf('/');
            const protocol = slash < 0 ? '' : container.slice(slash + 1);
            if (container === '' || slash === 0 || !/^(tcp|udp|sctp)?$/i.test(protocol)) return [];
            const { trigger } = planned;
            return [{ text, host, container, protocol, word, trigger, at, span: spanOf(word) }];
          }),
        )
      : [],
  );
}
