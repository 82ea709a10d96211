// The base that a program needs which was compiled: where an image stands on a compiler, the distribution that the compiler
// was put on is tried for its last stage, without anybody naming it; on a JDK the image that has the runtime alone.

import { type EventSink, MilleError } from '../../core/index.ts';
import {
  javaRelease,
  jreImageOf,
  knownOfOriginal,
  lookAt,
  type ObservedImage,
  plainImageOf,
  type Rewrite,
  standsOnCompiler,
} from '../../insight/optimize/index.ts';
import { OS_RELEASE_PATHS, readOsRelease, type SystemName } from '../../insight/packages/index.ts';
import { seenTree } from '../../insight/programs/index.ts';
import { withImage } from '../open-image/open-image.ts';
import { readFiles } from '../open-image/read-files.ts';
import { withServices } from '../services.ts';
import type { BuildOptions } from '../types.ts';
import type { Making } from './built-image.ts';
import type { Observation } from './observe.ts';
import { type BesideBase, slimmerBase } from './slimmer-base.ts';
import type { OptimizeOptions } from './types.ts';

/** What is asked. */
export interface OwnBaseRequest {
  readonly build: BuildOptions;
  readonly goal: OptimizeOptions['goal'];
  readonly rewrites: readonly Rewrite[];
  readonly events: EventSink;
  readonly making: Making;
}

/** How what was observed is seen beside it, or why it was not tried; undefined where no other base is wanted. */
export async function ownBase(
  { around, source, first }: Observation,
  { build, goal, rewrites, events, making }: OwnBaseRequest,
): Promise<BesideBase | string | undefined> {
  if (goal === 'rebuild' || !rewrites.some(({ name }) => name === 'build-stage' || name === 'slimmer-base'))
    return undefined;
  const draft = { source, known: knownOfOriginal(around.evidence) };
  const found = standsOnCompiler(lookAt(draft, { ...around, goal, ignorePath: '.dockerignore' }));
  if (!found) return undefined;
  const { reference, java } = found;
  const seen = await seenOf(first.image, java);
  const name = java === undefined ? seen.system && plainImageOf(seen.system) : jreOf(reference, seen);
  if (name === undefined && java !== undefined)
    return `the JDK of ${reference} is in the image, and which image has its runtime alone is not known: --base IMAGE tries one`;
  if (name === undefined || name === reference) return undefined;
  try {
    const beside = await slimmerBase(build, name, { events, making });
    return async (given) => {
      const { evidence, ...rest } = await beside(given);
      return { ...rest, evidence: { ...evidence, slimmer: { ...evidence.slimmer!, own: true } } };
    };
  } catch (error) {
    if (!(error instanceof MilleError) || making.signal.aborted) throw error;
    const what = java === undefined ? 'compilers' : 'JDK';
    return `a last stage on ${name} was not tried, without the ${what} of ${reference}: ${error.message.replace(/^--base: /, '')}`;
  }
}

/** What files of an image say. */
interface Seen {
  readonly system?: SystemName;
  /** Of Java. */
  readonly release?: number;
}

function jreOf(reference: string, { system, release }: Seen): string | undefined {
  if (release === undefined) return undefined;
  return jreImageOf({ reference, release, alpine: system?.id === 'alpine' });
}

/** @param java its path, where it is asked for: beside its directory, or above that, lies a file that names its release */
async function seenOf({ imageId, tables, config }: ObservedImage, java: string | undefined): Promise<Seen> {
  const tree = seenTree(tables);
  const homes =
    java === undefined ? [] : [/\/bin\/java$/, /\/jre\/bin\/java$/].map((end) => java.replace(end, ''));
  const releases = homes.map((home) => `${home}/release`).filter((path) => tree.entries.has(path));
  const places = OS_RELEASE_PATHS.flatMap((path) => tree.follow(path)?.at(-1) ?? []);
  const files = await withServices('read', (services) =>
    withImage(services, imageId, {}, (image) => readFiles(image, tree, new Set([...places, ...releases]))),
  );
  const textOf = (path: string) => {
    const bytes = files.get(path);
    return bytes === undefined ? [] : [new TextDecoder().decode(bytes)];
  };
  const [text] = places.flatMap(textOf);
  const system = text === undefined ? undefined : readOsRelease(text);
  const [release] = [...releases.flatMap(textOf), ...(config.config?.Env ?? [])].flatMap(
    (one) => javaRelease(one) ?? [],
  );
  return { ...(system ? { system } : {}), ...(release === undefined ? {} : { release }) };
}
