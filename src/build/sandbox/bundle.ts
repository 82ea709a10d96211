// The bundle directory of one run: the runtime's config, the files about names, an empty layer, a mount point.

import { cleanRelative, encodePath, MilleError } from '../../core/index.ts';
import {
  CWD,
  chmodAt,
  closeFd,
  mkdirAt,
  O,
  openAt,
  openFilesLimit,
  processorName,
  terminalSize,
  writeAll,
} from '../../sys/index.ts';
import { heldCapabilities } from './capabilities.ts';
import type { Runtime } from './chain.ts';
import { freeLoopDevice } from './devices.ts';
import { hostFile } from './host-file.ts';
import { completeResources } from './limits.ts';
import { networkFiles } from './network-files.ts';
import { environmentOf, isPrivate, preparePrivate, secretMounts } from './private.ts';
import { runtimeConfig } from './runtime-config.ts';
import type { ContainerSpec } from './spec.ts';
import { makeViews, plainMounts } from './views.ts';

/** What `writeBundle` leaves to be done. */
export interface Bundle {
  /** The targets of all mounts, clean and relative, for which the runtime may make stubs. */
  readonly targets: readonly string[];
  /** What the chain reads from its standard input: the config and the secrets, where they must be on no disk. */
  readonly input?: Uint8Array;
}

/** Fills the bundle. */
export function writeBundle(runtime: Runtime, spec: ContainerSpec, cgroupsPath?: string): Bundle {
  const { bundle } = spec;
  for (const name of ['rootfs', 'empty']) mkdirAt(CWD, `${bundle}/${name}`);
  const host = { hosts: hostFile('/etc/hosts'), resolv: hostFile('/etc/resolv.conf') };
  const files = networkFiles(spec, host).map((file) => {
    const source = `${bundle}/${file.name}`;
    writeFile(source, file.content, 0o644);
    return { source, target: file.target };
  });
  const size = terminalSize(0) ?? terminalSize(1);
  const machine = {
    rootless: runtime.rootless,
    arch: processorName(),
    openFiles: openFilesLimit(),
    capabilities: spec.insecure ? heldCapabilities() : [],
    freeLoop: spec.insecure ? freeLoopDevice() : 0,
    ...(size ? { terminalSize: size } : {}),
  };
  makeViews(spec);
  const complete = {
    ...spec,
    env: environmentOf(spec),
    ...(spec.resources ? { resources: completeResources(spec.resources) } : {}),
  };
  const config = runtimeConfig(complete, machine, {
    files,
    mounts: [...plainMounts(spec), ...secretMounts(spec)],
    ...(cgroupsPath === undefined ? {} : { cgroupsPath }),
  });
  const json = JSON.stringify(config);
  // JSON.stringify escapes a lone surrogate, which stands for a byte that is no UTF-8.
  if (/\\ud[89a-f]/.test(json)) {
    throw new MilleError(
      'run-failed',
      'an argument, variable or mount is not valid UTF-8, as OCI runtimes demand',
    );
  }
  const targets = [...files, ...(spec.mounts ?? []), ...secretMounts(spec)].map(({ target }) =>
    cleanRelative(target),
  );
  if (isPrivate(spec)) return { targets, input: preparePrivate(spec, json) };
  // It holds the environment, which is nobody else's to read.
  writeFile(`${bundle}/config.json`, json, 0o600);
  return { targets };
}

function writeFile(path: string, content: string, mode: number): void {
  const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
  try {
    writeAll(fd, encodePath(content));
  } finally {
    closeFd(fd);
  }
  chmodAt(CWD, path, mode);
}
