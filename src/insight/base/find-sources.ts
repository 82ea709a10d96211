// Where the packages of a request come from, with the keys that they are checked with.

import { MilleError } from '../../core/index.ts';
import { CWD, findProgram, readSmallFile, statAt } from '../../sys/index.ts';
import type { AptSource } from './apt-source.ts';
import {
  chooseSources,
  type Distribution,
  KEYRINGS,
  sourcesOfMirror,
  type WantedSuite,
} from './choose-sources.ts';
import { readHostSources, readSourcesFile } from './host-apt.ts';
import { forArchitecture, ownArchive } from './own-archive.ts';
import type { BootstrapRequest } from './request.ts';

/**
 * The sources, each with the key ring it is checked with: those named, else the host's, else the distribution's own.
 * @throws MilleError `usage` where there are none, `tool-missing` without the key ring
 */
export function findSources(request: BootstrapRequest, architecture: string): AptSource[] {
  const { distribution, suite, mirror } = request;
  const host = readHostSources();
  const wanted = { distribution, suite, architecture };
  const found =
    mirror === undefined
      ? chooseSources({ ...host, sources: forArchitecture(host.sources, wanted) }, wanted)
      : /^[a-z0-9+]+:/i.test(mirror)
        ? sourcesOfMirror(mirror, wanted)
        : readSourcesFile(mirror);
  if (mirror !== undefined && found.length === 0)
    throw new MilleError('usage', `no package sources in '${mirror}'`, {
      hint: '--mirror takes a URL, or a file as in /etc/apt/sources.list.d',
    });
  const chosen = found.length > 0 || mirror !== undefined ? found : ownSources(wanted);
  if (chosen.length === 0)
    throw new MilleError('usage', `the package sources of this machine know no mirror of ${distribution}`, {
      hint: 'name one with --mirror URL',
    });
  return chosen.map((source) => withKeyring(source, distribution, host.distribution));
}

function withKeyring(source: AptSource, distribution: Distribution, host: string): AptSource {
  if (source.trusted) return source;
  const keyring = KEYRINGS[distribution];
  const path = source.signedBy ?? keyring.path;
  const exists = !path.startsWith('/') || statAt(CWD, path) !== undefined;
  if (exists) return { ...source, signedBy: path };
  // A host trusts its own distribution's archive by /etc/apt/trusted.gpg.d as well.
  if (source.signedBy === undefined && host === distribution) return source;
  const hint = path === keyring.path ? keyring.hint : 'the sources of this machine name it in Signed-By';
  throw new MilleError('tool-missing', `the key ring ${path} of ${distribution} is not installed`, { hint });
}

/** As mmdebstrap, a script, names it. */
function ownSources(wanted: WantedSuite): AptSource[] {
  const program = findProgram('mmdebstrap');
  if (program === undefined) return [];
  return ownArchive(new TextDecoder().decode(readSmallFile(CWD, program, LARGEST)), wanted);
}

/** Bytes that a script may have. */
const LARGEST = 4 * 1024 * 1024;
