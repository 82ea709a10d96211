// Observing a project: the original built twice from nothing, what its steps took and made, what it reads of the context,
// and how often commits touch that.

import { contextReads } from '../../build/execute/index.ts';
import { readHistory, trackedFiles } from '../../build/source/index.ts';
import { type EventSink, MilleError, type SourceText } from '../../core/index.ts';
import { orderOfSteps } from '../../insight/cost/index.ts';
import {
  type ContextFile,
  type Evidence,
  type HistoryEvidence,
  knownOfOriginal,
  lookAt,
  mayDivide,
  mayStartItself,
  type ObservedImage,
  type StepEvidence,
  type Surroundings,
} from '../../insight/optimize/index.ts';
import { type Noise, noiseOf, noisyPaths } from '../../insight/verify/index.ts';
import { remoteAddress } from '../../lang/address/index.ts';
import type { FileTree } from '../../oci/image/index.ts';
import { filesOf } from '../cost/context-files.ts';
import { type LookedAt, withReadyBuild } from '../cost/with-ready-build.ts';
import type { BuildOptions } from '../types.ts';
import { type BuiltImage, buildImage, type Making } from './built-image.ts';
import { leftOut } from './left-out.ts';
import { newMountSpace } from './mount-space.ts';
import { onceMore } from './network-failure.ts';
import { phase } from './phase.ts';
import { seeNodeProjects } from './see-node-projects.ts';
import { seePrograms } from './see-programs.ts';
import { evidenceOf, originsOf, type SeenReads, seeReads, watching, whyUnwatched } from './see-reads.ts';

/** Commits that are looked at, however old they are: what is usual for a project is, also where it rests. */
const COMMITS = 300;
const SECONDS_OF_A_DAY = 86_400;

/** The original, and all that is known of it. */
export interface Observation {
  readonly source: SourceText;
  /** Absolute. */
  readonly path: string;
  /** Absolute. */
  readonly directory: string;
  readonly ignore?: SourceText;
  readonly around: Omit<Surroundings, 'goal' | 'ignorePath'>;
  readonly first: BuiltImage;
  readonly second: BuiltImage;
  /** Of the cache mounts that both used, the second as the first had left them. */
  readonly mountSpace: string;
  readonly noise: Noise;
  /** What people should know of how it was observed. */
  readonly notes: readonly string[];
}

/** Observes. @throws MilleError as `build` */
export async function observe(
  options: BuildOptions,
  events: EventSink,
  making: Making,
): Promise<Observation> {
  checkPlace(options);
  const mountSpace = newMountSpace();
  making.spaces.add(mountSpace);
  const fresh = { ...options, noCache: true, mountSpace };
  const build = (title: string, given: BuildOptions) =>
    onceMore(
      (name) => phase(events, name, (inner) => buildImage(given, inner, making)),
      [title, `${title}, once more: the network failed`],
    );
  // With cache mounts that are empty yet: what is in them need not be read again.
  const seen = seeReads();
  const first = await build('build the original, and see what its steps read', watching(fresh, seen));
  const second = await build('build it again, to know what differs by itself', fresh).catch(failedAgain);
  const noise = noiseOf(first.image, [
    { image: second.image, normalised: await leftOut(first.image, second.image) },
  ]);
  return await withReadyBuild(options, making.signal, async (looked) => {
    const { given, ready } = looked;
    const { dockerfile } = given.input;
    const { tree, directory } = given.input.context();
    if (directory === undefined || directory !== given.input.contextName) throw notLocal();
    if (dockerfile.path === undefined) throw notAFile();
    const notes = notesOfNoise(noise);
    const history = await historyOf(looked, directory);
    if (typeof history === 'string') notes.push(`how often files change is not known: ${history}`);
    const unwatched = whyUnwatched(seen);
    if (unwatched !== undefined) notes.push(`what the steps read was not seen: ${unwatched}`);
    const steps = stepsOf(looked, { built: [first, second], seen });
    const own = new Set(steps.flatMap(({ layer }) => layer ?? []));
    const nodeProjects = await seeNodeProjects(first.image, own);
    const evidence: Evidence = {
      steps,
      image: first.image,
      noise: noisyPaths(noise),
      context: contextOf(tree, await trackedFiles({ directory, signal: making.signal })),
      ...(typeof history === 'string' ? {} : { history }),
      ...(unwatched === undefined ? {} : { unwatched }),
      ...(nodeProjects.length === 0 ? {} : { nodeProjects }),
    };
    const ignore = given.input.ignoreRules()?.source;
    const images = ready.builds[0]!.images;
    const around = {
      options: ready.settings,
      image: ({ key }: { readonly key: string }) => images.get(key)?.config,
    };
    return {
      source: dockerfile.source,
      path: dockerfile.path,
      directory,
      ...(ignore ? { ignore } : {}),
      around: { ...around, evidence: await withPrograms(evidence, { source: dockerfile.source, around }) },
      ...{ first, second, mountSpace, noise, notes },
    };
  });
}

/** What programs name, where that is of use: reading them takes time. */
async function withPrograms(
  evidence: Evidence,
  {
    source,
    around,
  }: { readonly source: SourceText; readonly around: Omit<Surroundings, 'evidence' | 'goal' | 'ignorePath'> },
): Promise<Evidence> {
  const draft = { source, known: knownOfOriginal(evidence) };
  const subject = lookAt(draft, { ...around, evidence, goal: 'both', ignorePath: '.dockerignore' });
  if (!mayDivide(subject) && !mayStartItself(subject)) return evidence;
  const own = new Set(evidence.steps.flatMap(({ layer }) => layer ?? []));
  return { ...evidence, programs: await seePrograms(evidence.image, own) };
}

/** It was built once: that it is not each time is what has to be mended first. */
function failedAgain(error: unknown): never {
  if (!(error instanceof MilleError) || error.code !== 'step-failed') throw error;
  const { message, span, output } = error;
  throw new MilleError('step-failed', `built twice, and the second time ${message}`, {
    cause: error,
    hint: 'the first time it went well: what the command does depends on more than its inputs',
    ...(output ? { output } : {}),
    ...(span ? { span } : {}),
  });
}

/** What cannot be optimised is refused before anything is built. @throws MilleError `usage` */
export function checkPlace({ context, dockerfile }: BuildOptions): void {
  if (context === '-' || remoteAddress(context)) throw notLocal();
  if (dockerfile !== undefined && (dockerfile === '-' || remoteAddress(dockerfile))) throw notAFile();
}

/** With so many paths that differ by themselves a comparison says little. */
const MUCH_NOISE = 500;

function notesOfNoise(noise: Noise): string[] {
  const size = noisyPaths(noise).size - noise.normalised.size;
  if (size < MUCH_NOISE) return [];
  return [
    `the original built twice differs from itself at ${size} paths: of these only kind, mode and owner can be compared, if that`,
  ];
}

export function notLocal(): MilleError {
  return new MilleError('usage', 'only a context that is a directory of this machine can be optimised', {
    hint: 'clone the repository, or unpack the archive, and give its directory',
  });
}

export function notAFile(): MilleError {
  return new MilleError('usage', 'only a Dockerfile that is a file of this machine can be optimised', {
    hint: 'write it into a file, and name that with -f',
  });
}

function stepsOf(
  build: LookedAt,
  {
    built: [first, second],
    seen,
  }: { readonly built: readonly [BuiltImage, BuiltImage]; readonly seen: SeenReads },
): StepEvidence[] {
  const { ready, execute } = build;
  const tables = tablesOf(first.image);
  const origins = originsOf(build, seen, first.steps);
  return orderOfSteps(ready.builds).flatMap(({ step }): StepEvidence[] => {
    const run = step && first.steps.get(step.id);
    if (!run) return [];
    const again = second.steps.get(step.id)?.seconds ?? run.seconds;
    const { layer, bytes } = run;
    const table =
      layer && ((tables.get(layer) ?? execute.store.layer(layer)) ? execute.store.toc(layer) : undefined);
    const copies =
      step.kind === 'copy' || step.kind === 'add'
        ? contextReads(execute, step).flatMap(({ files }) => files)
        : [];
    const reads = step.kind === 'run' ? seen.reads.get(step.id) : undefined;
    const unwatched = seen.unwatched.get(step.id);
    return [
      {
        ...{ id: step.id, title: step.title, kind: step.kind },
        ...(step.span ? { start: step.span.start } : {}),
        seconds: Math.min(run.seconds, again),
        ...(bytes === undefined ? {} : { bytes }),
        ...(layer === undefined ? {} : { layer }),
        ...(table ? { table } : {}),
        ...(step.kind === 'run' && reads ? { reads: evidenceOf(step, reads, origins) } : {}),
        ...(unwatched === undefined ? {} : { unwatched }),
        ...(copies.length === 0 ? {} : { copies }),
      },
    ];
  });
}

function tablesOf({ diffIds, tables }: ObservedImage) {
  return new Map(diffIds.map((diffId, i) => [diffId, tables[i]!]));
}

export function contextOf(tree: FileTree, tracked: ReadonlySet<string> | undefined): ContextFile[] {
  return filesOf(tree).paths.map((path) => ({
    ...{ path, bytes: tree.get(path)?.size ?? 0 },
    ...(tracked ? { tracked: tracked.has(path) } : {}),
  }));
}

/** @returns why there is none, where there is none */
export async function historyOf(
  { execute, signal }: LookedAt,
  directory: string,
): Promise<HistoryEvidence | string> {
  const now = execute.now();
  const history = await readHistory({ directory, since: 0, most: COMMITS, signal });
  if (typeof history === 'string') return history;
  const { commits } = history;
  if (commits.length === 0) return 'git knows of no change to these files since they were added';
  const oldest = Math.min(...commits.map(({ time }) => time));
  return {
    commits: commits.map(({ paths }) => paths),
    days: Math.max(1, (now - oldest) / SECONDS_OF_A_DAY),
  };
}
