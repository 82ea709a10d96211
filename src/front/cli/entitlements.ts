// `--allow` as docker buildx takes it: what a Dockerfile may take beyond the sandbox.

import type { Entitlement } from '../../app/index.ts';
import { MilleError, suggest } from '../../core/index.ts';

const KNOWN: readonly string[] = ['network.host', 'security.insecure'] satisfies Entitlement[];

/** Reads every `--allow`. @throws MilleError `usage` */
export function parseEntitlements(given: readonly string[]): Entitlement[] {
  return given.map((text) => {
    if (KNOWN.includes(text)) return text as Entitlement;
    if (/^device(=|$)/.test(text)) {
      throw new MilleError('usage', '--allow device is not supported: mille knows no CDI devices', {
        hint: 'leave it out; RUN --device cannot be built here',
      });
    }
    const near = suggest(text, KNOWN, 4);
    throw new MilleError('usage', `--allow can't be '${text}'`, {
      hint: near ? `did you mean ${near}?` : `it is one of: ${KNOWN.join(', ')}`,
    });
  });
}
