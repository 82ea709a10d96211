// The files that make a distribution's root file system a good base image: dpkg and apt set up as in the images
// people know (and under the same names, since Dockerfiles remove `docker-clean` by name), slim for what is
// installed later too. Pure.

import { type AptSource, formatSources } from './apt-source.ts';
import { type Distribution, sourcesForImage } from './choose-sources.ts';

/** A file that the image gets, in place of one that is there. */
export interface ImageFile {
  readonly path: string;
  readonly type: 'file' | 'dir' | 'symlink';
  readonly mode?: number;
  readonly content?: string | Uint8Array;
  readonly link?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** For links and directories: takes the place of what is there. */
  readonly replaces?: boolean;
}

/**
 * What dpkg leaves out. Copyright files stay: licences ask for it. The last line takes away the mark with which
 * Debian keeps pip from installing beside apt's packages (PEP 668): in a container of one application it protects
 * nothing, the images of the Python project do not have it either, and other installers read it too, so that
 * configuring pip would not be enough.
 */
export const DPKG_EXCLUDES = `# Documentation, manuals and translations are not unpacked, now and for packages installed later.
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/man/*
path-exclude=/usr/share/info/*
path-exclude=/usr/share/groff/*
path-exclude=/usr/share/lintian/*
path-exclude=/usr/share/linda/*
path-exclude=/usr/share/locale/*
path-include=/usr/share/locale/locale.alias
# pip may install packages for the whole container (PEP 668 is meant for shared machines).
path-exclude=/usr/lib/python3*/EXTERNALLY-MANAGED
`;

/** How it writes. */
export const DPKG_SPEED = `# A build starts over after a power failure: no need to wait for the disk after each file.
force-unsafe-io
`;

const APT_CLEAN = `# A downloaded package is of no use once it is installed, and would stay in the layer for ever.
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
`;

const APT_GZIP = `# Package lists that stay in a layer stay compressed.
Acquire::GzipIndexes "true";
`;

const APT_LANGUAGES = `# No translated package descriptions.
Acquire::Languages "none";
`;

const APT_AUTOREMOVE = `# What is only suggested by another package goes with "apt-get purge --auto-remove".
APT::AutoRemove::SuggestsImportant "false";
`;

const POLICY = `#!/bin/sh
# Nothing starts services in a container: packages must not either when they are installed.
exit 101
`;

const HOSTS = `127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
`;

/** The files for an image with these packages. Without sources, those that mmdebstrap wrote stay. */
export function imageFiles(options: {
  readonly distribution: Distribution;
  readonly sources: readonly AptSource[] | undefined;
  /** Whether a path exists already. */
  readonly has: (path: string) => boolean;
}): ImageFile[] {
  const { distribution, sources, has } = options;
  return [
    file('etc/dpkg/dpkg.cfg.d/docker', DPKG_EXCLUDES),
    file('etc/dpkg/dpkg.cfg.d/docker-apt-speedup', DPKG_SPEED),
    file('etc/apt/apt.conf.d/docker-clean', APT_CLEAN),
    file('etc/apt/apt.conf.d/docker-gzip-indexes', APT_GZIP),
    file('etc/apt/apt.conf.d/docker-no-languages', APT_LANGUAGES),
    file('etc/apt/apt.conf.d/docker-autoremove-suggests', APT_AUTOREMOVE),
    ...(sources
      ? [file(`etc/apt/sources.list.d/${distribution}.sources`, formatSources(sourcesForImage(sources)))]
      : []),
    { ...file('usr/sbin/policy-rc.d', POLICY), mode: 0o755 },
    // Every container gets its own of these from whoever runs it; empty ones give it a place to mount them.
    file('etc/hostname', ''),
    file('etc/resolv.conf', ''),
    file('etc/hosts', HOSTS),
    // Packages register commands together with their manual pages, and fail where the directories are missing.
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((n): ImageFile => ({ path: `usr/share/man/man${n}`, type: 'dir' })),
    // Debian has only the names with a 3. Where the short name exists it stays: pip would write through a link.
    ...['python', 'pip']
      .filter((name) => has(`usr/bin/${name}3`) && !has(`usr/bin/${name}`))
      .map((name) => link(`usr/local/bin/${name}`, `/usr/bin/${name}3`)),
  ];
}

function file(path: string, content: string): ImageFile {
  return { path, type: 'file', mode: 0o644, content };
}

function link(path: string, target: string): ImageFile {
  return { path, type: 'symlink', link: target };
}
