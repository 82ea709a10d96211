// The base that a program needs which was compiled: where an image stands on a compiler, the distribution that the compiler
// was put on is tried for its last stage, without anybody naming it.

import { type EventSink, MilleError } from '../../core/index.ts';
import {
  knownOfOriginal,
  lookAt,
  plainImageOf,
  type Rewrite,
  standsOnCompiler,
} from '../../insight/optimize/index.ts';
import { OS_RELEASE_PATHS, readOsRelease, type SystemName } from '../../insight/packages/index.ts';
import { seenTree } from '../../insight/programs/index.ts';
import { readTables, withImage } from '../open-image/open-image.ts';
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
  const system = found && (await systemOf(first.image.imageId));
  const name = system && plainImageOf(system);
  if (name === undefined || name === found?.reference) return undefined;
  try {
    const beside = await slimmerBase(build, name, { events, making });
    return async (given) => {
      const { evidence, ...rest } = await beside(given);
      return { ...rest, evidence: { ...evidence, slimmer: { ...evidence.slimmer!, own: true } } };
    };
  } catch (error) {
    if (!(error instanceof MilleError) || making.signal.aborted) throw error;
    return `a last stage on ${name} was not tried, without the compilers of ${found!.reference}: ${error.message.replace(/^--base: /, '')}`;
  }
}

async function systemOf(imageId: string): Promise<SystemName | undefined> {
  return await withServices('read', (services) =>
    withImage(services, imageId, {}, async (image) => {
      const tree = seenTree(await readTables(image));
      const places = OS_RELEASE_PATHS.flatMap((path) => tree.follow(path)?.at(-1) ?? []);
      const files = await readFiles(image, tree, new Set(places));
      const bytes = places.map((path) => files.get(path)).find((found) => found !== undefined);
      return bytes && readOsRelease(new TextDecoder().decode(bytes));
    }),
  );
}
