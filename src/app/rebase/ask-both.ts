// Commands asked of an image and of what it is on another base: they must end well in containers of both, and say the same.

import type { EventSink } from '../../core/index.ts';
import { type AskedImage, checksAgainst } from '../optimize/checks.ts';
import { valueHider } from '../optimize/hidden-values.ts';
import { phase } from '../optimize/phase.ts';
import type { RebaseResult } from './types.ts';

/** What is asked. */
export interface AskRequest {
  readonly commands: readonly string[];
  readonly network: boolean;
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

/** Asks. @returns `alike` where each command that was given ended alike, and the HEALTHCHECK not otherwise */
export async function askBoth(
  image: AskedImage,
  rebased: AskedImage,
  { commands, network, events, signal }: AskRequest,
): Promise<Required<Pick<RebaseResult, 'checks' | 'alike'>>> {
  const checks = await phase(events, 'ask both', () =>
    checksAgainst(image, { commands, output: true, network, hide: valueHider({}), signal }).ask(
      rebased,
      false,
    ),
  );
  const alike = checks.every(({ from, outcome }) =>
    from === 'user' ? outcome === 'alike' : outcome !== 'different',
  );
  return { checks, alike };
}
