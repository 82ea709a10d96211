// The mounts of one RUN: what they add to its key, and what has to exist while the command runs. One file a type.

import { MilleError } from '../../core/index.ts';
import type { NamedInput, RunMount, RunStep } from '../graph/index.ts';
import type { SandboxMount, SandboxSecret } from '../sandbox/index.ts';
import { prepareBind } from './bind-mount.ts';
import { openCaches } from './cache-mount.ts';
import type { OpenSource } from './open-source.ts';
import { findSecrets } from './secret-mount.ts';
import type { ExecuteServices } from './services.ts';
import { openAgents } from './ssh-mount.ts';

/** A mount that reads files, looked up: what it depends on, and how to have it. */
export interface PreparedMount {
  readonly inputs: readonly NamedInput[];
  /** @param directory absolute, empty, removed after the command */
  open(directory: string): Promise<OpenMount>;
  /** Gives back what was opened for looking up. */
  release(): void;
}

/** A mount that is there. */
export interface OpenMount {
  readonly mount: SandboxMount;
  /** After the command: whether what it saw is what the key says. @throws MilleError */
  verify?(): void;
}

/** The mounts of a step, looked up. */
export interface PreparedMounts {
  readonly inputs: readonly NamedInput[];
  open(directory: (name: string) => string): Promise<OpenMounts>;
  release(): void;
}

/** Everything that a step's mounts give to its container. */
export interface OpenMounts {
  readonly mounts: readonly SandboxMount[];
  readonly secrets: readonly SandboxSecret[];
  /** Variables that the image does not have to set. */
  readonly env: Readonly<Record<string, string>>;
  verify(): void;
  close(): void;
}

/**
 * Looks up what the mounts of a step read.
 * @throws MilleError `source-missing`
 */
export async function prepareMounts(
  services: ExecuteServices,
  step: RunStep,
  openSource: OpenSource,
): Promise<PreparedMounts> {
  const binds = new Map<RunMount, PreparedMount>();
  const release = () => {
    for (const bind of binds.values()) bind.release();
  };
  try {
    for (const mount of step.mounts)
      if (mount.type === 'bind') binds.set(mount, await prepareBind(services, step, { mount, openSource }));
  } catch (error) {
    release();
    throw error;
  }
  return {
    inputs: uniqueNames([...binds.values()].flatMap(({ inputs }) => inputs)),
    open: (directory) => openMounts(services, step, { openSource, binds, directory }),
    release,
  };
}

/** Of nested mounts two can have a file of the same path. */
function uniqueNames(inputs: readonly NamedInput[]): NamedInput[] {
  const seen = new Map<string, number>();
  return inputs.map((input) => {
    const key = `${input.kind} ${input.name}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? input : { ...input, name: `${input.name} (${count})` };
  });
}

async function openMounts(
  services: ExecuteServices,
  step: RunStep,
  around: {
    openSource: OpenSource;
    binds: ReadonlyMap<RunMount, PreparedMount>;
    directory: (name: string) => string;
  },
): Promise<OpenMounts> {
  const secrets = findSecrets(services, step);
  const opened: OpenMount[] = [];
  const mounts = new Map<RunMount, SandboxMount>();
  const closing: (() => void)[] = [];
  const close = () => {
    for (const end of closing.splice(0)) end();
  };
  try {
    const agents = await openAgents(services, step, around.directory);
    closing.push(agents.close);
    for (const [i, mount] of step.mounts.entries()) {
      const made = await around.binds.get(mount)?.open(around.directory(`mount-${i}`));
      if (made) opened.push(made);
      const ready = made?.mount ?? temporaryFiles(mount);
      if (ready) mounts.set(mount, ready);
    }
    // Last: others may wait for what is locked now.
    const caches = await openCaches(services, step, around.openSource);
    closing.push(caches.close);
    for (const [mount, ready] of caches.mounts) mounts.set(mount, ready);
    return {
      mounts: [...inOrder(mounts), ...agents.mounts],
      secrets,
      env: agents.env,
      verify: () => {
        for (const mount of opened) mount.verify?.();
      },
      close,
    };
  } catch (error) {
    close();
    throw error instanceof MilleError ? error.at(step.span) : error;
  }
}

function temporaryFiles(mount: RunMount): SandboxMount | undefined {
  if (mount.type !== 'tmpfs') return undefined;
  // Without nodev, as in BuildKit: what makes a root file system in it (debootstrap) needs its devices.
  const options = ['nosuid', ...(mount.readOnly ? ['ro'] : [])];
  return { type: 'tmpfs', target: mount.target, options, ...(mount.size > 0 ? { size: mount.size } : {}) };
}

/** By target, as BuildKit sorts them: a mount below another one comes after it. */
function inOrder(mounts: ReadonlyMap<RunMount, SandboxMount>): SandboxMount[] {
  return [...mounts.values()].sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0));
}
