// What went wrong inside mmdebstrap, read from its last lines and said as a person needs it. Pure.

import { MilleError } from '../../core/index.ts';
import type { Distribution } from './choose-sources.ts';

/** What was asked for. */
interface Asked {
  readonly distribution: Distribution;
  readonly suite: string;
  /** dpkg's name of it. */
  readonly architecture?: string;
}

interface Diagnosis {
  readonly pattern: RegExp;
  readonly message: (match: RegExpExecArray, asked: Asked) => string;
  readonly hint: string;
}

/** The surest first: an unknown suite also leads to unknown packages. */
const DIAGNOSES: readonly Diagnosis[] = [
  {
    pattern: /No space left on device/,
    message: () => 'no space left while the packages were unpacked',
    hint: 'free some space, or point MILLE_ROOT to a larger file system',
  },
  {
    pattern: /Could not resolve '?([^\s']+)|Temporary failure resolving '?([^\s']+)/,
    message: (match) => `the mirror ${match[1] ?? match[2]} cannot be found`,
    hint: 'check the network, the proxy settings of apt (apt-config dump Acquire), or name another mirror with --mirror',
  },
  {
    pattern:
      /(?:Could not connect to|Unable to connect to|Cannot initiate the connection to) (\S+)|Connection timed out|Connection refused/,
    message: (match) => `the mirror ${match[1] ?? ''} cannot be reached`.replace('  ', ' '),
    hint: 'check the network, the proxy settings of apt (apt-config dump Acquire), or name another mirror with --mirror',
  },
  {
    pattern: /[Cc]ertificate verification failed|certificate is NOT trusted|No system certificates available/,
    message: () => "the mirror's certificate is not trusted",
    hint: "install ca-certificates, and your network's own certificate with update-ca-certificates",
  },
  {
    pattern: /'?(\S+) (?:\S+ )?(?:Release|InRelease)'? (?:does not have a Release file|is no longer signed)/,
    message: (_, asked) => `the mirror has no suite '${asked.suite}' of ${asked.distribution}`,
    hint: 'check the spelling, for example debian:bookworm; old suites move to an archive, to be named with --mirror',
  },
  {
    pattern: /NO_PUBKEY|is not signed|couldn't be verified|signatures? (?:were|was) invalid|EXPKEYSIG/,
    message: (_, asked) =>
      `the signature of ${asked.distribution}:${asked.suite} cannot be checked with the keys here`,
    hint: 'install or upgrade debian-archive-keyring (for ubuntu: ubuntu-keyring)',
  },
  {
    // Each suite has that one.
    pattern:
      /Unable to locate package base-files\b|'?base-files'? has no installation candidate|Err:\d+ \S+ \S+ \S+ Packages\n\s*404 /,
    message: (_, asked) =>
      `the mirror has no packages of ${asked.distribution}:${asked.suite} for ${asked.architecture ?? 'this architecture'}`,
    hint: 'mirrors may leave architectures out; of Ubuntu the archive has amd64 and i386, the ports all others: name another with --mirror',
  },
  {
    pattern:
      /Unable to locate package (\S+)|Package '?([^\s']+)'? has no installation candidate|Couldn't find any package by (?:glob|regex) '([^']+)'|Version '[^']*' for '([^']+)' was not found/,
    message: (match, asked) =>
      `${asked.distribution}:${asked.suite} has no package '${match.slice(1).find(Boolean)}'`,
    hint: 'check the names given to --include; of Debian component main is used, of Ubuntu main and universe',
  },
  {
    pattern: /have unmet dependencies|Unable to correct problems|held broken packages/,
    message: () => 'the packages asked for cannot be installed together',
    hint: 'see the lines above; the mirror may be in the middle of an update',
  },
  {
    pattern:
      /unable to pick chroot mode|unshare\(\)? failed|mount.*(?:not permitted|failed)|chroot.*not permitted/i,
    message: () => 'mmdebstrap may not make namespaces or mounts here',
    hint: 'inside a container, give that container the capability SYS_ADMIN, or run mille outside of it',
  },
];

/** The error for a failed run, from all of its output. */
export function explainFailure(
  lines: readonly string[],
  asked: Asked,
  { program, how }: { readonly program: string; readonly how: string },
): MilleError {
  const telling = lines.filter(
    (line) => /^(E|Err|W):/.test(line) || /^(dpkg: error|mmdebstrap: )/.test(line),
  );
  const output = (telling.length > 0 ? telling : lines).slice(-12);
  const text = (telling.length > 0 ? [...telling, ...lines.slice(-40)] : lines).join('\n');
  for (const { pattern, message, hint } of DIAGNOSES) {
    const match = pattern.exec(text);
    if (!match) continue;
    const code = pattern.source.startsWith('No space') ? 'disk-full' : 'tool-failed';
    return new MilleError(code, message(match, asked), { hint, output });
  }
  return new MilleError('tool-failed', `${program} failed (${how})`, {
    hint: 'the last lines of its output say why',
    output,
  });
}
