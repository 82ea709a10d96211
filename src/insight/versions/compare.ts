// All orders, by name.

import { apk } from './apk.ts';
import { composer } from './composer.ts';
import { dpkg } from './dpkg.ts';
import { gem } from './gem.ts';
import { maven } from './maven.ts';
import { pep440 } from './pep440.ts';
import { rpm } from './rpm.ts';
import type { Sign, VersionScheme } from './scheme.ts';
import { nuget, semver } from './semver.ts';

const SCHEMES = { dpkg, apk, rpm, pep440, semver, maven, gem, composer, nuget } as const;

/** The orders there are. */
export type VersionOrder = keyof typeof SCHEMES;

/** The names of all orders. */
export const VERSION_ORDERS = Object.keys(SCHEMES) as readonly VersionOrder[];

/** An order, for whoever compares often: it parses once. */
export function versionScheme(order: VersionOrder): VersionScheme {
  return SCHEMES[order];
}

/** Compares two versions; undefined where one of them is no version in that order. */
export function compareVersions(order: VersionOrder, a: string, b: string): Sign | undefined {
  const { parse, compare } = SCHEMES[order];
  const [one, other] = [parse(a), parse(b)];
  if (one === undefined || other === undefined) return undefined;
  return Math.sign(compare(one, other)) as Sign;
}
