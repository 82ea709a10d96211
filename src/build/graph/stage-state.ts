// What one stage hands to the next: the config so far, the variables in scope, the history. An image from outside
// or `scratch` gives the same.

import {
  type ContainerConfig,
  type HistoryEntry,
  type ImageConfig,
  normalizePlatform,
  type Platform,
  type SystemDetails,
} from '../../oci/image/index.ts';
import { Environment, splitVariable } from './environment.ts';

/** The PATH that an image without one gets. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** One line of history; `step` is the id of the step that may make a layer for it. */
export interface HistoryItem {
  readonly entry: HistoryEntry;
  readonly step?: string;
}

/** An ARG that was declared; `value` is absent when it has none. */
export interface DeclaredArgument {
  readonly name: string;
  readonly value?: string;
}

/** The state in front of an instruction. Values are never changed in place. */
export interface StageState {
  readonly config: ContainerConfig;
  readonly author?: string;
  /** What the steps are executed for. */
  readonly platform: Platform;
  /** What the config of the image below says that it is for. */
  readonly imagePlatform: Platform;
  /** And of its operating system. */
  readonly imageSystem?: SystemDetails;
  readonly environment: Environment;
  readonly args: readonly DeclaredArgument[];
  readonly history: readonly HistoryItem[];
  /** Whether a stage of this Dockerfile has set WORKDIR. */
  readonly workdirSet: boolean;
}

/** The state that `FROM scratch` opens. */
export function scratchState(platform: Platform): StageState {
  return {
    config: { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' },
    platform,
    imagePlatform: platform,
    environment: new Environment(),
    args: [],
    history: [],
    workdirSet: false,
  };
}

/** The state of files that stand in the place of a stage: no config at all. */
export function filesState(platform: Platform): StageState {
  return { ...scratchState(platform), config: {} };
}

/** The state that FROM with an image from outside opens. Its ONBUILD triggers are the plan's business. */
export function imageState(image: ImageConfig, platform: Platform): StageState {
  const { OnBuild: _, ...config } = image.config ?? {};
  return {
    config,
    ...(image.author ? { author: image.author } : {}),
    platform,
    imagePlatform: normalizePlatform(image),
    imageSystem: {
      ...(image['os.version'] ? { 'os.version': image['os.version'] } : {}),
      ...(image['os.features'] ? { 'os.features': image['os.features'] } : {}),
    },
    environment: new Environment(),
    args: [],
    history: (image.history ?? []).map((entry) => ({ entry })),
    workdirSet: false,
  };
}

/** The state at the start of a stage on `base`: PATH is sure to be set, and ENV of the image wins over ARG. */
export function openStage(base: StageState): StageState {
  const { OnBuild: _, ...config } = base.config;
  const env = config.Env ?? [];
  const hasPath = env.some((text) => splitVariable(text).name === 'PATH');
  const Env = hasPath || base.platform.os === 'windows' ? env : [...env, `PATH=${DEFAULT_PATH}`];
  const variables = Env.map((text) => ({ ...splitVariable(text), origin: 'environment' as const }));
  return { ...base, config: { ...config, Env }, environment: base.environment.with(...variables) };
}
