// What a build took from elsewhere and from this machine, by what it is called there: bases, repositories, files by HTTP,
// directories.

import type { BaseImage, EvaluatedBuild } from '../../build/execute/index.ts';
import { type FileSource, type ImageSource, imageKey, isImage, type Step } from '../../build/graph/index.ts';
import { redactUrls } from '../../core/index.ts';
import { digestSet, imageUrl, type Material } from '../../insight/provenance/index.ts';
import { type GitAddress, isUrl, type RemoteAddress, remoteAddress } from '../../lang/address/index.ts';
import { canonicalName, formatReference, type Platform, parseReference } from '../../oci/image/index.ts';
import type { NamedContextSet } from '../build/named-contexts.ts';
import { isContextDirectory } from '../lock/place.ts';
import type { BuildOptions } from '../types.ts';
import type { Fetched } from './fetched.ts';

/** Where a build took things from. */
export interface SourcesAsked {
  readonly build: EvaluatedBuild;
  readonly options: BuildOptions;
  readonly contexts: NamedContextSet;
  readonly fetched: Fetched;
}

/** The address of the build context; undefined for a directory of this machine or standard input. */
export function contextAddress({ context }: Pick<BuildOptions, 'context'>): RemoteAddress | undefined {
  return isContextDirectory(context) ? undefined : remoteAddress(context);
}

/** Everything that was fetched, images first, each once: as BuildKit lists it. */
export function materialsOf(asked: SourcesAsked): readonly Material[] {
  const addresses = addressesOf(asked);
  const of = (kind: RemoteAddress['kind']) =>
    distinct(addresses.flatMap((one) => (one.kind === kind ? (materialOf(asked.fetched, one) ?? []) : [])));
  return [...distinct(imagesOf(asked)), ...of('git'), ...of('url')];
}

/** A repository or a file as provenance names it, where it was fetched. */
export function materialOf(fetched: Fetched, address: RemoteAddress): Material | undefined {
  if (address.kind === 'git') {
    const commit = fetched.commit(address);
    const algorithm = commit?.length === 64 ? 'sha256' : 'sha1';
    return commit === undefined ? undefined : { uri: gitUrl(address), digest: { [algorithm]: commit } };
  }
  const digest = fetched.file(address.url);
  return digest && { uri: redactUrls(address.url), digest: digestSet(digest) };
}

function gitUrl({ remote, ref }: GitAddress): string {
  return redactUrls(ref === undefined || ref === '' ? remote : `${remote}#${ref}`);
}

/** Directories of this machine that were read: as BuildKit calls them. */
export function localsOf({ build, options, contexts }: SourcesAsked): readonly string[] {
  const read = new Set<string>();
  for (const source of filesRead(build)) {
    if (source.kind === 'build-context' && !contextAddress(options)) read.add('context');
    if (source.kind === 'context' && contexts.place(source.name).kind === 'directory') read.add(source.name);
  }
  const { dockerfile = '' } = options;
  const here = !contextAddress(options) || dockerfile === '-' || dockerfile.startsWith('/');
  if (here && !isUrl(dockerfile)) read.add('dockerfile');
  return [...read].sort();
}

/** What a source is called in a definition. */
export function identifierOf(
  { build, options, contexts, fetched }: SourcesAsked,
  source: Exclude<FileSource, { kind: 'stage' | 'scratch' }>,
): string {
  if (isImage(source)) return imageIdentifier(build.images.get(imageKey(source)), source, contexts);
  if (source.kind === 'build-context') {
    const address = contextAddress(options);
    return address ? addressIdentifier(address, fetched) : 'local://context';
  }
  const name = source.kind === 'context' ? source.name : '';
  const place = contexts.place(name);
  return place.kind === 'remote' ? addressIdentifier(place.address, fetched) : `local://${name}`;
}

/** The same of an address. */
export function addressIdentifier(address: RemoteAddress, fetched: Fetched): string {
  if (address.kind === 'url') return redactUrls(address.url);
  const path = redactUrls(address.remote).replace(/^[a-z]+:\/\//, '');
  const at = fetched.commit(address) ?? address.ref ?? '';
  return `git://${path}#${at}${address.subdir === '' ? '' : `:${address.subdir}`}`;
}

function imageIdentifier(
  image: BaseImage | undefined,
  source: ImageSource,
  contexts: NamedContextSet,
): string {
  const at = image?.meaning === undefined ? '' : `@${image.meaning}`;
  if (source.kind === 'context') {
    const place = contexts.place(source.name);
    if (place.kind === 'layout') return `oci-layout://${source.name}${at}`;
    if (place.kind === 'image') return `docker-image://${nameOf(place.reference)}${at}`;
  }
  return `docker-image://${source.kind === 'image' ? nameOf(source.reference) : source.name}${at}`;
}

function nameOf(reference: string): string {
  return isId(reference) ? reference : canonicalName(parseReference(reference));
}

function isId(reference: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{64}$/.test(reference);
}

function imagesOf({ build, contexts }: SourcesAsked): Material[] {
  return build.plan.images.flatMap((request) => {
    const place = request.context ? contexts.place(request.reference) : undefined;
    const reference = place?.kind === 'image' ? place.reference : request.reference;
    if (reference === 'scratch') return [];
    const meaning = build.images.get(request.key)?.meaning;
    const uri = urlOf(reference, request.platform, place?.kind === 'layout' ? 'oci' : 'docker');
    return [{ uri, ...(meaning === undefined ? {} : { digest: digestSet(meaning) }) }];
  });
}

/** An image that was named by its id has no name. */
function urlOf(reference: string, platform: Platform, type: 'docker' | 'oci'): string {
  if (!isId(reference)) return imageUrl(formatReference(parseReference(reference)), platform, type);
  const id = reference.startsWith('sha256:') ? reference : `sha256:${reference}`;
  return imageUrl(`image@${id}`, platform, 'oci');
}

function addressesOf({ build, options, contexts }: SourcesAsked): RemoteAddress[] {
  const { dockerfile = '' } = options;
  const given = contextAddress(options);
  const named = [...contexts.kinds.keys()].flatMap((name) => {
    const place = contexts.place(name);
    return place.kind === 'remote' ? [place.address] : [];
  });
  return [
    ...(given ? [given] : []),
    ...(isUrl(dockerfile) ? [{ kind: 'url', url: dockerfile } as const] : []),
    ...named,
    ...stepsOf(build).flatMap((step) => (step.kind === 'add' ? step.sources.flatMap(addressOf) : [])),
  ];
}

function addressOf(source: Extract<Step, { kind: 'add' }>['sources'][number]): RemoteAddress[] {
  if (source.kind === 'local') return [];
  return [source.kind === 'git' ? source.address : { kind: 'url', url: source.url }];
}

function filesRead(build: EvaluatedBuild): FileSource[] {
  const bases = build.plan.stages.map(({ base }) => base);
  const read = stepsOf(build).flatMap((step): FileSource[] => {
    if (step.kind === 'copy') return step.sources.length > 0 ? [step.from] : [];
    if (step.kind === 'add')
      return step.sources.some(({ kind }) => kind === 'local') ? [{ kind: 'build-context' }] : [];
    if (step.kind !== 'run') return [];
    return step.mounts.flatMap((mount) => ('from' in mount ? [mount.from] : []));
  });
  return [...bases, ...read];
}

function stepsOf({ evaluations }: EvaluatedBuild): Step[] {
  return [...evaluations.values()].flatMap(({ steps }) => steps);
}

/** Each once, by name. */
function distinct(materials: readonly Material[]): Material[] {
  const byName = new Map(materials.map((one) => [one.uri, one]));
  return [...byName.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1));
}
