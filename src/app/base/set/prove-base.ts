// The image built on its base and on the other one: what differs is told, and what is asked of both has to end alike.

import { type EventSink, MilleError, type SourceText } from '../../../core/index.ts';
import type { StageFrom } from '../../../insight/base/index.ts';
import { lifeCyclesOf } from '../../life-cycles/kept.ts';
import { withImage } from '../../open-image/open-image.ts';
import {
  type BuiltImage,
  buildImage,
  type Making,
  removeImages,
  storedImages,
} from '../../optimize/built-image.ts';
import { checksAgainst } from '../../optimize/checks.ts';
import { withDraftFiles } from '../../optimize/draft-files.ts';
import { valueHider } from '../../optimize/hidden-values.ts';
import { clearMountSpaces, newMountSpace } from '../../optimize/mount-space.ts';
import { onceMore } from '../../optimize/network-failure.ts';
import { phase } from '../../optimize/phase.ts';
import { type Inventory, takeInventory } from '../../packages/inventory.ts';
import type { Services } from '../../services.ts';
import { explainedOn, fetchBase } from '../compare/build-on.ts';
import { lookAtBase } from '../compare/look-at-base.ts';
import { misfitsOn } from '../compare/misfits-on.ts';
import type { BaseProject } from '../compare/project.ts';
import type { BasePackageChange, BaseProof, ProvedSide, SetBaseOptions } from './types.ts';

/** What is to be proved. */
export interface ProveBaseRequest {
  readonly services: Services;
  readonly project: BaseProject;
  /** The Dockerfile on the other base. */
  readonly source: SourceText;
  readonly options: SetBaseOptions;
  readonly chosen: readonly StageFrom[];
  readonly to: string;
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

/** Proves. @throws MilleError as `build`, for either */
export async function proveBase(request: ProveBaseRequest): Promise<BaseProof> {
  const present = await storedImages();
  const making: Making = { signal: request.signal, made: new Set(), spaces: new Set() };
  try {
    return await compareBoth(request, making);
  } finally {
    await removeImages(making.made, present);
    await clearMountSpaces(making.spaces);
  }
}

async function compareBoth(request: ProveBaseRequest, making: Making): Promise<BaseProof> {
  const { services, project, source, options, events, signal, to } = request;
  const { build, prove } = options;
  const below = await fetchBase(to, { build, events, making });
  const before = await buildOne(request, { source: project.source, title: 'build as it is' }, making);
  const looked = await lookAtBase(services, {
    ...{ name: to, id: below.image.imageId, options: { signal } },
    cycles: lifeCyclesOf((await services.store()).root),
  });
  let after: BuiltImage;
  try {
    after = await buildOne(request, { source, title: `build on ${options.image}` }, making);
  } catch (error) {
    throw explainedError(error, looked.base);
  }
  const hide = valueHider(build);
  const checks = await phase(events, 'ask both', () =>
    checksAgainst(before.image, {
      ...{ commands: prove?.checks ?? [], output: false, network: prove?.checkNetwork ?? false },
      ...{ hide, signal },
    }).ask(after.image, true),
  );
  const [old, now] = [await inventoryOf(services, before), await inventoryOf(services, after)];
  const spoke = checks.some(({ outcome }) => outcome === 'alike');
  const differs = checks.some(({ outcome }) => outcome === 'different');
  return {
    before: sideOf(before, old),
    after: sideOf(after, now),
    packages: packageChanges(old, now),
    checks,
    misfits: await misfitsOn(services, after.image, {
      base: looked.base,
      below: new Set(below.image.diffIds),
    }),
    outcome: differs ? 'different' : spoke ? 'alike' : 'silent',
  };
}

async function buildOne(
  { project, options: { build }, events }: ProveBaseRequest,
  { source, title }: { readonly source: SourceText; readonly title: string },
  making: Making,
): Promise<BuiltImage> {
  const { ignoreText, path } = project;
  const draft = { source, known: new Map(), ...(ignoreText === undefined ? {} : { ignoreText }) };
  const mountSpace = newMountSpace();
  making.spaces.add(mountSpace);
  const how = { ...build, noCache: true, mountSpace, standsFor: path };
  return await onceMore(
    (name) =>
      withDraftFiles(draft, (dockerfile) =>
        phase(events, name, (inner) => buildImage({ ...how, dockerfile }, inner, making)),
      ),
    [title, `${title}, once more: the network failed`],
  );
}

/** What the other base lacks, as a hint. */
function explainedError(error: unknown, base: Parameters<typeof explainedOn>[1]): unknown {
  if (!(error instanceof MilleError) || error.code === 'interrupted') return error;
  const [reason] = explainedOn([error.message, ...(error.output ?? [])], base);
  if (!reason) return error;
  const { code, message, span, output } = error;
  const hint = reason.hint === undefined ? reason.text : `${reason.text}: ${reason.hint}`;
  return new MilleError(code, message, {
    ...{ hint, cause: error },
    ...(span ? { span } : {}),
    ...(output ? { output } : {}),
  });
}

async function inventoryOf(services: Services, { image: { imageId } }: BuiltImage): Promise<Inventory> {
  return await withImage(services, imageId, {}, (image) => takeInventory(image));
}

function sideOf({ image, seconds }: BuiltImage, { packages }: Inventory): ProvedSide {
  return { bytes: image.bytes, seconds, packages: packages.length };
}

/** Packages by kind and name; of one that is there several times all versions are one text. */
function packageChanges(before: Inventory, after: Inventory): BasePackageChange[] {
  const versions = ({ packages }: Inventory) => {
    const all = new Map<string, { type: string; name: string; version: string }>();
    for (const { type, name, version } of packages) {
      const key = `${type} ${name}`;
      const known = all.get(key)?.version;
      all.set(key, { type, name, version: known === undefined ? version : `${known}, ${version}` });
    }
    return all;
  };
  const [old, now] = [versions(before), versions(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return keys.flatMap((key): BasePackageChange[] => {
    const [a, b] = [old.get(key), now.get(key)];
    if (a?.version === b?.version) return [];
    const { type, name } = (a ?? b)!;
    return [{ type, name, ...(a ? { before: a.version } : {}), ...(b ? { after: b.version } : {}) }];
  });
}
