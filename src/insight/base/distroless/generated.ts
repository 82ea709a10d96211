// The files that no package holds and a base image needs all the same: what the scripts of packages would have made of
// them on a full system, and what the images people know have. Pure.

import { type Account, groupLine, homeOf, passwdLine, withLine } from '../accounts.ts';
import type { ImageFile } from '../image-files.ts';
import { timeZone } from '../time-zone.ts';
import type { AlternativeLink } from './scripts.ts';

/** What they are made for. */
export interface GeneratedOptions {
  readonly user?: Account;
  /** `Europe/Paris`. */
  readonly timezone?: string;
  readonly alternatives: readonly AlternativeLink[];
  /** Certificates of authorities, in the order of the bundle; none: no bundle. */
  readonly certificates: readonly string[];
  /** Whether a path exists. */
  readonly has: (path: string) => boolean;
}

/** A file with the reason for it. */
export interface GeneratedFile extends ImageFile {
  /** For `--explain`: why it is there. */
  readonly why: string;
}

const PASSWD = `root:x:0:0:root:/root:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;
// Groups that devices and files of packages belong to, by Debian's numbers.
const GROUP = `root:x:0:
daemon:x:1:
adm:x:4:
tty:x:5:
disk:x:6:
mail:x:8:
www-data:x:33:
shadow:x:42:
utmp:x:43:
staff:x:50:
users:x:100:
nogroup:x:65534:
`;
const NSSWITCH = `passwd: files
group: files
shadow: files
hosts: files dns
networks: files
protocols: files
services: files
`;

/** The bundle of certificates; programs are told of it by SSL_CERT_FILE. */
export const BUNDLE = 'etc/ssl/certs/ca-certificates.crt';

/** All of them. @throws MilleError `usage` for an account that is taken */
export function generatedFiles(options: GeneratedOptions): GeneratedFile[] {
  const { user, timezone, alternatives, certificates, has } = options;
  const passwd = user ? withLine(PASSWD, passwdLine(user), '/etc/passwd') : PASSWD;
  const group = user ? withLine(GROUP, groupLine(user), '/etc/group') : GROUP;
  return [
    file('etc/passwd', passwd, 'accounts'),
    file('etc/group', group, 'accounts'),
    file('etc/nsswitch.conf', NSSWITCH, 'how names are looked up'),
    file('etc/hostname', '', 'a place for the runtime to mount one'),
    file('etc/resolv.conf', '', 'a place for the runtime to mount one'),
    file('etc/hosts', '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n', 'localhost'),
    { ...link('var/run', '/run', 'where programs look for it') },
    { ...link('var/lock', '/run/lock', 'where programs look for it') },
    { path: 'run/lock', type: 'dir', mode: 0o1777, why: 'where programs look for it' },
    ...(certificates.length > 0 ? [file(BUNDLE, bundleOf(certificates), 'certificates of authorities')] : []),
    ...localTime(timezone, has),
    ...alternativeLinks(alternatives, has),
    ...(user ? [{ ...homeOf(user), why: 'the home of the account' }] : []),
    ...['python']
      .filter((name) => has(`usr/bin/${name}3`) && !has(`usr/bin/${name}`))
      .map((name) => link(`usr/local/bin/${name}`, `/usr/bin/${name}3`, 'the short name')),
  ];
}

function localTime(zone: string | undefined, has: (path: string) => boolean): GeneratedFile[] {
  if (zone === undefined && !has('usr/share/zoneinfo/Etc/UTC')) return [];
  return timeZone(zone ?? 'Etc/UTC', has).map((one) => ({ ...one, why: 'the time zone' }));
}

/** The one of highest priority stands for all of a name, as update-alternatives chooses. */
function alternativeLinks(
  alternatives: readonly AlternativeLink[],
  has: (path: string) => boolean,
): GeneratedFile[] {
  const best = new Map<string, AlternativeLink>();
  for (const one of alternatives) {
    if (has(one.link)) continue;
    const known = best.get(one.name);
    if (!known || one.priority > known.priority) best.set(one.name, one);
  }
  return [...best.values()].flatMap(({ link: path, name, target }) => [
    link(path, `/etc/alternatives/${name}`, 'an alternative'),
    link(`etc/alternatives/${name}`, target, 'an alternative'),
  ]);
}

function bundleOf(certificates: readonly string[]): string {
  return certificates.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('');
}

function file(path: string, content: string, why: string): GeneratedFile {
  return { path, type: 'file', mode: 0o644, content, why };
}

function link(path: string, target: string, why: string): GeneratedFile {
  return { path, type: 'symlink', link: target, why };
}
