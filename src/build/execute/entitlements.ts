// What a Dockerfile may take beyond the sandbox: only what the caller of the build granted. Looked up in the plan, before
// anything runs, and for every instruction of it: this is the one place that decides.

import { MilleError, type Span } from '../../core/index.ts';
import type { BuildPlan } from '../graph/index.ts';

/** What may be granted. */
export type Entitlement = 'network.host' | 'security.insecure';

/** @throws MilleError `not-allowed` for what was not granted, `usage` for what cannot be */
export function checkEntitlements(plan: BuildPlan, allow: readonly Entitlement[]): void {
  for (const stage of plan.stages) {
    for (const { instruction, trigger } of stage.instructions) {
      if (instruction.kind !== 'run') continue;
      const span = trigger ? stage.from.span : instruction.span;
      if (instruction.devices.length > 0) throw noDevices(span);
      if (instruction.security === 'insecure' && !allow.includes('security.insecure'))
        throw refused('RUN --security=insecure is not allowed', 'security.insecure', span);
      // Unless the caller said otherwise, every RUN has the network of the host anyway.
      if (instruction.network === 'host' && plan.network === 'none' && !allow.includes('network.host'))
        throw refused('RUN --network=host is not allowed with --network none', 'network.host', span);
    }
  }
}

function noDevices(span: Span): MilleError {
  return new MilleError('usage', 'RUN --device is not supported: mille knows no CDI devices', {
    hint: 'remove the flag, or build this Dockerfile where the device is',
    span,
  });
}

function refused(message: string, entitlement: Entitlement, span: Span): MilleError {
  return new MilleError('not-allowed', message, {
    hint: `if you trust this Dockerfile, build with --allow ${entitlement}`,
    span,
  });
}
