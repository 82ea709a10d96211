// Other images of the same repository that could be the base: of each kind the best, with what is gained and what may
// stand against it. Nothing that is not released is proposed, nor what is no longer supported.

import {
  compareVersions,
  decodeTag,
  type Ending,
  type Family,
  isFixed,
  isWhole,
  parseVersion,
  type Support,
} from '../../tags/index.ts';
import { libcOf } from './libc.ts';
import { movingName, risksOfMoving } from './moving.ts';
import { type Parts, partsOn } from './parts.ts';
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
  /** What is installed of languages, where that was looked up. */
  readonly parts?: Parts;
  /** `amd64`. */
  readonly architecture?: string;
}

const ORDER: readonly AlternativeKind[] = [
  'name',
  'release',
  'distribution',
  'slim',
  'line',
  'glibc',
  'alpine',
  'moving',
];

/** Alternatives, the most advisable first. */
export function proposeBases(choice: Choice): Alternative[] {
  const found = new Map<string, Alternative>();
  const same = sameByName(choice);
  if (same) found.set(choice.own.tag, same);
  for (const [kind, image] of candidates(choice)) {
    if (image === choice.own || found.has(image.tag)) continue;
    found.set(image.tag, alternative(kind, image, choice));
  }
  const moving = movesOn(choice);
  if (moving) found.set(`moving ${moving.tag}`, moving);
  const breaks = ({ risks }: Alternative) => Number(risks.some(({ level }) => level === 'breaks'));
  const saves = ({ image }: Alternative) =>
    Number(
      endsOf(choice.own.support, choice.today) === 'ended' && endsOf(image.support, choice.today) !== 'ended',
    );
  return [...found.values()].toSorted(
    (a, b) => breaks(a) - breaks(b) || saves(b) - saves(a) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
}

/** The image in use under a name that does not move to another release of the distribution, where the one written does. */
function sameByName(choice: Choice): Alternative | undefined {
  const { own, written, family } = choice;
  const { distribution } = own;
  const now = decodeTag(written, family);
  if (family.distribution !== undefined || now.distribution?.release !== undefined) return undefined;
  if (distribution?.release === undefined || endsOf(own.support, choice.today) === 'ended') return undefined;
  const tag = nameFor(own, choice);
  const named = decodeTag(tag, family);
  // Where there is none as exact as the one that is written, it would be pinned to one release of the program too.
  if (named.distribution?.release === undefined || isFixed(named, family) !== isFixed(now, family))
    return undefined;
  const stays = own.support.distribution?.title ?? `${distribution.name} ${distribution.release}`;
  const line = now.version === undefined && own.line !== undefined ? ` and ${own.line}` : '';
  const gain = `the same image now; it stays on ${stays}${line}, ${written} moves on by itself`;
  return { kind: 'name', image: own, tag, gains: [gain], risks: [] };
}

/** The same, or the newest release's, under a name that goes on to newer releases of the distribution by itself. */
function movesOn(choice: Choice): Alternative | undefined {
  const moving = movingName(choice.written, choice);
  if (!moving || moving.image.unreleased || endsOf(moving.image.support, choice.today) === 'ended')
    return undefined;
  const { tag, image } = moving;
  const found = alternative('moving', image, choice);
  const now = image.support.distribution?.title ?? image.distribution?.release;
  const means = image === choice.own ? 'the same image now' : `now it is ${now}`;
  return {
    ...found,
    tag,
    gains: [`${means}; newer releases come without an edit`, ...found.gains],
    risks: [...found.risks, ...risksOfMoving(moving, choice.use)],
  };
}

function candidates(choice: Choice): [AlternativeKind, KnownImage][] {
  const { own, all, today, family } = choice;
  const good = all.filter(
    (image) => !image.unreleased && sameFlavors(image, own) && endsOf(image.support, today) !== 'ended',
  );
  const { size } = own;
  const below = own.distribution?.name ?? ordinaryDistribution(choice);
  const isOf = (name: string | undefined, kind?: string) => (image: KnownImage) =>
    image.distribution?.name === name && image.size === kind;
  const same = isOf(below, size);
  const inLine = good.filter(({ line }) => line === own.line);
  const newestOf = (kind: AlternativeKind, images: readonly KnownImage[]) =>
    images
      .toSorted(newerFirst)
      .slice(0, 1)
      .map((image): [AlternativeKind, KnownImage] => [kind, image]);
  const sameSuite = inLine.filter(
    (image) => same(image) && image.distribution?.release === own.distribution?.release,
  );
  const newer = good.filter(
    (image) => same(image) && isNewerLine(image, own) && isLongLived(image, family, today),
  );
  const lines = [...new Set(newer.map(({ line }) => line))].sort(byText);
  const ofLine = (line: string | undefined) =>
    newestOf(
      'line',
      newer.filter((image) => image.line === line),
    );
  const program =
    own.support.product ?? (family.distribution === undefined ? undefined : own.support.distribution);
  // Whose line ends soon moves to the next one, or all the way.
  const ends = program !== undefined && !lasts(own, today);
  // Where the image is the distribution, another one is no alternative to it.
  const movable = family.distribution === undefined;
  const isAlpine = below === 'alpine';
  const slim = inLine.filter(isOf('debian', 'slim'));
  const onDebian = slim.length > 0 ? slim : inLine.filter(isOf('debian'));
  return [
    ...newestOf(
      'release',
      sameSuite.filter((image) => newerFirst(image, own) < 0),
    ),
    ...newestOf(
      'distribution',
      inLine.filter((image) => same(image) && isNewerRelease(image, own)),
    ),
    ...newestOf('line', own.unreleased ? good.filter(same) : []),
    ...(ends
      ? ofLine(lines.find((line) => newer.some((image) => image.line === line && lasts(image, today))))
      : []),
    ...ofLine(lines.at(-1)),
    ...newestOf('slim', size === undefined && !isAlpine ? inLine.filter(isOf(below, 'slim')) : []),
    ...newestOf('glibc', movable && isAlpine ? onDebian : []),
    ...newestOf('alpine', movable && !isAlpine ? inLine.filter(isOf('alpine')) : []),
  ];
}

/** What the names without a distribution are made of now: what an old tag without one is most likely made of too. */
function ordinaryDistribution({ all, family, own }: Choice): string | undefined {
  const plain = decodeTag('latest', family).variant;
  const wanted = own.size === undefined ? plain : `${plain} ${own.size}`.trim();
  const isPlain = (name: string) => decodeTag(name, family).variant === wanted;
  return all.find(({ tag, also }) => isPlain(tag) || also.some(isPlain))?.distribution?.name;
}

function alternative(kind: AlternativeKind, image: KnownImage, choice: Choice): Alternative {
  const { own, use, family, parts, architecture = 'amd64' } = choice;
  const found = parts && partsOn({ from: own, to: image, use, family, parts, architecture });
  const [before, after] = [own.image?.bytes, image.image?.bytes];
  return {
    ...{ kind, image, tag: nameFor(image, choice) },
    ...(before === undefined || after === undefined ? {} : { bytes: after - before }),
    gains: [...gainsOf(image, choice), ...(found?.gains ?? [])],
    risks: [...risksOf(own, image, { use, family, settled: found?.settled }), ...(found?.risks ?? [])],
  };
}

function gainsOf(image: KnownImage, { own, today, family }: Choice): string[] {
  const gains: string[] = [];
  const [was, is] = [own.version, image.version].map((text) => parseVersion(text ?? ''));
  if (was && is && image.line === own.line && isWhole(family, was) && compareVersions(is, was) > 0)
    gains.push(`${is.text} instead of ${was.text}`);
  const pairs = [
    [own.support.product, image.support.product],
    [own.support.distribution, image.support.distribution],
  ] as const;
  for (const [before, after] of pairs) {
    if (!after || before?.title === after.title || until(after, today) === 'ended') continue;
    const [last, next] = [lastDay(before), lastDay(after)];
    if (next !== undefined && (last === undefined || next > last))
      gains.push(`${after.title} is supported until ${next}`);
    else if (next === undefined && last !== undefined && last < today)
      gains.push(`${after.title} is supported`);
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

/** Of what names no line nobody knows how old it is. */
function isNewerLine(a: KnownImage, b: KnownImage): boolean {
  return a.line !== undefined && (b.line === undefined || byText(a.line, b.line) > 0);
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

/** Whether it is supported for half a year more: nobody moves for less. */
function lasts({ support }: KnownImage, today: string): boolean {
  const ending = support.product ?? support.distribution;
  const last = lastDay(ending);
  const wanted = new Date(Date.parse(today) + 182 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  return last === undefined || last >= wanted;
}

function endsOf({ product, distribution }: Support, today: string): 'ended' | 'supported' {
  const ended = [product, distribution].some((one) => one && until(one, today) === 'ended');
  return ended ? 'ended' : 'supported';
}

function until(ending: Ending, today: string): 'ended' | 'supported' {
  const last = lastDay(ending);
  return ending.cycle.ended || (last !== undefined && last < today) ? 'ended' : 'supported';
}

function lastDay(ending: Ending | undefined): string | undefined {
  const { ends, extended } = ending?.cycle ?? {};
  // What comes after that is for subscribers.
  if (ending?.title.startsWith('Ubuntu ')) return ends;
  return ends !== undefined && extended !== undefined && extended > ends ? extended : ends;
}
