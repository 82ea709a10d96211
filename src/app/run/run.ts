// `mille run`: one container from an image, on our standard streams. Its writable layer is removed at the end.

import {
  type AccountFiles,
  accountFiles,
  diffIds,
  mergedTree,
  type ProcessUser,
  resolveProcessUser,
  type Snapshot,
  snapshotOf,
  trustBundle,
} from '../../build/execute/index.ts';
import {
  type ContainerIo,
  type ContainerSpec,
  heldCapabilities,
  prepareLimits,
  runContainer,
} from '../../build/sandbox/index.ts';
import { MilleError } from '../../core/index.ts';
import type { ContainerConfig, ImageConfig } from '../../oci/image/index.ts';
import { lowerNames, type Store } from '../../oci/store/index.ts';
import { CWD, chmodAt, chownAt, mkdirAt, onTerminal, workingDirectory } from '../../sys/index.ts';
import { addressesOf } from '../extra-hosts.ts';
import { findImageFor } from '../find-image.ts';
import { registryAccess } from '../pull/access.ts';
import { bringLayers } from '../pull/bring-layers.ts';
import { type Services, withServices } from '../services.ts';
import type { RunOptions } from '../types.ts';
import { capabilitiesOf } from './capabilities.ts';
import { claimName } from './container-name.ts';
import { checkSources, mountVolumes } from './mount-volumes.ts';
import { mountsAsked, parentsFirst } from './mounts.ts';
import { outputHandlers, statusOfBrokenPipe } from './output.ts';
import { commandOf, environmentOf, workdirOf } from './process.ts';

/** Runs a container to its end. See `App.run`. */
export function run(options: RunOptions): Promise<number> {
  return runWith(options, {
    stdin: options.interactive ? 'inherit' : 'none',
    ...(options.tty ? {} : outputHandlers()),
    forwardSignals: true,
  });
}

/** The same on other streams than this process's own. @returns its exit status */
export function runWith(options: RunOptions, io: ContainerIo): Promise<number> {
  return withServices('container', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    try {
      const found = findImageFor(store, options.image, options.platform);
      const image = store.image(found.manifestDigest);
      checkTerminal(options);
      // `provide` has done it where it shows what it does.
      await bringLayers(store, image, {
        access: () => registryAccess(store, { signal: new AbortController().signal }),
        unpack: true,
      });
      const release = options.name === undefined ? () => {} : claimName(store.paths.tmp, options.name);
      try {
        return await runImage({ services, store, options, image: image.config, io });
      } finally {
        release();
      }
    } finally {
      lock.release();
    }
  });
}

interface Request {
  readonly services: Services;
  readonly store: Store;
  readonly options: RunOptions;
  readonly image: ImageConfig;
  readonly io: ContainerIo;
}

async function runImage(request: Request): Promise<number> {
  const { services, store, image, io } = request;
  const snapshot = snapshotOf(store, image.rootfs.diff_ids);
  const temporary = store.makeTemporary('container');
  try {
    const spec = await containerSpec(request, snapshot, temporary.path);
    const runtime = await services.runtime();
    const { status } = await runContainer(runtime, spec, io);
    return status;
  } catch (error) {
    const status = statusOfBrokenPipe(error);
    if (status === undefined) throw error;
    return status;
  } finally {
    temporary.remove();
  }
}

async function containerSpec(
  request: Request,
  snapshot: Snapshot,
  directory: string,
): Promise<ContainerSpec> {
  const { store, options, image } = request;
  const config = image.config ?? {};
  // What can be wrong with the flags comes first, before anything is unpacked.
  const args = commandOf(config, options);
  const cwd = workdirOf(config, options.workdir);
  const asked = mountsAsked(options, Object.keys(config.Volumes ?? {}), workingDirectory());
  checkSources(asked.volumes);
  const capabilities = capabilitiesOf(options.capAdd ?? [], options.capDrop ?? [], heldCapabilities());
  prepareLimits(options.limits ?? {});
  const trust = options.ca === undefined ? { mounts: [], env: [] } : trustBundle(options.ca, directory);
  const user = userOf(config, options, await accountFiles(store, snapshot));
  const hostname = options.hostname ?? newContainerId();
  const unpacked = await store.ensureUnpacked(diffIds(snapshot));
  const tree = mergedTree(store, snapshot);
  const place = (name: string) => `${directory}/${name}`;
  for (const name of ['bundle', 'upper', 'work', 'volumes']) mkdirAt(CWD, place(name));
  // The upper directory is the root as the container sees it.
  const root = tree.get('')?.entry ?? { mode: 0o755, uid: 0, gid: 0 };
  chownAt(CWD, place('upper'), root);
  chmodAt(CWD, place('upper'), root.mode);
  const mounted = mountVolumes(asked.volumes, {
    image: tree,
    bundle: place('bundle'),
    own: place('volumes'),
    readonlyRoot: options.readOnly,
  });
  return {
    ...{ bundle: place('bundle'), upper: place('upper'), work: place('work') },
    lowerBase: store.linksDirectory,
    lowers: lowerNames(unpacked),
    ...{ args, cwd, hostname, readonlyRoot: options.readOnly, terminal: options.tty },
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    env: environmentOf(config, {
      given: options.env,
      ...{ hostname, tty: options.tty, home: user.home ?? '/', defaults: trust.env },
    }),
    mounts: [...parentsFirst([...mounted, ...asked.tmpfs]), ...trust.mounts],
    ...{ capabilities, ...options.limits },
    network: options.network,
    hostnameFile: true,
    inheritHosts: options.network === 'host',
    // The host's own file does not know this host name; programs expect to find it.
    extraHosts: [
      ...(options.network === 'host' ? [{ name: hostname, address: '127.0.0.1' }] : []),
      ...addressesOf(options.extraHosts ?? []),
    ],
    writableNetworkFiles: true,
  };
}

/** Twelve hexadecimal digits, as Docker's short ids. */
function newContainerId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 12);
}

function userOf(config: ContainerConfig, options: RunOptions, files: AccountFiles): ProcessUser {
  try {
    return resolveProcessUser(options.user || config.User || '', files, options.groups);
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'unknown-user') throw error;
    throw new MilleError('run-failed', error.message, {
      hint: 'give a number (-u 1000, --group-add 44), or a name that the image knows',
      cause: error,
    });
  }
}

function checkTerminal(options: RunOptions): void {
  if (!options.tty || onTerminal()) return;
  throw new MilleError('usage', '-t needs a terminal as standard input and output', {
    hint: 'leave out -t where one of them is a pipe or a file',
  });
}
