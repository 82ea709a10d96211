// How this user talks to registries: logins of Docker's configuration, certificates, mirrors, what the settings of the
// store and the environment say.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  DOCKER_HUB,
  dockerCredentials,
  hostCertificates,
  joinMirrors,
  type Mirrors,
  parseMirror,
  type RegistryAccess,
  registryName,
} from '../../oci/registry/index.ts';
import { environment, registriesForbidden } from '../../sys/index.ts';
import { readSettings } from '../settings.ts';

/** What a verb adds. */
export interface AccessOptions {
  /** Certificate authorities in PEM form. */
  readonly ca?: string;
  /** As written: `[REGISTRY=]ADDRESS`; asked before those of the settings. */
  readonly mirrors?: readonly string[];
  /** Whether mirrors have no part in it. */
  readonly unmirrored?: boolean;
  readonly signal: AbortSignal;
}

/**
 * How to talk to registries; undefined where that is forbidden (`--offline`).
 * @param store whose settings count
 * @throws MilleError `file-format` for settings that are malformed, `usage` for a mirror that is none
 */
export async function registryAccess(
  store: { readonly root: string },
  { mirrors: given = [], unmirrored = false, ...options }: AccessOptions,
): Promise<RegistryAccess | undefined> {
  const env = environment();
  if (isOffline()) return undefined;
  const { registries } = await readSettings(store.root, env);
  const named = (env.MILLE_INSECURE_REGISTRIES ?? '').split(/[\s,]+/).filter(Boolean);
  const plain = [...named, ...(registries?.insecure ?? [])];
  const mirrors = joinMirrors(parseMirrors(given), registries?.mirrors ?? new Map());
  return {
    credentials: dockerCredentials(env),
    plain,
    tls: hostCertificates(env, plain),
    tokens: new Map(),
    ...(mirrors.size > 0 && !unmirrored ? { mirrors } : {}),
    ...options,
  };
}

/** Mirrors of a command line. Without a registry it is Docker's own, as with its daemon. */
function parseMirrors(given: readonly string[]): Mirrors {
  const found: Mirrors[] = given.map((text) => {
    const equals = text.indexOf('=');
    const registry = equals < 0 ? DOCKER_HUB : registryName(text.slice(0, equals));
    const mirror = parseMirror(text.slice(equals + 1));
    if (mirror && registry !== '') return new Map([[registry, [mirror]]]);
    throw new MilleError('usage', `'${displayPath(redacted(text))}' is no mirror`, {
      hint: 'write --registry-mirror https://mirror.example, or --registry-mirror REGISTRY=https://mirror.example',
    });
  });
  return found.reduce(joinMirrors, new Map());
}

function redacted(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//***@');
}

/** Whether no registry may be asked. */
export function isOffline(): boolean {
  return registriesForbidden();
}

/** The error where somebody asks for a registry all the same. */
export function offline(what: string): MilleError {
  return new MilleError('network', `${what}: --offline (MILLE_OFFLINE) forbids to ask a registry`, {
    hint: 'leave --offline out and unset MILLE_OFFLINE, or bring the image with `mille load -i ARCHIVE`',
  });
}

/** Whether the failure to get an image is the registry's, or that of the way to it. */
export function isOfRegistry(error: unknown): error is MilleError {
  return error instanceof MilleError && ['network', 'image-missing', 'registry-denied'].includes(error.code);
}

/**
 * The error for an image that neither the store nor its registry gives: both facts in one.
 * @param local what the store had to say; its hint says what is near, or how to bring an image
 */
export function neither(local: MilleError, remote: MilleError): MilleError {
  const denied = remote.code === 'registry-denied';
  const joined = remote.code === 'network' ? 'and it cannot be pulled: ' : 'and ';
  const hint = denied ? remote.hint : local.hint;
  const code = denied ? 'registry-denied' : 'image-missing';
  return new MilleError(code, `${local.message}, ${joined}${remote.message}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: remote,
  }).at(local.span);
}
