// What is kept of a build, whatever comes of it: its log, and its record with what differed.

import { type EventSink, MilleError } from '../../core/index.ts';
import { openBuildLog } from './build-log.ts';
import { BuildRecorder } from './build-recorder.ts';
import { buildShape } from './build-shape.ts';
import type { BuildGiven, BuildRequest } from './execute-services.ts';
import type { cacheOf, ReadyBuild } from './ready-build.ts';

/** A build that is kept. Closes its log at the end. */
export interface KeptBuild extends Disposable {
  readonly id: string;
  /** Path of the log. */
  readonly log: string;
  readonly steps: number;
  readonly recorder: BuildRecorder;
  /** To be told of every event. */
  readonly note: EventSink;
  succeeded(made: Parameters<BuildRecorder['finish']>[1]): void;
  failed(error: unknown): void;
}

/** What is kept, and where. */
export interface BuildToKeep {
  readonly given: BuildGiven;
  readonly ready: ReadyBuild;
  readonly names: readonly string[];
  readonly cache: ReturnType<typeof cacheOf>;
}

/** Begins to keep a build. One that stands for another has a log, and no record. */
export function keepBuild(
  { store, options, started }: BuildRequest & { readonly started: number },
  { given: { input }, ready: { builds, scope }, names, cache }: BuildToKeep,
): KeptBuild {
  const id = `${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}-${crypto.randomUUID().slice(0, 8)}`;
  const log = openBuildLog(`${store.root}/logs`, id);
  const { path, source } = input.dockerfile;
  const known = {
    ...{ id, scope, dockerfile: path ?? source.name, context: input.contextName, log: log.path },
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(names.length === 0 ? {} : { wanted: names }),
  };
  const shape = buildShape(builds);
  const recorder = new BuildRecorder(known, { started, shape });
  const remember = (...[outcome, made]: Parameters<BuildRecorder['finish']>) => {
    const record = recorder.finish(outcome, made);
    if (options.standsFor === undefined) cache.recordBuild(record, recorder.differences);
  };
  return {
    ...{ id, log: log.path, steps: shape.steps.size, recorder },
    note: (event) => {
      log.write(event);
      recorder.note(event);
    },
    succeeded: (made) => remember('succeeded', made),
    failed: (error) => {
      const interrupted = error instanceof MilleError && error.code === 'interrupted';
      try {
        remember(interrupted ? 'interrupted' : 'failed', {});
      } catch {
        // A full disk refuses the record as well; what went wrong first is what counts.
      }
    },
    [Symbol.dispose]: () => log.close(),
  };
}
