// What of a container must be on no disk: secrets, and with them the runtime's config (which holds the environment)
// and state. They live in a tmpfs that only the container's own mount namespace has, and get there through the
// standard input of the chain: no argument, no variable and no file of ours ever holds them, and whatever is killed,
// the kernel takes the tmpfs away with the last process.

import { decodePath, encodePath, MilleError } from '../../core/index.ts';
import { CWD, mkdirAt, symlinkAt } from '../../sys/index.ts';
import type { ContainerSpec, SandboxSecret } from './spec.ts';
import type { PlainMount } from './views.ts';

/** Where it is mounted in the bundle. */
export const PRIVATE = 'private';

/** Whether a container has secrets. */
export function isPrivate(spec: ContainerSpec): boolean {
  return (spec.secrets ?? []).length > 0;
}

type SecretFile = SandboxSecret & { readonly file: NonNullable<SandboxSecret['file']> };

function filesOf(spec: ContainerSpec): SecretFile[] {
  return (spec.secrets ?? []).filter((secret): secret is SecretFile => secret.file !== undefined);
}

/** The words for the inner shell, in the order of the lines that it reads. */
export function privateArguments(spec: ContainerSpec, bundle: string): string[] {
  const place = `${bundle}/${PRIVATE}`;
  const files = filesOf(spec).flatMap(({ file: { mode, uid, gid } }, i) => {
    return ['file', `${place}/${i}`, mode.toString(8), `${uid}:${gid}`];
  });
  return ['tmpfs', place, 'file', `${place}/config.json`, '600', '0:0', ...files];
}

/** Makes the mount point. @returns what the inner shell reads: the config, then every secret file, a line each */
export function preparePrivate(spec: ContainerSpec, config: string): Uint8Array {
  mkdirAt(CWD, `${spec.bundle}/${PRIVATE}`, 0o700);
  symlinkAt(`${PRIVATE}/config.json`, CWD, `${spec.bundle}/config.json`);
  const contents = [encodePath(config), ...filesOf(spec).map(({ value }) => value)];
  return encodePath(contents.map((content) => `${Buffer.from(content).toString('base64')}\n`).join(''));
}

/** The mounts of secret files, after all others. */
export function secretMounts(spec: ContainerSpec): PlainMount[] {
  return filesOf(spec).map(({ file: { target } }, i) => ({
    type: 'bind',
    source: `${spec.bundle}/${PRIVATE}/${i}`,
    target,
    readonly: true,
    options: ['nosuid', 'nodev', 'noexec'],
  }));
}

/** The environment with the variables that are secrets; they win. */
export function environmentOf(spec: ContainerSpec): readonly string[] {
  const secret = new Map<string, string>();
  for (const { variable, value } of spec.secrets ?? []) {
    if (variable === undefined) continue;
    if (value.includes(0)) {
      throw new MilleError('run-failed', `the secret for the variable ${variable} holds a zero byte`, {
        hint: 'mount it as a file: leave out env=',
      });
    }
    secret.set(variable, decodePath(value));
  }
  const others = spec.env.filter((pair) => !secret.has(pair.slice(0, pair.indexOf('='))));
  return [...others, ...[...secret].map(([name, value]) => `${name}=${value}`)];
}
