// Judges a rewrite's image against the original's.

import { compareConfigs, compareFiles, type FileChange } from '../differences/index.ts';
import type { Allowance, ObservedImage } from '../optimize/index.ts';
import { allowsFile, emptiedDirectories } from './allowance.ts';
import { isNoise, loneOf, type Noise } from './noise.ts';
import { type PackageFacts, packageChanges } from './packages.ts';
import { isAsRandom, isOne } from './random-names.ts';
import { linkChanges, rootChange } from './seen-otherwise.ts';
import type { AllowedChange, Verdict } from './types.ts';

/** What is known besides the two images. */
export interface JudgeOptions {
  readonly noise: Noise;
  readonly allows: readonly Allowance[];
  /** What files that differ in their content differ in, where that means nothing: see `leftOut`. */
  readonly normalised?: ReadonlyMap<string, string>;
  /** What is known of packages, where some may be gone. */
  readonly packages?: PackageFacts;
}

/** Compares. @throws MilleError for layers that nobody could unpack */
export function judge(before: ObservedImage, after: ObservedImage, options: JudgeOptions): Verdict {
  const { noise: known, allows, normalised = new Map<string, string>() } = options;
  const compared = compareFiles(before, after).changes;
  const changes = [...rootChange(before, after), ...compared, ...linkChanges([before, after], compared)];
  const random = randomPaths(changes, known);
  const packages = packagesOf(options, changes);
  const files: FileChange[] = [];
  const noise: string[] = [];
  const leftOut: Verdict['normalised'][number][] = [];
  const allowed = new Map<Allowance, { paths: number; bytes: number }>();
  const coveredBy = (change: FileChange) =>
    allowanceOf(allows, change) ??
    (packages?.covers(change) ? allows.find((one) => one.what === 'packages') : undefined);
  const emptied = emptiedDirectories(allows, changes, (one) => coveredBy(one) !== undefined);
  for (const change of changes) {
    const { path } = change;
    const allowance = coveredBy(change) ?? emptied.get(path);
    const meaningless = normalised.get(path);
    if (allowance) {
      const sum = allowed.get(allowance) ?? { paths: 0, bytes: 0 };
      sum.paths++;
      sum.bytes += change.beforeBytes - change.afterBytes;
      allowed.set(allowance, sum);
    } else if (meaningless !== undefined) leftOut.push({ path, leftOut: meaningless });
    else if (isNoise(known, change) || random.has(path)) noise.push(path);
    else files.push(change);
  }
  const config = compareConfigs(before.config, after.config).filter(
    ({ what }) => !allows.some((one) => one.what === 'config' && one.key === what),
  );
  const missed = packages?.missed ?? [];
  return {
    same: files.length === 0 && config.length === 0 && missed.length === 0,
    ...{ files, config, noise, normalised: leftOut },
    allowed: [...allowed].map(([allowance, sum]): AllowedChange => ({ allowance, ...sum })),
    ...(missed.length === 0 ? {} : { missed }),
  };
}

/** The first that covers a difference; what only comes along with another change comes after all others. */
function allowanceOf(allows: readonly Allowance[], change: FileChange): Allowance | undefined {
  const found = allows.filter((one) => allowsFile(one, change));
  return found.find((one) => one.what !== 'files' || !one.incidental) ?? found[0];
}

function packagesOf({ allows, packages }: JudgeOptions, changes: readonly FileChange[]) {
  const allowances = allows.filter((one) => one.what === 'packages');
  return packages && allowances.length > 0 ? packageChanges(allowances, packages, changes) : undefined;
}

/** What bears other names, in directories where names vary between builds of the original. */
function randomPaths(changes: readonly FileChange[], { random }: Noise): ReadonlySet<string> {
  if (random.length === 0) return new Set();
  const { gone, come } = loneOf(changes);
  const found = random.flatMap((one) => {
    const [old, now] = [gone, come].map((list) => list.filter((lone) => isOne(one, lone)));
    return isAsRandom(one, old!, now!) ? [...old!, ...now!] : [];
  });
  return new Set(found.flatMap(({ path, below }) => [path, ...below.map((entry) => entry.path)]));
}
