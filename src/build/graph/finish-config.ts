// The image config at the end of a build, in the shape that BuildKit gives it.

import type { Digest } from '../../core/index.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig, Platform } from '../../oci/image/index.ts';
import type { HistoryItem, StageState } from './stage-state.ts';

/** What became of a step: the layer it made, if any, and when (RFC 3339). */
export interface StepResult {
  readonly diffId?: Digest;
  readonly created?: string;
}

export interface FinishOptions {
  /** The state after the target stage. */
  readonly state: StageState;
  /** Layers of the image that the first stage of the chain stands on; none for scratch. */
  readonly baseLayers: readonly Digest[];
  /** Results by step id, for the target stage and the stages below it. */
  readonly results: ReadonlyMap<string, StepResult>;
  /** `--label`: added last, and not in the history, as with Docker. */
  readonly labels?: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly created: string;
  /** What the image is said to be for; what its base says by default. */
  readonly platform?: Platform;
}

/** Puts the config of an image together. Steps without a layer become `empty_layer` entries of the history. */
export function finishConfig(options: FinishOptions): ImageConfig {
  const { state, results, labels = {} } = options;
  const diffIds = [...options.baseLayers];
  for (const { step } of state.history) {
    const diffId = step === undefined ? undefined : results.get(step)?.diffId;
    if (diffId !== undefined) diffIds.push(diffId);
  }
  const Labels = { ...state.config.Labels, ...labels };
  const { architecture, os, variant } = finalPlatform(options);
  const { imagePlatform: base } = state;
  const sameSystem = os === base.os && architecture === base.architecture;
  return {
    architecture,
    ...(state.author ? { author: state.author } : {}),
    config: orderConfig({ ...state.config, ...(Object.keys(Labels).length > 0 ? { Labels } : {}) }),
    created: options.created,
    history: finishHistory(state.history, options),
    os,
    ...(sameSystem ? state.imageSystem : {}),
    rootfs: { type: 'layers', diff_ids: diffIds },
    ...(variant ? { variant } : {}),
  };
}

/** As with Docker, a platform that was asked for is what the config says; a variant of the base is not lost by that. */
function finalPlatform({ state, platform }: FinishOptions): Platform {
  const base = state.imagePlatform;
  if (!platform) return base;
  const same = platform.os === base.os && platform.architecture === base.architecture;
  return same && !platform.variant ? base : platform;
}

/** An entry without a layer has the time of the layer before it, or else of the first one after it. */
function finishHistory(items: readonly HistoryItem[], { results, created }: FinishOptions): HistoryEntry[] {
  const timeOf = (item: HistoryItem): string | undefined =>
    item.step === undefined ? undefined : results.get(item.step)?.created;
  let time = items.map(timeOf).find((text) => text !== undefined) ?? created;
  return items.map((item) => {
    // Entries of the base image have their own time.
    if (item.step === undefined && item.entry.created !== undefined) return item.entry;
    time = timeOf(item) ?? time;
    const made = item.step !== undefined && results.get(item.step)?.diffId !== undefined;
    const empty = item.step === undefined ? item.entry.empty_layer === true : !made;
    const { empty_layer: _, ...entry } = item.entry;
    return { created: time, ...entry, ...(empty ? { empty_layer: true } : {}) };
  });
}

const FIELDS = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'ArgsEscaped',
  'Healthcheck',
  'OnBuild',
  'Shell',
] as const satisfies readonly (keyof ContainerConfig)[];

const HEALTH_FIELDS = ['Test', 'Interval', 'Timeout', 'StartPeriod', 'StartInterval', 'Retries'] as const;

/**
 * Known fields in the order of Docker's own documents, empty ones left out. What a base image has besides (older
 * builders wrote host names, limits and the like) is not handed on, as in BuildKit.
 */
function orderConfig(config: ContainerConfig): ContainerConfig {
  const ordered = FIELDS.flatMap((name): [string, unknown][] => {
    const value = orderValue(name, config[name]);
    return isEmpty(value) ? [] : [[name, value]];
  });
  return Object.fromEntries(ordered);
}

function orderValue(name: keyof ContainerConfig, value: unknown): unknown {
  if (name === 'Healthcheck' && value) {
    const health = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      HEALTH_FIELDS.flatMap((field) => (health[field] ? [[field, health[field]]] : [])),
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
