// A base on which something failed, and what is known of its packages.

import { type PackagePlace, packageElsewhere } from './package-names.ts';

/** The base on which it failed. */
export interface FailedBase {
  readonly distribution?: PackagePlace & { readonly codename?: string };
  readonly libc?: { readonly name: 'glibc' | 'musl'; readonly version?: string };
  /** Programs that install packages there. */
  readonly installers: readonly string[];
  readonly shells: readonly string[];
}

/** `libssl3t64 is its name there`, as a hint; undefined where nobody knows. */
export function otherName(name: string, { distribution }: FailedBase): string | undefined {
  const there = distribution && packageElsewhere(name, undefined, distribution);
  if (!there) return undefined;
  const { names, note } = there;
  if (names.length === 0) return note ?? 'nothing has to be installed for it';
  return `there it is called ${names.join(', or ')}${note === undefined ? '' : `: ${note}`}`;
}
