// Other images of the same repository that could be the base: of each kind the best, with what is gained and what may
// stand against it. Nothing that is not released is proposed, nor what is no longer supported.

import {
  compareVersions,
  decodeTag,
  type Ending,
  type Family,
  isFixed,
  parseVersion,
  type Support,
} from '../../tags/index.ts';
import { libcOf } from './libc.ts';
import { risksOf } from './risks.ts';
import type { Alternative, AlternativeKind, BaseUse, KnownImage } from './types.ts';

/** What there is to choose from. */
export interface Choice {
  /** The tag as it is written in FROM. */
  readonly written: string;
  readonly own: KnownImage;
  readonly all: readonly KnownImage[];
  readonly use: BaseUse;
  readonly family: Family;
  /** `2026-11-26`. */
  readonly today: string;
}

const ORDER: readonly AlternativeKind[] = ['release', 'distribution', 'slim', 'line', 'glibc', 'alpine'];

/** Alternatives, the most advisable first. */
export function proposeBases(choice: Choice): Alternative[] {
  const found = new Map<string, Alternative>();
  for (const [kind, image] of candidates(choice)) {
    if (image === choice.own || found.has(image.tag)) continue;
    found.set(image.tag, alternative(kind, image, choice));
  }
  const breaks = ({ risks }: Alternative) => Number(risks.some(({ level }) => level === 'breaks'));
  const saves = ({ image }: Alternative) =>
    Number(
      endsOf(choice.own.support, choice.today) === 'ended' && endsOf(image.support, choice.today) !== 'ended',
    );
  return [...found.values()].toSorted(
    (a, b) => breaks(a) - breaks(b) || saves(b) - saves(a) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
}

function candidates({ own, all, today, family }: Choice): [AlternativeKind, KnownImage][] {
  const good = all.filter(
    (image) => !image.unreleased && sameFlavors(image, own) && endsOf(image.support, today) !== 'ended',
  );
  const newest = (images: readonly KnownImage[]) => images.toSorted(newerFirst).slice(0, 1);
  const of = (kind: AlternativeKind, images: readonly KnownImage[]) =>
    images.map((image): [AlternativeKind, KnownImage] => [kind, image]);
  const { distribution, size } = own;
  const inLine = good.filter(({ line }) => line === own.line);
  const same = (image: KnownImage) => image.distribution?.name === distribution?.name && image.size === size;
  const sameRelease = inLine.filter(
    (image) => same(image) && image.distribution?.release === distribution?.release,
  );
  const newerThanOwn = (image: KnownImage) => newerFirst(image, own) < 0;
  const others = good.filter(
    (image) => same(image) && isNewerLine(image, own) && isLongLived(image, family, today),
  );
  const lines = [...new Set(others.map(({ line }) => line))].sort((a, b) => byText(a, b));
  const ofLine = (line: string | undefined) => newest(others.filter((image) => image.line === line));
  const program =
    own.support.product ?? (family.distribution === undefined ? undefined : own.support.distribution);
  const ended = program !== undefined && until(program, today) === 'ended';
  const isAlpine = distribution?.name === 'alpine';
  return [
    ...of('release', newest(sameRelease.filter(newerThanOwn))),
    ...of('distribution', newest(inLine.filter((image) => same(image) && isNewerRelease(image, own)))),
    ...of('line', own.unreleased ? newest(good.filter(same)) : []),
    ...of('line', [...(ended ? ofLine(lines[0]) : []), ...ofLine(lines.at(-1))]),
    ...(size === undefined && !isAlpine
      ? of(
          'slim',
          newest(
            inLine.filter((one) => one.size === 'slim' && one.distribution?.name === distribution?.name),
          ),
        )
      : []),
    ...(family.distribution === undefined
      ? of(
          'glibc',
          isAlpine
            ? newest(inLine.filter((one) => one.distribution?.name === 'debian' && one.size === 'slim'))
            : [],
        )
      : []),
    ...(family.distribution === undefined && !isAlpine
      ? of(
          'alpine',
          newest(inLine.filter((one) => one.distribution?.name === 'alpine' && one.size === undefined)),
        )
      : []),
  ];
}

function alternative(kind: AlternativeKind, image: KnownImage, choice: Choice): Alternative {
  const { own, use, family } = choice;
  const [before, after] = [own.image?.bytes, image.image?.bytes];
  return {
    ...{ kind, image, tag: nameFor(image, choice) },
    ...(before === undefined || after === undefined ? {} : { bytes: after - before }),
    gains: gainsOf(image, choice),
    risks: risksOf(own, image, use, family),
  };
}

function gainsOf(image: KnownImage, { own, today }: Choice): string[] {
  const gains: string[] = [];
  if (
    image.version !== undefined &&
    image.line === own.line &&
    own.version !== image.version &&
    own.version !== undefined
  )
    gains.push(`${image.version} instead of ${own.version}`);
  const pairs = [
    [own.support.product, image.support.product],
    [own.support.distribution, image.support.distribution],
  ] as const;
  for (const [before, after] of pairs) {
    const [was, is] = [lastDay(before), lastDay(after)];
    if (!after || is === undefined || is < today || before?.title === after.title) continue;
    if (was === undefined || is > was) gains.push(`${after.title} is supported until ${is}`);
  }
  const [x, y] = [
    own.distribution && libcOf(own.distribution),
    image.distribution && libcOf(image.distribution),
  ];
  if (x?.name === 'musl' && y?.name === 'glibc') gains.push('glibc: what is built for most systems runs');
  return gains;
}

/** As exact as what is written now, but with its distribution: what that is changes under a name without it. */
function nameFor(image: KnownImage, { written, family }: Choice): string {
  const now = decodeTag(written, family);
  const parts = now.version?.parts.length ?? (family.distribution === undefined ? family.line : undefined);
  const names = [image.tag, ...image.also].map((name) => decodeTag(name, family));
  const moving = !isFixed(now, family);
  const fits = names.filter(
    (name) =>
      (family.distribution !== undefined || name.distribution?.release !== undefined) &&
      (moving
        ? name.version?.parts.length === parts && name.date === undefined && !name.channel
        : isFixed(name, family)),
  );
  return fits.toSorted((a, b) => a.tag.length - b.tag.length)[0]?.tag ?? image.tag;
}

function sameFlavors(a: KnownImage, b: KnownImage): boolean {
  return a.flavors.toSorted().join(' ') === b.flavors.toSorted().join(' ');
}

/** The newest version first, of that the newest release of the distribution. */
function newerFirst(a: KnownImage, b: KnownImage): number {
  return byText(b.version, a.version) || byText(b.distribution?.release, a.distribution?.release);
}

function byText(a: string | undefined, b: string | undefined): number {
  const [x, y] = [parseVersion(a ?? ''), parseVersion(b ?? '')];
  return x && y ? compareVersions(x, y) : Number(x !== undefined) - Number(y !== undefined);
}

function isNewerLine(a: KnownImage, b: KnownImage): boolean {
  return a.line !== undefined && b.line !== undefined && byText(a.line, b.line) > 0;
}

function isNewerRelease(a: KnownImage, b: KnownImage): boolean {
  return b.distribution?.release !== undefined && byText(a.distribution?.release, b.distribution.release) > 0;
}

/** Lines that are released, by the dates; of programs that have some for long, those. */
function isLongLived({ support, line }: KnownImage, family: Family, today: string): boolean {
  if (family.product === undefined) return line !== undefined;
  const cycle = (support.product ?? support.distribution)?.cycle;
  if (!['nodejs', 'eclipse-temurin', 'ubuntu'].includes(family.product)) return cycle !== undefined;
  const lts = cycle?.lts;
  return lts === true || (typeof lts === 'string' && lts <= today);
}

function endsOf({ product, distribution }: Support, today: string): 'ended' | 'supported' {
  const ended = [product, distribution].some((one) => one && until(one, today) === 'ended');
  return ended ? 'ended' : 'supported';
}

function until(ending: Ending, today: string): 'ended' | 'supported' {
  const last = lastDay(ending);
  return last !== undefined && last < today ? 'ended' : 'supported';
}

function lastDay(ending: Ending | undefined): string | undefined {
  const { ends, extended } = ending?.cycle ?? {};
  return ends !== undefined && extended !== undefined && extended > ends ? extended : ends;
}
