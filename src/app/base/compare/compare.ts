// `mille base compare`: images measured side by side, and a Dockerfile built on each.

import { type Digest, type EventSink, MilleError } from '../../../core/index.ts';
import { LIFE_CYCLES, type LifeCycles } from '../../../insight/tags/index.ts';
import { CWD, statAt } from '../../../sys/index.ts';
import { datesOf } from '../../life-cycles/dates.ts';
import { lifeCyclesOf } from '../../life-cycles/kept.ts';
import { withImage } from '../../open-image/open-image.ts';
import { parsePlace } from '../../open-image/place.ts';
import { type Making, removeImages, storedImages } from '../../optimize/built-image.ts';
import { clearMountSpaces } from '../../optimize/mount-space.ts';
import { phase } from '../../optimize/phase.ts';
import { readTrust } from '../../pull/read-trust.ts';
import { type Services, withServices } from '../../services.ts';
import { assessInventories } from '../../vulnerabilities/assess.ts';
import { buildOnBases, fetchBase } from './build-on.ts';
import { type LookedAtBase, layersHere, lookAtBase } from './look-at-base.ts';
import { misfitsOn } from './misfits-on.ts';
import { type PartsOfProject, withParts } from './parts-on-bases.ts';
import { chosenFroms, onBase, withProject } from './project.ts';
import type { BuildOnBases, CompareBasesOptions, CompareBasesResult, ComparedBase } from './types.ts';

/** Compares. See `CompareBaseVerbs.compareBases`. */
export async function compareBases(
  options: CompareBasesOptions,
  events: EventSink,
  signal: AbortSignal,
): Promise<CompareBasesResult> {
  const { build } = options;
  if (!build) {
    const bases = await withServices('write', async (services) => {
      const around: Around = { options, events, signal, cycles: await cyclesOf(services) };
      const found: LookedAtBase[] = [];
      for (const name of options.images) found.push(await lookAt(services, { name }, around));
      return await withVulnerabilities(services, await withOwnParts(services, found, around), around);
    });
    return { bases, dates: datesOfBases(bases) };
  }
  checkNames(options.images);
  const before = await storedImages();
  const making: Making = { signal, made: new Set(), spaces: new Set() };
  try {
    const compared = await compareBuilt(options, build, { events, making });
    return { ...compared, dates: datesOfBases(compared.bases) };
  } finally {
    await removeImages(making.made, before);
    await clearMountSpaces(making.spaces);
  }
}

function datesOfBases(bases: readonly ComparedBase[]): CompareBasesResult['dates'] {
  return datesOf(
    bases.map(({ support }) => support),
    LIFE_CYCLES,
  );
}

/** FROM needs a name. @throws MilleError `usage` */
function checkNames(images: readonly string[]): void {
  const wrong = images.find(
    (name) =>
      !/^[\w][\w./:@-]*$/.test(name) ||
      !['anywhere', 'elsewhere', 'registry', 'store'].includes(parsePlace(name, exists).kind),
  );
  if (wrong === undefined) return;
  throw new MilleError('usage', `nothing can be built on ${wrong}: FROM takes names of images`, {
    hint: 'take it into the store first (mille load), and give its name',
  });
}

function exists(path: string): boolean {
  return statAt(CWD, path) !== undefined;
}

interface Around {
  readonly options: CompareBasesOptions;
  readonly events: EventSink;
  readonly signal: AbortSignal;
  readonly cycles: LifeCycles;
}

async function cyclesOf(services: Services): Promise<LifeCycles> {
  return lifeCyclesOf((await services.store()).root);
}

async function openOptions(services: Services, { options: { platform, ca }, signal }: Around) {
  const trust = ca === undefined ? undefined : readTrust(await services.store(), ca);
  return {
    signal,
    ...(platform === undefined ? {} : { platform }),
    ...(trust === undefined ? {} : { ca: trust }),
  };
}

async function lookAt(
  services: Services,
  image: { readonly name: string; readonly id?: string },
  around: Around,
): Promise<LookedAtBase> {
  const how = await openOptions(services, around);
  return await phase(around.events, `look at ${image.name}`, (_, progress) =>
    lookAtBase(services, {
      ...{ ...image, cycles: around.cycles },
      options: {
        ...{ ...how, contents: true },
        progress: (done, total) => progress('read', done, total),
      },
    }),
  );
}

/** What is known of their packages, where there is data; else why there is no figure. */
async function withVulnerabilities(
  services: Services,
  looked: readonly LookedAtBase[],
  { options: { vulnDb }, signal }: Around,
): Promise<ComparedBase[]> {
  const { root } = await services.store();
  const assessed = await assessInventories(
    looked.map(({ inventory }) => inventory),
    { root, ...(vulnDb === undefined ? {} : { path: vulnDb }) },
    signal,
  );
  return looked.map(({ base }, i) => {
    const { counts, lookedUp, data, notes } = assessed[i]!;
    const asOf = data.flatMap((one) => one.asOf ?? []).toSorted()[0];
    return {
      ...base,
      ...(counts && lookedUp > 0
        ? { vulnerabilities: { ...counts, lookedUp, ...(asOf === undefined ? {} : { asOf }) } }
        : {}),
      notes: [...base.notes, ...notes],
    };
  });
}

/** With what the Dockerfile installs on each, where there is one. */
async function withOwnParts(
  services: Services,
  looked: readonly LookedAtBase[],
  around: Around,
): Promise<readonly LookedAtBase[]> {
  const { options, signal } = around;
  if (!options.project) return looked;
  const { build, stages } = options.project;
  return await withProject({ services, build, signal }, async (project) => {
    const chosen = chosenFroms(project, options.images, stages);
    return await withParts(looked, { project, chosen, place: await partsPlace(services, around) });
  });
}

/** Who may be asked what there is of Python packages. */
async function partsPlace(services: Services, { options, signal }: Around): Promise<PartsOfProject['place']> {
  const { packageIndex } = options.build ?? options.project ?? {};
  const store = await services.store();
  return {
    ...{ root: store.root, signal },
    ...(packageIndex ? { packageIndex } : {}),
    ...(options.ca === undefined ? {} : { ca: readTrust(store, options.ca) }),
  };
}

/** By its documents alone. */
async function whatIsHere(services: Services, name: string, around: Around): Promise<ComparedBase['here']> {
  const store = await services.store();
  const how = await openOptions(services, around);
  return await withImage(services, name, how, async ({ layers }) => layersHere(store, layers));
}

async function compareBuilt(
  options: CompareBasesOptions,
  build: BuildOnBases,
  { events, making }: { readonly events: EventSink; readonly making: Making },
): Promise<Omit<CompareBasesResult, 'dates'>> {
  const { signal } = making;
  const { images } = options;
  return await withServices('write', (services) =>
    withProject({ services, build: build.build, signal }, async (project) => {
      const around: Around = { options, events, signal, cycles: await cyclesOf(services) };
      const chosen = chosenFroms(project, images, build.stages);
      const looked: LookedAtBase[] = [];
      const layers: ReadonlySet<Digest>[] = [];
      // Before any is fetched: they may share layers.
      const here: ComparedBase['here'][] = [];
      for (const name of images) here.push(await whatIsHere(services, name, around));
      for (const [i, name] of images.entries()) {
        const { image } = await fetchBase(name, { build: build.build, events, making });
        const found = await lookAt(services, { name, id: image.imageId }, around);
        looked.push({ ...found, base: { ...found.base, here: here[i]! } });
        layers.push(new Set(image.diffIds));
      }
      const place = await partsPlace(services, around);
      const installed = await withParts(looked, { project, chosen, place });
      const bases = await withVulnerabilities(services, installed, around);
      const on = await buildOnBases(bases, { ...build, project, chosen, events, making });
      const built: ComparedBase[] = [];
      for (const [i, { base, result, image }] of on.entries()) {
        const misfits = image ? await misfitsOn(services, image, { base, below: layers[i]! }) : [];
        built.push({ ...base, on: result.outcome === 'built' ? { ...result, misfits } : result });
      }
      const edits = images.map((to) => onBase(project, chosen, { to, build: build.build }));
      return {
        bases: built,
        project: {
          dockerfile: project.source.name,
          froms: chosen.map(({ from, stage, reference }) => ({
            line: project.source.text.slice(0, from.span.start).split('\n').length,
            ...{ stage, reference },
          })),
          rounds: build.rounds,
          notes: [...new Set(edits.flatMap(({ notes }) => notes))],
        },
      };
    }),
  );
}
