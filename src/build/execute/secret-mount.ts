// RUN --mount=type=secret: the values that the caller of the build gave, for one process. No key, no event and no file
// has them; the sandbox keeps them off the disk.

import { MilleError } from '../../core/index.ts';
import type { RunStep } from '../graph/index.ts';
import type { SandboxSecret } from '../sandbox/index.ts';
import type { ExecuteServices } from './services.ts';

/** As in BuildKit: a variable is set, whether or not its secret was given. */
const NOTHING = new Uint8Array(0);

/**
 * The secrets of a step. The file of one that is not required and not given is left out.
 * @throws MilleError `secret-missing`
 */
export function findSecrets(services: ExecuteServices, step: RunStep): SandboxSecret[] {
  return step.mounts.flatMap((mount): SandboxSecret[] => {
    if (mount.type !== 'secret') return [];
    const { id, variable, target, mode, uid, gid } = mount;
    const value = services.secrets.values.get(id);
    if (value === undefined) {
      if (mount.required) throw missing(id, step);
      return variable === undefined ? [] : [{ value: NOTHING, variable }];
    }
    return [
      {
        value,
        ...(variable === undefined ? {} : { variable }),
        ...(target === undefined ? {} : { file: { target, mode, uid, gid } }),
      },
    ];
  });
}

function missing(id: string, step: RunStep): MilleError {
  return new MilleError('secret-missing', `secret ${id}: not found`, {
    hint: `give it to the build: --secret id=${id},src=FILE, or --secret id=${id},env=VARIABLE`,
    ...(step.span ? { span: step.span } : {}),
  });
}
