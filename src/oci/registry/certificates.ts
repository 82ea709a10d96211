// Certificates of registries, where Docker and podman look for them: in a directory named after the host, `*.crt` for
// authorities that are trusted for it alone, `*.cert` with its `*.key` for what is shown to it.

import { displayPath, MilleError } from '../../core/index.ts';
import { CWD, isErrno, namesIn, readSmallFile, type TlsOptions } from '../../sys/index.ts';
import { DOCKER_HUB, registryName } from './registry-name.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const FILE_LIMIT = 4 * 1024 * 1024;

/** Where such directories are: the user's own first. */
function certificateRoots(env: Environment): readonly string[] {
  const own = env.XDG_CONFIG_HOME || (env.HOME ? `${env.HOME}/.config` : undefined);
  return [...(own === undefined ? [] : [own]), '/etc'].flatMap((root) => [
    `${root}/docker/certs.d`,
    `${root}/containers/certs.d`,
  ]);
}

/**
 * What hosts are spoken to with by TLS; each directory is read when first asked for.
 * @param insecure hosts that may be anybody
 */
export function hostCertificates(
  env: Environment,
  insecure: readonly string[],
): (host: string) => TlsOptions | undefined {
  const known = new Map<string, TlsOptions | undefined>();
  return (host) => {
    if (known.has(host)) return known.get(host);
    const found = insecure.includes(host) ? { unverified: true } : read(env, host);
    known.set(host, found);
    return found;
  };
}

function read(env: Environment, host: string): TlsOptions | undefined {
  for (const root of certificateRoots(env)) {
    for (const name of directoryNames(host)) {
      const files = filesOf(`${root}/${name}`);
      if (files) return readDirectory(`${root}/${name}`, files);
    }
  }
  return undefined;
}

/** An address leaves the usual port out. */
function directoryNames(host: string): readonly string[] {
  const hub = registryName(host) === DOCKER_HUB ? [DOCKER_HUB] : [];
  return [host, ...(/:\d+$/.test(host) ? [] : [`${host}:443`]), ...hub];
}

function filesOf(directory: string): readonly string[] | undefined {
  try {
    const names = namesIn(directory);
    return names.length > 0 ? names : undefined;
  } catch (error) {
    // What is not for this user to see is not meant for it.
    if (isErrno(error, 'EACCES')) return undefined;
    throw error;
  }
}

function readDirectory(directory: string, files: readonly string[]): TlsOptions {
  const text = (name: string) =>
    new TextDecoder('latin1').decode(readSmallFile(CWD, `${directory}/${name}`, FILE_LIMIT));
  const authorities = files.filter((name) => name.endsWith('.crt')).map(text);
  const pairs = files.flatMap((name) => {
    const [, stem, kind] = /^(.*)\.(cert|key)$/.exec(name) ?? [];
    if (stem === undefined) return [];
    const other = `${stem}.${kind === 'cert' ? 'key' : 'cert'}`;
    if (!files.includes(other)) throw incomplete(directory, name, other);
    return kind === 'cert' ? [stem] : [];
  });
  const [first] = pairs;
  return {
    ...(authorities.length > 0 ? { authorities: authorities.join('\n') } : {}),
    ...(first === undefined
      ? {}
      : { certificate: { cert: text(`${first}.cert`), key: text(`${first}.key`) } }),
  };
}

function incomplete(directory: string, name: string, other: string): MilleError {
  return new MilleError(
    'file-format',
    `${displayPath(`${directory}/${name}`)} has no ${displayPath(other)} beside it`,
    {
      hint: 'a certificate to be shown is NAME.cert with NAME.key; an authority to be trusted is NAME.crt',
    },
  );
}
