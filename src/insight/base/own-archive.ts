// The archive of a distribution itself, where this machine's sources know none: the one that mmdebstrap, a script, falls back
// to. And which of Ubuntu's two archives has an architecture: one is for amd64 and i386, the ports for all others. Pure.

import type { AptSource } from './apt-source.ts';
import { KEYRINGS, suiteParts, type WantedSuite } from './choose-sources.ts';

/** The sources that a script like mmdebstrap names; none where it names none. */
export function ownArchive(script: string, wanted: WantedSuite): AptSource[] {
  const { distribution } = wanted;
  const uri = mirrorIn(script, new RegExp(`/${pathOf(wanted)}`));
  if (uri === undefined) return [];
  const { base, updates, security } = suiteParts(wanted);
  const components = distribution === 'debian' ? ['main'] : ['main', 'universe'];
  const archive = { uri, components, signedBy: KEYRINGS[distribution].path };
  const first = { ...archive, suites: [base, ...(updates === undefined ? [] : [updates])] };
  if (security === undefined) return [first];
  const secured = distribution === 'debian' ? `${uri}-security` : securityOf(uri);
  return secured === uri
    ? [{ ...first, suites: [...first.suites, security] }]
    : [first, { ...archive, uri: secured, suites: [security] }];
}

function mirrorIn(script: string, path: RegExp): string | undefined {
  const named = [...script.matchAll(/^\s*(?:my )?\$mirror\s*=\s*'(https?:\/\/[\w.-]+\/[\w-]+)'/gm)];
  return named.map(([, uri]) => uri!).find((uri) => path.test(uri) && uri.endsWith(path.source.slice(2)));
}

/** The last part of the archive's address. */
function pathOf({ distribution, architecture }: WantedSuite): string {
  return distribution === 'ubuntu' && isPort(architecture) ? 'ubuntu-ports' : distribution;
}

/** Ubuntu's fixes come from a host of their own, those of the ports from the ports. */
function securityOf(uri: string): string {
  return uri.replace(/^(https?:\/\/)(?:[\w-]+\.)*archive\./, '$1security.');
}

function isPort(architecture: string): boolean {
  return architecture !== 'amd64' && architecture !== 'i386';
}

/** Ubuntu's own hosts: of a country, of a cloud, of the fixes. */
const MAIN = /^(https?:\/\/)(?:[\w-]+\.)*(?:archive|security)\.(ubuntu\.[a-z]+)\/ubuntu$/;
const PORTS = /^(https?:\/\/)(?:[\w-]+\.)*ports\.(ubuntu\.[a-z]+)\/ubuntu-ports$/;

/**
 * The same sources, with the archive that has the architecture in the place of one that has not. Mirrors of other names stay
 * what they are: who runs them knows what they hold.
 */
export function forArchitecture(
  sources: readonly AptSource[],
  { distribution, architecture }: Pick<WantedSuite, 'distribution' | 'architecture'>,
): AptSource[] {
  if (distribution !== 'ubuntu') return [...sources];
  return sources.map(({ architectures, ...source }) => {
    const { uri, suites } = source;
    const moved = isPort(architecture)
      ? uri.replace(MAIN, '$1ports.$2/ubuntu-ports')
      : uri.replace(PORTS, suites.every(isSecurity) ? '$1security.$2/ubuntu' : '$1archive.$2/ubuntu');
    const kept = moved === uri && architectures ? { architectures } : {};
    return { ...source, uri: moved, ...kept };
  });
}

function isSecurity(suite: string): boolean {
  return suite.endsWith('-security');
}
