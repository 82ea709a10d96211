// What the caller of a build says of every RUN, beside what the Dockerfile says.

import type { NamedInput } from '../graph/index.ts';
import type { SandboxLimits } from '../sandbox/index.ts';

/** Settings for all RUN steps. */
export interface RunSettings {
  readonly limits: SandboxLimits;
  /** Names for /etc/hosts, which is no part of the image. */
  readonly extraHosts: readonly { readonly name: string; readonly address: string }[];
}

/**
 * Inputs of a RUN: as in BuildKit, the names of hosts but not their addresses, and what a command can find out about
 * itself. How much the machine spares for it (memory, processors, the control group) cannot matter to its result.
 */
export function settingInputs({ limits, extraHosts }: RunSettings): NamedInput[] {
  const rlimits = (limits.rlimits ?? []).map(({ name, soft, hard }) => `${name}=${soft}:${hard}`);
  return [
    ...option('add-host', extraHosts.map(({ name }) => name).join(' ')),
    ...option('ulimit', rlimits.join(' ')),
    ...option('shm-size', String(limits.shmSize ?? '')),
  ];
}

function option(name: string, value: string): NamedInput[] {
  return value === '' ? [] : [{ kind: 'option', name, value }];
}
