// What a base without shell and package manager has no use for: packages that others depend on because of what is done
// when they are installed, and not because of what runs. Pure.

import type { Cut } from '../archive/reasons.ts';

/** Kinds of such packages, with what to say of them. */
const KINDS = {
  manager: 'package manager',
  questions: 'asks questions at installation',
  shell: 'shell',
  commands: 'commands for shells and installation scripts',
  accounts: 'makes accounts at installation',
  services: 'starts services',
  settings: 'merges settings at installation',
} as const;

type Kind = keyof typeof KINDS;

const TOOLS: ReadonlyMap<string, Kind> = new Map(
  (
    [
      ['manager', 'apt dpkg usrmerge usr-is-merged'],
      ['questions', 'debconf cdebconf libdebconfclient0 debconf-i18n'],
      ['shell', 'bash dash ksh mksh zsh'],
      [
        'commands',
        'bsdutils coreutils debianutils diffutils findutils gawk grep gzip hostname install-info libc-bin mawk mount ' +
          'ncurses-bin original-awk perl-base procps psmisc sed sensible-utils tar util-linux util-linux-extra which',
      ],
      ['accounts', 'adduser base-passwd login login.defs opensysusers passwd systemd-standalone-sysusers'],
      [
        'services',
        'init init-system-helpers insserv lsb-base openrc runit-helper startpar systemd systemd-sysv ' +
          'systemd-standalone-tmpfiles sysv-rc sysvinit-core sysvinit-utils',
      ],
      ['settings', 'ucf'],
    ] as const
  ).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
);

/** Dependencies of one package that only its installation needs. */
const EDGES: ReadonlyMap<string, readonly string[]> = new Map([
  // The bundle that programs read is made here; openssl is called by update-ca-certificates.
  ['ca-certificates', ['openssl']],
]);

/** What a package is that is no use without shell; undefined for any other. */
export function toolKind(name: string): string | undefined {
  const kind = TOOLS.get(name);
  return kind === undefined ? undefined : KINDS[kind];
}

/** Whether a package may not be asked for: a shell and a package manager are what this kind of base has not. */
export function isContrary(name: string): boolean {
  const kind = TOOLS.get(name);
  return kind === 'shell' || kind === 'manager';
}

/** Leaves out dependencies that only the installation needs, unless somebody asked for the package itself. */
export function cutTools(asked: ReadonlySet<string>): Cut {
  return (from, to) => !asked.has(to) && (TOOLS.has(to) || (EDGES.get(from)?.includes(to) ?? false));
}
