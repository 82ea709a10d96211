// Flags of docker build that have nothing to decide here: what they ask for is always so, or is what mille does not
// have. Each takes the values that are true of it, and refuses the others.

import { MilleError } from '../../core/index.ts';
import type { FlagValues } from './spec.ts';

export const SETTLED_FLAGS = {
  builder: { kind: 'string', value: 'default', help: 'the only builder there is: default' },
  compress: { kind: 'boolean', help: 'compress what is sent of the context; nothing is sent' },
  debug: { kind: 'boolean', short: 'D', help: 'log more; the full log of every build is kept anyway' },
  'disable-content-trust': { kind: 'boolean', default: true, help: 'do not verify signatures; always so' },
  'force-rm': { kind: 'boolean', default: true, help: 'always remove intermediate containers; always so' },
  isolation: { kind: 'string', value: 'default', help: 'the only isolation there is: default' },
  rm: { kind: 'boolean', default: true, help: 'remove intermediate containers; always so' },
} as const;

/** @throws MilleError `usage` for a value that is not how it is */
export function checkSettled(flags: FlagValues<typeof SETTLED_FLAGS>): void {
  for (const name of ['rm', 'force-rm', 'disable-content-trust'] as const) {
    if (flags[name]) continue;
    throw new MilleError('usage', `--${name}=false is not supported`, {
      hint:
        name === 'disable-content-trust'
          ? 'mille verifies no signatures; leave it out'
          : 'intermediate containers are always removed; leave it out',
    });
  }
  for (const name of ['builder', 'isolation'] as const) {
    if (!flags[name] || flags[name] === 'default') continue;
    const what = name === 'builder' ? 'builder' : 'isolation';
    throw new MilleError('usage', `there is no ${what} '${flags[name]}'`, {
      hint: `mille has one ${what} only: leave --${name} out`,
    });
  }
}
