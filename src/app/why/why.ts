// `mille why`: a build of the past explained from its record.

import {
  type BuildRecord,
  type BuildStageRecord,
  type BuildStepRecord,
  type Difference,
  openCache,
  type ParentName,
} from '../../build/cache/index.ts';
import { readFileInput } from '../../build/graph/index.ts';
import { hideSecrets, MilleError } from '../../core/index.ts';
import { formatReference, parseReference } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, statAt, workingDirectory } from '../../sys/index.ts';
import { type Services, withServices } from '../services.ts';
import { type Around, causesOf, chainOf, isMiss, type Link, twinOf } from './chain.ts';
import { describeDifference } from './describe.ts';
import { type ChangedFile, diffFiles } from './file-diff.ts';
import { findBuild, findBuilds } from './find-build.ts';
import type {
  MovedBase,
  WhyBuild,
  WhyCause,
  WhyComparison,
  WhyOptions,
  WhyReport,
  WhyStep,
} from './types.ts';

/** Explains a build. See `WhyVerbs.why`. */
export function why(options: WhyOptions): Promise<WhyReport> {
  return withServices('read', async (services) => {
    const { store, builds, cache } = await remembered(services);
    const build = findBuild({ store, builds, here: workingDirectory() }, options.subject);
    const differences = cache.buildDifferences(build.id);
    const earlier = new Map(builds.map((one) => [one.id, one]));
    const baseMoved: Around['baseMoved'] = (from, step) =>
      movedBase({ build, earlier }, from, step) !== undefined;
    const chain = chainOf(build, { differences, baseMoved });
    const numbers = numbersOf(build);
    const known: Known = { build, earlier, differences, chain, numbers };
    const chosen = chooseSteps(build, numbers, options.step);
    const steps: WhyStep[] = [];
    for (const step of chosen) {
      const described = describeStep(known, step);
      steps.push(options.diff ? await withDiffs(store, known, { step, described }) : described);
    }
    return {
      build: describeBuild(build),
      steps,
      begun: build.steps.length,
      unreached: (build.unreached ?? []).map((one) => hideSecrets(one)),
      causes: describeCauses(known),
    };
  });
}

/** Lists builds. See `WhyVerbs.builds`. */
export function builds(subject?: string): Promise<readonly WhyBuild[]> {
  return withServices('read', async (services) => {
    const { store, builds } = await remembered(services);
    return findBuilds({ store, builds, here: workingDirectory() }, subject).map(describeBuild);
  });
}

async function remembered(services: Services) {
  const store = await services.store();
  const cache = openCache(store.db, { hasLayer: () => false });
  return { store, cache, builds: cache.builds() };
}

/** What is known of a build, for describing its steps. */
interface Known {
  readonly build: BuildRecord;
  /** All builds, by their ids. */
  readonly earlier: ReadonlyMap<string, BuildRecord>;
  readonly differences: ReadonlyMap<string, readonly Difference[]>;
  readonly chain: ReadonlyMap<string, Link>;
  readonly numbers: ReadonlyMap<string, number>;
}

/** The numbers of steps in the build's output; records of before they were kept are counted as they are. */
function numbersOf(build: BuildRecord): ReadonlyMap<string, number> {
  return new Map(build.steps.map((step, i) => [step.id, step.number ?? i + 1]));
}

function chooseSteps(
  build: BuildRecord,
  numbers: ReadonlyMap<string, number>,
  wanted: string | undefined,
): readonly BuildStepRecord[] {
  const steps = [...build.steps].sort((a, b) => numbers.get(a.id)! - numbers.get(b.id)!);
  if (wanted === undefined) return steps;
  const number = /^#?([0-9]{1,6})$/.exec(wanted)?.[1];
  const chosen = steps.filter((step) =>
    number === undefined
      ? step.title.toLowerCase().includes(wanted.toLowerCase())
      : numbers.get(step.id) === Number(number),
  );
  if (chosen.length > 0) return chosen;
  const unreached = number === undefined && build.unreached?.find((title) => title.includes(wanted));
  throw new MilleError(
    'usage',
    unreached ? `the build ended before ${unreached}` : `the build ${build.id} has no step '${wanted}'`,
    {
      hint: `its steps are #1 to #${steps.length}, as 'mille why ${build.id}' lists them; or give a part of a title`,
    },
  );
}

function describeBuild(build: BuildRecord): WhyBuild {
  const { id, started, seconds, outcome, imageId, dockerfile, context, target, log } = build;
  const names = build.names && build.names.length > 0 ? build.names : (build.wanted ?? []);
  const missed = build.steps.filter(isMiss).length;
  return {
    ...{ id, started, seconds, outcome, dockerfile, context, missed },
    names: names.map(familiar),
    ...(imageId === undefined ? {} : { imageId }),
    ...(target === undefined ? {} : { target }),
    ...(log !== undefined && statAt(CWD, log) ? { log } : {}),
    reused: build.steps.filter((step) => step.outcome === 'cached').length,
  };
}

function familiar(name: string): string {
  return formatReference(parseReference(name));
}

function describeStep(known: Known, step: BuildStepRecord): WhyStep {
  const { numbers, chain } = known;
  const { id, title, line, outcome, seconds, bytes, files, layer, reasons = [] } = step;
  const { took, imported, message } = step;
  const link = chain.get(id) ?? { follows: [], own: false, spared: [] };
  const toNumbers = (ids: readonly string[]) => ids.flatMap((one) => numbers.get(one) ?? []);
  const comparison = describeComparison(known, step);
  const moved = movedOf(known, step);
  const twin = twinOf(known.build.steps, step);
  const spares = known.build.steps.filter((other) => chain.get(other.id)?.spared.includes(id));
  return {
    ...{ id, title: hideSecrets(title), outcome, seconds, reasons },
    number: numbers.get(id)!,
    ...(line === undefined ? {} : { line }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(files === undefined ? {} : { files }),
    ...(layer === undefined ? {} : { layer }),
    ...(comparison ? { comparison } : {}),
    ...(moved ? { moved } : {}),
    follows: toNumbers(link.follows),
    own: link.own,
    spared: toNumbers(link.spared),
    spares: spares.map((other) => numbers.get(other.id)!),
    sparesSeconds: spares.reduce((sum, other) => sum + (other.took ?? 0), 0),
    ...(twin ? { sameAs: numbers.get(twin.id)! } : {}),
    ...(took === undefined ? {} : { took }),
    ...(imported === undefined ? {} : { imported }),
    ...(message === undefined ? {} : { message: hideSecrets(message) }),
  };
}

function describeComparison(known: Known, step: BuildStepRecord): WhyComparison | undefined {
  const { compared } = step;
  if (!compared) return undefined;
  const differences = known.differences.get(step.id) ?? [];
  const parent = parentOf(known, step);
  const around = {
    instruction: { before: compared.instruction, after: step.instruction ?? compared.instruction },
    ...(parent ? { parent } : {}),
  };
  return {
    buildId: compared.buildId,
    created: compared.created,
    seconds: compared.seconds,
    files: compared.files,
    total: compared.differences,
    differences: differences.map((one) => describeDifference(one, around)),
    forgotten: differences.length === 0 && compared.differences > 0,
  };
}

/** The words that the build itself used for what a step stands on. */
function parentOf({ build }: Known, step: BuildStepRecord): ParentName | undefined {
  const reason = step.reasons?.find(({ kind }) => kind === 'parent');
  const below = build.steps.find(({ id }) => id === step.standsOn);
  if (!reason) return undefined;
  if (below?.title === reason.subject) return { kind: 'step', title: reason.subject };
  if (reason.text.startsWith('base image')) return { kind: 'base', title: reason.subject };
  if (reason.text.startsWith('stage')) return { kind: 'stage', title: reason.subject };
  return { kind: 'earlier-step', title: reason.subject };
}

/** How the image of a FROM differs; undefined where it does not, or nothing is known of then. */
function movedBase(
  { build, earlier }: Pick<Known, 'build' | 'earlier'>,
  from: string,
  { compared }: BuildStepRecord,
): MovedBase | undefined {
  if (!compared) return undefined;
  const isFrom = (stage: BuildStageRecord) => (stage.from ?? `${stage.index}.from`) === from;
  const now = build.stages?.find(isFrom);
  // A record of before they were kept says no platform.
  const then = earlier
    .get(compared.buildId)
    ?.stages?.find(({ name, platform = now?.platform }) => name === now?.name && platform === now?.platform);
  if (!now?.image || !then?.image || now.image === then.image) return undefined;
  const { buildId, created } = compared;
  return { before: then.image, after: now.image, buildId, created };
}

/** The same for a step that is a FROM and made others run. */
function movedOf(known: Known, from: BuildStepRecord): MovedBase | undefined {
  if (!/^\d+\.from(@|$)/.test(from.id)) return undefined;
  const follower = known.build.steps.find(({ id }) => known.chain.get(id)?.follows.includes(from.id));
  return follower && movedBase(known, from.id, follower);
}

function describeCauses({ build, chain, numbers }: Known): readonly WhyCause[] {
  const sum = (steps: readonly BuildStepRecord[], of: (step: BuildStepRecord) => number | undefined) =>
    steps.reduce((total, step) => total + (of(step) ?? 0), 0);
  const causes = causesOf(build, chain).map(({ step, followers }) => ({
    number: numbers.get(step.id)!,
    seconds: step.seconds,
    bytes: step.bytes ?? 0,
    followers: followers.map(({ id }) => numbers.get(id)!),
    followSeconds: sum(followers, ({ seconds }) => seconds),
    followBytes: sum(followers, ({ bytes }) => bytes),
  }));
  return causes.sort((a, b) => b.seconds + b.followSeconds - (a.seconds + a.followSeconds));
}

async function withDiffs(
  store: Store,
  { differences }: Known,
  { step, described }: { readonly step: BuildStepRecord; readonly described: WhyStep },
): Promise<WhyStep> {
  const { comparison } = described;
  if (!comparison) return described;
  const files = (differences.get(step.id) ?? []).flatMap(changedFile);
  const layers = { before: step.compared?.layer, after: step.layer };
  const diffs = await diffFiles(store, layers, files);
  const shown = comparison.differences.map((difference) => {
    const diff = difference.kind === 'file' ? diffs.get(difference.name) : undefined;
    return diff ? { ...difference, diff } : difference;
  });
  return { ...described, comparison: { ...comparison, differences: shown } };
}

/** A file whose content changed; nothing else has a text to compare. */
function changedFile({ kind, name, before, after }: Difference): ChangedFile[] {
  if (kind !== 'file') return [];
  const [old, now] = [before, after].map((value) => contentDigest(value ?? ''));
  return old === undefined || now === undefined || old === now
    ? []
    : [{ path: name, before: old, after: now }];
}

function contentDigest(value: string): string | undefined {
  const file = readFileInput(value);
  return file?.type === 'file' ? /^[0-9a-f]{16}(?= |$)/.exec(file.content)?.[0] : undefined;
}
