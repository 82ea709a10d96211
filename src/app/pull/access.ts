// How this user talks to registries: logins of Docker's configuration, and what the environment says.

import { MilleError } from '../../core/index.ts';
import { dockerCredentials, type RegistryAccess } from '../../oci/registry/index.ts';
import { environment } from '../../sys/index.ts';

/** What a verb adds. */
export interface AccessOptions {
  /** Certificate authorities in PEM form. */
  readonly ca?: string;
  readonly signal: AbortSignal;
}

/** How to talk to registries; undefined where the environment forbids it (`MILLE_OFFLINE`). */
export function registryAccess(options: AccessOptions): RegistryAccess | undefined {
  const env = environment();
  if (isOffline(env)) return undefined;
  const plain = (env.MILLE_INSECURE_REGISTRIES ?? '').split(/[\s,]+/).filter(Boolean);
  return { credentials: dockerCredentials(env), plain, ...options };
}

function isOffline({ MILLE_OFFLINE }: Readonly<Record<string, string | undefined>>): boolean {
  return MILLE_OFFLINE !== undefined && !['', '0', 'false'].includes(MILLE_OFFLINE);
}

/** The error where somebody asks for a registry all the same. */
export function offline(what: string): MilleError {
  return new MilleError('network', `${what}: MILLE_OFFLINE forbids to ask a registry`, {
    hint: 'unset MILLE_OFFLINE, or bring the image with `mille load -i ARCHIVE`',
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
