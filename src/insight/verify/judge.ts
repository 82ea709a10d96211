// Judges a rewrite's image against the original's.

import { compareConfigs, compareFiles, type FileChange } from '../differences/index.ts';
import type { Allowance, ObservedImage } from '../optimize/index.ts';
import type { AllowedChange, Verdict } from './types.ts';

/** What is known besides the two images. */
export interface JudgeOptions {
  /** Paths at which the original built twice differs from itself. */
  readonly noise: ReadonlySet<string>;
  readonly allows: readonly Allowance[];
}

/** Compares. @throws MilleError for layers that nobody could unpack */
export function judge(before: ObservedImage, after: ObservedImage, options: JudgeOptions): Verdict {
  const files: FileChange[] = [];
  const noise: string[] = [];
  const allowed = new Map<Allowance, { paths: number; bytes: number }>();
  for (const change of compareFiles(before, after).changes) {
    const allowance = options.allows.find((one) => allowsFile(one, change));
    if (allowance) {
      const sum = allowed.get(allowance) ?? { paths: 0, bytes: 0 };
      sum.paths++;
      sum.bytes += change.beforeBytes - change.afterBytes;
      allowed.set(allowance, sum);
    } else if (options.noise.has(change.path)) noise.push(change.path);
    else files.push(change);
  }
  const config = compareConfigs(before.config, after.config).filter(
    ({ what }) => !options.allows.some((one) => one.what === 'config' && one.key === what),
  );
  return {
    same: files.length === 0 && config.length === 0,
    ...{ files, config, noise },
    allowed: [...allowed].map(([allowance, sum]): AllowedChange => ({ allowance, ...sum })),
  };
}

/** Paths at which two builds of the same differ, times left out. */
export function noiseOf(first: ObservedImage, second: ObservedImage): ReadonlySet<string> {
  return new Set(compareFiles(first, second).changes.map(({ path }) => path));
}

function allowsFile(allowance: Allowance, { path, kind, aspects }: FileChange): boolean {
  if (allowance.what !== 'files' || allowance.change !== kind || !isBelow(path, allowance.below))
    return false;
  return (
    allowance.aspects === undefined ||
    aspects.every((aspect) => allowance.aspects!.some((one) => one === aspect))
  );
}

/** Whether a path is another one or below it; `*` in that stands for anything within one name. */
function isBelow(path: string, root: string): boolean {
  const names = path.split('/');
  return root.split('/').every((name, i) => names[i] !== undefined && fits(names[i], name));
}

function fits(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return name === pattern;
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
