// The config of a base image, as the official images of the same kind have it. Pure.

import type { ContainerConfig } from '../../oci/image/index.ts';
import type { Package } from './dpkg-status.ts';

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Env and Cmd: a shell, or Python's prompt where Python is among the packages. */
export function baseConfig(packages: readonly Package[]): ContainerConfig {
  const version = packages.find(({ name }) => name === 'python3')?.version;
  const shell = packages.some(({ name }) => name === 'bash') ? 'bash' : 'sh';
  if (version === undefined) return { Env: [PATH], Cmd: [shell] };
  const upstream = /^[\d.]+\d/.exec(version)?.[0] ?? version;
  return { Env: [PATH, 'LANG=C.UTF-8', `PYTHON_VERSION=${upstream}`], Cmd: ['python3'] };
}
