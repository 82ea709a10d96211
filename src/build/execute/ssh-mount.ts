// RUN --mount=type=ssh: the caller's SSH agent, through a socket of ours. The agent sees this program's user whoever
// asks inside, and hears nothing but requests to list keys and to sign.

import { displayPath, MilleError } from '../../core/index.ts';
import { CWD, chmodAt, chownAt, relaySocket, type SocketRelay, statAt } from '../../sys/index.ts';
import type { RunMount, RunStep } from '../graph/index.ts';
import type { SandboxMount } from '../sandbox/index.ts';
import type { ExecuteServices } from './services.ts';
import { agentFilter } from './ssh-agent.ts';

/** The agents of a step. */
export interface OpenAgents {
  readonly mounts: readonly SandboxMount[];
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

type SshMount = Extract<RunMount, { type: 'ssh' }>;

/**
 * Opens a socket for every agent that the step mounts. One that is not required and not given is left out.
 * @throws MilleError `secret-missing`; `io` where nobody can listen
 */
export async function openAgents(
  services: ExecuteServices,
  step: RunStep,
  directory: (name: string) => string,
): Promise<OpenAgents> {
  const wanted = step.mounts.filter((mount): mount is SshMount => mount.type === 'ssh');
  const relays: SocketRelay[] = [];
  const close = () => {
    for (const relay of relays.splice(0)) relay.close();
  };
  const mounts: SandboxMount[] = [];
  try {
    for (const [i, mount] of wanted.entries()) {
      const upstream = services.agents.get(mount.id);
      if (upstream === undefined) {
        if (mount.required) throw missing(mount.id, step);
        continue;
      }
      checkSocket(upstream);
      const place = directory(`agent-${i}`);
      relays.push(await relaySocket({ directory: place, name: 'agent', upstream, filter: agentFilter }));
      chownAt(CWD, `${place}/agent`, mount);
      chmodAt(CWD, `${place}/agent`, mount.mode);
      mounts.push({ type: 'bind', source: `${place}/agent`, target: mount.target });
    }
  } catch (error) {
    close();
    throw error;
  }
  const [first] = wanted;
  return { mounts, env: first ? { SSH_AUTH_SOCK: first.target } : {}, close };
}

function checkSocket(path: string): void {
  if (statAt(CWD, path)?.type === 'socket') return;
  throw new MilleError('secret-missing', `no SSH agent listens at '${displayPath(path)}'`, {
    hint: 'is the agent still running? ssh-add -l tells',
  });
}

function missing(id: string, step: RunStep): MilleError {
  return new MilleError('secret-missing', `the SSH agent ${id} was not given to the build`, {
    hint: id === 'default' ? 'start an agent and build with --ssh default' : `build with --ssh ${id}=SOCKET`,
    ...(step.span ? { span: step.span } : {}),
  });
}
