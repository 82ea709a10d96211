// The bundle directory of one run: the runtime's config, the files about names, an empty layer, a mount point.

import { cleanRelative, encodePath, MilleError } from '../../core/index.ts';
import {
  CWD,
  chmodAt,
  closeFd,
  isErrno,
  mkdirAt,
  O,
  openAt,
  openFilesLimit,
  processorName,
  readSmallFile,
  writeAll,
} from '../../sys/index.ts';
import type { Runtime } from './chain.ts';
import { networkFiles } from './network-files.ts';
import { runtimeConfig } from './runtime-config.ts';
import type { ContainerSpec } from './spec.ts';

const HOST_FILE_LIMIT = 1 << 20;

/** Fills the bundle. @returns the targets of all mounts, clean and relative, for which the runtime may make stubs */
export function writeBundle(runtime: Runtime, spec: ContainerSpec, cgroupsPath?: string): string[] {
  const { bundle } = spec;
  for (const name of ['rootfs', 'empty']) mkdirAt(CWD, `${bundle}/${name}`);
  const host = { hosts: hostFile('/etc/hosts'), resolv: hostFile('/etc/resolv.conf') };
  const files = networkFiles(spec, host).map((file) => {
    const source = `${bundle}/${file.name}`;
    writeFile(source, file.content, 0o644);
    return { source, target: file.target };
  });
  const machine = { rootless: runtime.rootless, arch: processorName(), openFiles: openFilesLimit() };
  const config = runtimeConfig(spec, machine, {
    files,
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
  // It holds the environment, which is nobody else's to read.
  writeFile(`${bundle}/config.json`, json, 0o600);
  const system = ['proc', 'dev', 'sys'];
  const given = [...files, ...(spec.mounts ?? [])].map((mount) => cleanRelative(mount.target));
  return [...system, ...given];
}

function hostFile(path: string): string {
  try {
    return new TextDecoder().decode(readSmallFile(CWD, path, HOST_FILE_LIMIT));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return '';
    throw error;
  }
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
