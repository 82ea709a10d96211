// The config of an image on another base: what it inherited comes from the new base, what it says itself stays. As a
// build on the new base would make it (Dockerfile reference: ENV, ENTRYPOINT and CMD, ONBUILD).

import type { ContainerConfig, ImageConfig } from '../../oci/image/index.ts';

/** A merged config, and where its parts come from. */
export interface ConfigMerge {
  readonly config: ContainerConfig;
  /** Names of what was inherited and is otherwise now: `Cmd`, `Env PYTHON_VERSION`. */
  readonly taken: readonly string[];
  /** Names of what the image says itself. */
  readonly kept: readonly string[];
  /** Variables that hold the old base's value within their own, with the new base's in its place: `PATH`. */
  readonly rewoven: readonly string[];
}

type Merging = { readonly [K in 'taken' | 'kept' | 'rewoven']: string[] };

const WHOLE = ['User', 'WorkingDir', 'Entrypoint', 'Cmd', 'StopSignal', 'Healthcheck', 'Shell'] as const;
const KEYED = ['Labels', 'ExposedPorts', 'Volumes'] as const;

/** Merges. */
export function mergeConfigs(images: {
  readonly from: ImageConfig;
  readonly image: ImageConfig;
  readonly onto: ImageConfig;
}): ConfigMerge {
  const [from, own, onto] = [images.from.config ?? {}, images.image.config ?? {}, images.onto.config ?? {}];
  const told: Merging = { taken: [], kept: [], rewoven: [] };
  const whole: Record<string, unknown> = {};
  for (const key of WHOLE) {
    const isOwn = !same(own[key], from[key]) || isReset(key, { from, own });
    const value = isOwn ? own[key] : onto[key];
    if (isOwn && own[key] !== undefined) told.kept.push(key);
    if (!isOwn && !same(own[key], value)) told.taken.push(key);
    if (value !== undefined) whole[key] = value;
  }
  for (const key of KEYED) {
    const value = mergeKeys(key, { from: from[key], own: own[key], onto: onto[key] }, told);
    if (Object.keys(value).length > 0) whole[key] = value;
  }
  const Env = mergeEnv({ from: from.Env, own: own.Env, onto: onto.Env }, told);
  const { ArgsEscaped, OnBuild } = own;
  const config: ContainerConfig = {
    ...whole,
    ...(Env.length > 0 ? { Env } : {}),
    ...(ArgsEscaped === undefined ? {} : { ArgsEscaped }),
    // A base's triggers ran when the image was built; those that it has are its own.
    ...(OnBuild === undefined || same(OnBuild, from.OnBuild) ? {} : { OnBuild }),
  };
  return { config, ...told };
}

/** ENTRYPOINT takes away the CMD of the base, so that none in the image is its own. */
function isReset(
  key: string,
  { from, own }: { readonly from: ContainerConfig; readonly own: ContainerConfig },
) {
  return key === 'Cmd' && own.Cmd === undefined && !same(own.Entrypoint, from.Entrypoint);
}

interface Three<T> {
  readonly from: T | undefined;
  readonly own: T | undefined;
  readonly onto: T | undefined;
}

function mergeKeys(
  name: string,
  { from = {}, own = {}, onto = {} }: Three<Readonly<Record<string, unknown>>>,
  told: Merging,
): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(onto), ...Object.keys(own)])) {
    const isOwn = Object.hasOwn(own, key) && !(Object.hasOwn(from, key) && same(own[key], from[key]));
    if (isOwn) {
      merged[key] = own[key];
      told.kept.push(`${name} ${key}`);
      continue;
    }
    if (Object.hasOwn(onto, key)) merged[key] = onto[key];
    if (!same(own[key], merged[key])) told.taken.push(`${name} ${key}`);
  }
  return merged;
}

function mergeEnv({ from, own, onto }: Three<readonly string[]>, told: Merging): string[] {
  const [old, mine, now] = [variables(from), variables(own), variables(onto)];
  const merged: string[] = [];
  for (const name of new Set([...now.keys(), ...mine.keys()])) {
    const [before, value, after] = [old.get(name), mine.get(name), now.get(name)];
    if (value === undefined || value === before) {
      if (after !== undefined) merged.push(`${name}=${after}`);
      if (value !== after) told.taken.push(`Env ${name}`);
      continue;
    }
    const woven = before !== after ? reweave(value, before, after) : undefined;
    (woven === undefined ? told.kept : told.rewoven).push(`Env ${name}`);
    merged.push(`${name}=${woven ?? value}`);
  }
  return merged;
}

/** `/app/bin:$PATH` was written with the old base's value; that of the new one takes its place. */
function reweave(value: string, before: string | undefined, after: string | undefined): string | undefined {
  if (!before || after === undefined) return undefined;
  if (value.endsWith(`:${before}`)) return value.slice(0, -before.length) + after;
  if (value.startsWith(`${before}:`)) return after + value.slice(before.length);
  return undefined;
}

function variables(env: readonly string[] = []): ReadonlyMap<string, string> {
  return new Map(
    env.map((one) => {
      const at = one.indexOf('=');
      return at < 0 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
