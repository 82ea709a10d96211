// Mirrors: other registries that have what a registry has, asked before it.

import { registryName } from './registry-name.ts';

/** A mirror, as somebody wrote it down. */
export interface Mirror {
  /** With its port, where one is given. */
  readonly host: string;
  /** Where it was written; otherwise as for any registry of that host. */
  readonly scheme?: 'http' | 'https';
  /** What stands before the names of repositories there; empty for nothing. */
  readonly path: string;
}

/** Mirrors by the registry that they stand for, each list in the order of asking. */
export type Mirrors = ReadonlyMap<string, readonly Mirror[]>;

const ADDRESS =
  /^(?:(https?):\/\/)?((?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?)((?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)\/?$/;

/**
 * Reads an address such as `https://mirror.example:5000/hub`. A `/v2` of the protocol may stand at the beginning of its
 * path. Undefined for what is none.
 */
export function parseMirror(text: string): Mirror | undefined {
  const [, scheme, host, path = ''] = ADDRESS.exec(text) ?? [];
  if (host === undefined) return undefined;
  return {
    host,
    path: path.replace(/^\/v2(?=\/|$)/, '').replace(/^\//, ''),
    ...(scheme === 'http' || scheme === 'https' ? { scheme } : {}),
  };
}

/** Mirrors of two sources: those of the first are asked first. */
export function joinMirrors(first: Mirrors, second: Mirrors): Mirrors {
  const joined = new Map<string, readonly Mirror[]>();
  for (const [registry, mirrors] of [...first, ...second]) {
    const name = registryName(registry);
    joined.set(name, [...(joined.get(name) ?? []), ...mirrors]);
  }
  return joined;
}
