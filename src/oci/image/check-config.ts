// The shape of an image's config: every field that this program reads is of the type that the OCI image spec and Docker
// give it, or absent. Go's tools write `null` for what is empty; here it is absent.

import type { ContainerConfig, HealthConfig, HistoryEntry, ImageConfig } from './documents.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A kind of value: how it is called, and what is of it. */
interface Shape {
  readonly called: string;
  readonly holds: (value: unknown) => boolean;
}

const TEXT: Shape = { called: 'a text', holds: (value) => typeof value === 'string' };
const FLAG: Shape = { called: 'true or false', holds: (value) => typeof value === 'boolean' };
const NUMBER: Shape = { called: 'a number', holds: (value) => Number.isFinite(value) };
const TEXTS: Shape = {
  called: 'a list of texts',
  holds: (value) => Array.isArray(value) && value.every(TEXT.holds),
};
/** Only its names say something. */
const NAMES: Shape = { called: 'an object', holds: isRecord };
const MAP: Shape = {
  called: 'an object of texts',
  holds: (value) => isRecord(value) && Object.values(value).every(TEXT.holds),
};

type Shapes<T> = { readonly [Name in keyof Required<T>]: Shape };

const HEALTH: Shapes<HealthConfig> = {
  Test: TEXTS,
  Interval: NUMBER,
  Timeout: NUMBER,
  StartPeriod: NUMBER,
  StartInterval: NUMBER,
  Retries: NUMBER,
};

const CONTAINER: Shapes<ContainerConfig> = {
  User: TEXT,
  ExposedPorts: NAMES,
  Env: TEXTS,
  Entrypoint: TEXTS,
  Cmd: TEXTS,
  Volumes: NAMES,
  WorkingDir: TEXT,
  Labels: MAP,
  StopSignal: TEXT,
  ArgsEscaped: FLAG,
  Healthcheck: NAMES,
  Shell: TEXTS,
  OnBuild: TEXTS,
};

const HISTORY: Shapes<HistoryEntry> = {
  created: TEXT,
  created_by: TEXT,
  author: TEXT,
  comment: TEXT,
  empty_layer: FLAG,
};

const IMAGE: Shapes<Omit<ImageConfig, 'rootfs' | 'history' | 'config'>> = {
  os: TEXT,
  architecture: TEXT,
  variant: TEXT,
  'os.version': TEXT,
  'os.features': TEXTS,
  created: TEXT,
  author: TEXT,
};

/** Annotations of a descriptor or a manifest. */
export function areAnnotations(value: unknown): boolean {
  return value === undefined || value === null || MAP.holds(value);
}

/** Whether a value is a platform, or absent. */
export function isPlatformOrNone(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!isRecord(value)) return false;
  const { os, architecture, variant } = value;
  return [os, architecture, variant ?? ''].every(TEXT.holds);
}

/**
 * The fields of a config, less those that are `null`.
 * @param complain called with what is wrong; has to throw
 */
export function checkedFields(value: Fields, complain: (what: string) => never): Fields {
  const image = checked(value, IMAGE, complain);
  const { config, history } = image;
  return {
    ...image,
    ...(config === undefined ? {} : { config: checkedContainer(config, complain) }),
    ...(history === undefined ? {} : { history: checkedHistory(history, complain) }),
  };
}

function checkedContainer(value: unknown, complain: (what: string) => never): Fields {
  if (!isRecord(value)) complain("the image config's 'config' is not an object");
  const config = checked(value, CONTAINER, complain);
  const { Healthcheck } = config;
  return isRecord(Healthcheck) ? { ...config, Healthcheck: checked(Healthcheck, HEALTH, complain) } : config;
}

function checkedHistory(value: unknown, complain: (what: string) => never): readonly Fields[] {
  if (!Array.isArray(value)) complain("the image config's history is not a list");
  return value.map((entry: unknown) => {
    if (!isRecord(entry)) complain("an entry of the image config's history is not an object");
    return checked(entry, HISTORY, complain);
  });
}

/** Those fields of which a shape is known are of it. */
function checked(
  value: Fields,
  shapes: Readonly<Record<string, Shape>>,
  complain: (what: string) => never,
): Fields {
  const pairs = Object.entries(value).filter(([, one]) => one !== null);
  for (const [name, one] of pairs) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape && !shape.holds(one)) complain(`the image config's '${name}' is not ${shape.called}`);
  }
  return Object.fromEntries(pairs);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
