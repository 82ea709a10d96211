// Images of a Docker daemon that listens on a socket of this machine: it is asked for an archive, as `docker save` does.

import { LIMITS, MilleError } from '../../core/index.ts';
import { formatReference, type OpenedImage, type Platform, parseReference } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, type Exchange, environment, exchange, statAt } from '../../sys/index.ts';
import { openArchive } from './archived.ts';
import type { ReadingOptions } from './complete-layer.ts';

/** How an image of a daemon is opened. */
export interface DaemonOptions extends ReadingOptions {
  readonly platform?: Platform;
}

/** Where a daemon listens, or why that is nowhere to be asked. */
type DaemonPlace = { readonly socket: string } | { readonly none: string };

/** Finds the daemon's socket as Docker's own program does, but for contexts. */
function daemonPlace(env: Readonly<Record<string, string | undefined>> = environment()): DaemonPlace {
  const { DOCKER_HOST: host = '', XDG_RUNTIME_DIR: run } = env;
  if (host.startsWith('unix://')) return { socket: host.slice('unix://'.length) };
  if (host !== '')
    return { none: `DOCKER_HOST is ${host}, and only sockets of this machine are asked (unix://)` };
  const socket = ['/var/run/docker.sock', ...(run ? [`${run}/docker.sock`] : [])].find((path) =>
    statAt(CWD, path),
  );
  return socket === undefined ? { none: 'there is no /var/run/docker.sock' } : { socket };
}

/** Milliseconds that the daemon may need to begin, and be silent: it may write the whole archive first. */
const PATIENCE = 600_000;
/** Milliseconds for what it knows by heart. */
const SHORT_PATIENCE = 15_000;

/**
 * Opens an image of the daemon.
 * @returns undefined where there is no daemon, or it has no such image
 * @throws MilleError `network` for a daemon that fails; `image-invalid` and the like
 */
export async function openDaemonImage(
  store: Store,
  name: string,
  options: DaemonOptions,
): Promise<OpenedImage | undefined> {
  const place = daemonPlace();
  if ('none' in place) return undefined;
  const { platform, signal } = options;
  const asked = nameForDaemon(name);
  const ask = (what: string, patience: number) =>
    exchange(`http://docker/images/${asked}/${what}`, {
      ...{ socket: place.socket, direct: true, patience, shown: `${place.socket}: ${name}` },
      ...(signal ? { signal } : {}),
    });
  const known = await ask('json', SHORT_PATIENCE);
  if (known.status !== 404) await expectOk(known, name);
  await known.discard();
  if (known.status === 404) return undefined;
  const query = platform ? `?platform=${encodeURIComponent(JSON.stringify(platformDocument(platform)))}` : '';
  const archive = await ask(`get${query}`, PATIENCE);
  await expectOk(archive, name);
  return await openArchive(store, {
    input: archive.body(),
    shown: `${name} of the Docker daemon`,
    origin: 'docker',
    choice: {},
    ...options,
  });
}

/** The error where somebody asked for the daemon. */
export function notInDaemon(name: string): MilleError {
  const place = daemonPlace();
  if ('none' in place) {
    return new MilleError('network', `no Docker daemon can be asked for ${name}: ${place.none}`, {
      hint: 'point DOCKER_HOST to its socket: unix:///var/run/docker.sock',
    });
  }
  return new MilleError('image-missing', `the Docker daemon has no image ${name}`, {
    hint: '`docker images` lists what it has',
  });
}

/** An id stays what it is; a name gets its tag. */
function nameForDaemon(name: string): string {
  const whole = /^(?:sha256:)?[0-9a-f]{4,64}$/.test(name) ? name : formatReference(parseReference(name));
  return whole.split('/').map(encodeURIComponent).join('/');
}

function platformDocument({ os, architecture, variant }: Platform) {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

async function expectOk(answer: Exchange, name: string): Promise<void> {
  if (answer.status === 200) return;
  const said = await messageOf(answer);
  throw new MilleError('network', `the Docker daemon does not give ${name}: ${said}`, {
    hint: 'does `docker save` of the same image work?',
  });
}

async function messageOf(answer: Exchange): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body()) {
    size += chunk.length;
    if (size > LIMITS.tarHeader) break;
    chunks.push(chunk);
  }
  try {
    const { message } = JSON.parse(Buffer.concat(chunks).toString()) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // No document of Docker's.
  }
  return `it answered ${answer.status}`;
}
