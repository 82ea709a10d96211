// What `mille base` prints: each base of a Dockerfile, then what could stand in its place and what stands against that.

import type { Alternative, BaseReport, BaseResult } from '../../../app/index.ts';
import { shortDigest } from '../../../core/index.ts';
import type { Ending } from '../../../insight/tags/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { supportNote } from '../tags/as-of.ts';
import { untilOf } from '../tags/until.ts';
import { formatAgeOf } from '../time.ts';
import { padText } from '../width.ts';
import { wrapWords } from '../wrap.ts';

/** @param now milliseconds since the epoch */
export function renderBase({ file, bases, dates }: BaseResult, now: number): string {
  if (bases.length === 0) return `${oneLine(file)} stands on no image of elsewhere.\n`;
  const parts = bases.map((one) => oneBase(one, oneLine(file), now));
  const risks = bases.flatMap(({ alternatives }) => alternatives.flatMap((one) => one.risks));
  const names = risks.find((one) => one.namesAsOf !== undefined)?.namesAsOf;
  return [
    `${parts.join('\n')}\n${supportNote(dates, now)}\n`,
    ...(names === undefined ? [] : [`What packages are called elsewhere as of ${names}.\n`]),
  ].join('');
}

function oneBase(base: BaseReport, file: string, now: number): string {
  const { reference, lines, stages, alternatives, place, unknown } = base;
  const where = lines.map((line) => `${file}:${line}`).join(', ');
  const facts: [string, string][] = [
    ['is', identity(base)],
    ['support', support(base, now)],
    ['size', size(base, now)],
    ['here', here(base, now)],
    ['pinned', pinned(base.pinned)],
    ['locked', pinned(base.locked)],
    ['unknown', unknown === undefined ? '' : oneLine(unknown)],
  ];
  const known = facts.filter(([, text]) => text !== '').map(([name, text]) => `  ${name.padEnd(9)}${text}\n`);
  return [
    `${where}  ${oneLine(reference)}${stages.every((name) => /^\d+$/.test(name)) ? '' : `  (${stages.map(oneLine).join(', ')})`}\n`,
    ...known,
    ...(alternatives.length > 0 ? ['  instead\n', ...listed(alternatives)] : []),
    ...(base.shellless === undefined ? [] : wrapped('no shell', base.shellless)),
    ...(alternatives.length === 0 && place !== undefined && unknown === undefined
      ? ['  instead  nothing better of this repository\n']
      : []),
  ].join('');
}

function wrapped(name: string, text: string): string[] {
  const lines = wrapWords(text, COLUMNS - 11);
  return lines.map((line, i) => `  ${(i === 0 ? name : '').padEnd(9)}${oneLine(line)}\n`);
}

function identity({ image, libc }: BaseReport): string {
  const { distribution } = image;
  const known = image.support.distribution?.title;
  const named =
    distribution &&
    [distribution.name, distribution.release, distribution.codename].filter(Boolean).join(' ');
  return [
    image.tag,
    known ?? named ?? 'of a distribution that its tag does not name',
    ...(image.size === undefined ? [] : [image.size]),
    ...image.flavors,
    ...(libc ? [[libc.name, libc.version].filter(Boolean).join(' ')] : []),
    ...(image.unreleased ? ['not released'] : []),
  ]
    .map(oneLine)
    .join(', ');
}

function support({ image }: BaseReport, now: number): string {
  const { product, distribution } = image.support;
  return [product, distribution]
    .flatMap((one) => (one ? [`${one.title}: ${untilOf(one, now).text}${soon(one, now)}`] : []))
    .join('; ');
}

const DAY = 24 * 3600 * 1000;

/** What ends within half a year says when, so that nobody has to count. */
function soon({ cycle: { ends, extended } }: Ending, now: number): string {
  const last = ends !== undefined && extended !== undefined && extended > ends ? extended : ends;
  const days = last === undefined ? Number.NaN : Math.ceil((Date.parse(last) - now) / DAY);
  if (!(days >= 0 && days < 183)) return '';
  return days === 0 ? ' (today)' : ` (${days} ${days === 1 ? 'day' : 'days'} more)`;
}

function size({ image, place, platform }: BaseReport, now: number): string {
  const bytes = image.image?.bytes;
  if (bytes === undefined) return '';
  const when = place === 'Docker Hub' ? 'pushed' : 'made';
  const age = image.time === undefined ? '' : `, ${when} ${formatAgeOf(image.time, now)}`;
  return `${formatSize(bytes)} for ${oneLine(image.image?.platform ?? platform)}${age}`;
}

function here({ local }: BaseReport, now: number): string {
  if (!local) return '';
  const age = local.created === undefined ? '' : `, made ${formatAgeOf(local.created, now)}`;
  const digest = shortDigest(local.digest);
  if (local.current === undefined) return `the store has ${digest}${age}`;
  return local.current
    ? `the store has it${age}`
    : `the store has another one, ${digest}${age}: pull it again`;
}

function pinned(to: BaseReport['pinned']): string {
  if (!to) return '';
  const digest = shortDigest(to.digest);
  if (to.current === undefined) return digest;
  return to.current ? `${digest}, which the tag means now` : `${digest}: the tag means another one now`;
}

/** Of a line, where a sentence would take more. */
const COLUMNS = 118;

function listed(alternatives: readonly Alternative[]): string[] {
  const width = Math.max(...alternatives.map(({ tag }) => tag.length));
  const deltas = alternatives.map(delta);
  const second = Math.max(...deltas.map((text) => text.length));
  return alternatives.map(({ tag, gains, risks }, i) => {
    const lines = [
      ...gains.map(oneLine),
      ...risks.map(({ level, text, lines: at }) => {
        const places =
          at.length === 0 ? '' : ` (line ${at.slice(0, 5).join(', ')}${at.length > 5 ? ', ...' : ''})`;
        return `${level === 'breaks' ? 'but' : 'check'}: ${oneLine(text)}${places}`;
      }),
    ];
    const head = `    ${padText(tag, width)}  ${padText(deltas[i]!, second)}  `;
    const said = lines.length === 0 ? ['no reason against it in this file'] : lines;
    // Far into a line: short ones are read more easily than those that a terminal breaks anywhere.
    const rest = said.flatMap((line) => {
      const [first = '', ...others] = wrapWords(line, Math.max(60, COLUMNS - head.length));
      return [first, ...others.map((one) => `  ${one}`)];
    });
    return `${rest.map((line, at) => (at === 0 ? head : ' '.repeat(head.length)) + line).join('\n')}\n`;
  });
}

function delta({ bytes }: Alternative): string {
  if (bytes === undefined || bytes === 0) return '';
  return bytes < 0 ? `-${formatSize(-bytes)}` : `+${formatSize(bytes)}`;
}
