// Debian's names of architectures, and which of them run here.

import { MilleError } from '../../core/index.ts';
import type { Platform } from '../../oci/image/index.ts';
import { formatPlatform } from '../../oci/image/index.ts';
import { CWD, statAt } from '../../sys/index.ts';

const DEBIAN: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  arm64: 'arm64',
  'arm/v7': 'armhf',
  'arm/v6': 'armel',
  'arm/v5': 'armel',
  386: 'i386',
  ppc64le: 'ppc64el',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  mips64le: 'mips64el',
};

/** What Debian calls a platform. @throws MilleError `platform-unsupported` */
export function debianArchitecture(platform: Platform): string {
  const { os, architecture, variant } = platform;
  const name = DEBIAN[variant ? `${architecture}/${variant}` : architecture];
  if (os !== 'linux' || name === undefined)
    throw new MilleError('platform-unsupported', `there are no packages for ${formatPlatform(platform)}`, {
      hint: 'for example linux/amd64, linux/arm64, linux/arm/v7',
    });
  return name;
}

/** OCI's name, without variant, of what Debian calls so. */
export function ociArchitecture(debian: string): string {
  const found = Object.entries(DEBIAN).find(([, name]) => name === debian)?.[0];
  return found?.replace(/\/.*/, '') ?? debian;
}

/** What processors run of another architecture as it is. */
const COMPATIBLE: Readonly<Record<string, readonly string[]>> = {
  amd64: ['i386'],
  arm64: ['armhf', 'armel'],
  armhf: ['armel'],
};
/** qemu's names, as binfmt_misc has them. */
const EMULATORS: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  armhf: 'arm',
  armel: 'arm',
  i386: 'i386',
  ppc64el: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loongarch64',
  mips64el: 'mips64el',
};

/**
 * Packages are installed by programs of their own architecture.
 * @throws MilleError `platform-unsupported` where these do not run on this machine
 */
export function checkRuns(architecture: string, own: string): void {
  if (architecture === own || COMPATIBLE[own]?.includes(architecture)) return;
  if (statAt(CWD, `/proc/sys/fs/binfmt_misc/qemu-${EMULATORS[architecture] ?? architecture}`)) return;
  throw new MilleError(
    'platform-unsupported',
    `programs for ${architecture} do not run on this machine, and packages are installed by running them`,
    {
      hint: 'apt install qemu-user-static, or make a base without shell, where nothing is run: --profile distroless',
    },
  );
}
