// Runs one container from its spec to its end.

import { MilleError } from '../../core/index.ts';
import { keepTerminal, sleep } from '../../sys/index.ts';
import { writeBundle } from './bundle.ts';
import { removeCgroup } from './cgroup.ts';
import { chainCommand, type Runtime } from './chain.ts';
import { setupFailure } from './failure.ts';
import { cgroupFor } from './limits.ts';
import { RunningContainer } from './running.ts';
import type { ContainerIo, ContainerSpec } from './spec.ts';
import { removeStubs } from './stubs.ts';

/**
 * Runs a process in a container and waits for its end. The upper directory then holds its changes and nothing of
 * ours; the bundle is the caller's to remove.
 * @returns its exit status; 128 + n where signal n killed it
 * @throws MilleError `command-missing` (127), `command-not-executable` (126), `run-failed` (125), or `interrupted`
 * after `io.signal`.
 */
export async function runContainer(
  runtime: Runtime,
  spec: ContainerSpec,
  io: ContainerIo = {},
): Promise<{ readonly status: number }> {
  if (io.signal?.aborted) throw interrupted();
  const cgroup = cgroupFor(runtime, spec);
  const { targets, input } = writeBundle(runtime, spec, cgroup);
  const container = new RunningContainer(spec, io);
  const restoreTerminal = spec.terminal ? keepTerminal() : undefined;
  try {
    const status = await container.run(
      chainCommand(runtime, spec, {
        id: `mille-${crypto.randomUUID()}`,
        grouped: cgroup !== undefined,
        trace: io.trace,
      }),
      input,
    );
    if (io.signal?.aborted) throw interrupted();
    const failure =
      status === 0 ? undefined : setupFailure(spec.bundle, spec.args[0] ?? '', container.heldOutput());
    if (failure) throw failure;
    container.releaseOutput();
    removeStubs(spec, targets);
    return { status };
  } finally {
    restoreTerminal?.();
    if (cgroup !== undefined) await removeSoon(cgroup);
  }
}

/** The runtime has removed the control group, unless it was killed; then its processes may be just about to go. */
async function removeSoon(cgroup: string): Promise<void> {
  for (let attempt = 0; attempt < 20 && !removeCgroup(cgroup); attempt++) await sleep(10);
}

function interrupted(): MilleError {
  return new MilleError('interrupted', 'interrupted');
}
