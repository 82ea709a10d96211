// The waste of an image: each kind with who wrote it, who hid it, where it is, and what to do.

import type { LayersResult } from '../../../app/index.ts';
import { displayPath } from '../../../core/index.ts';
import { causeText } from '../layer-cause.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { padText, textWidth } from '../width.ts';
import { CAUSE_COLUMNS, type LayersStyle, percent } from './stack.ts';

/** How to show it. */
export interface WasteStyle extends LayersStyle {
  /** Groups that are shown at most; if not given ten, none that hardly matters, and none of the base alone. */
  readonly limit?: number;
}

const MOST = 10;
/** The part of all waste, and of the image, that matters. */
const LEAST = 0.002;
const LEAST_OF_ALL = 0.000_01;
/** Columns for the places of a group, of which there is one at least. */
const PLACE_COLUMNS = 100;

type Waste = LayersResult['waste'];
type Group = Waste['groups'][number];

/** What `mille layers --waste` prints. */
export function renderWaste(result: LayersResult, { full, limit }: WasteStyle): string {
  const { waste, stack } = result;
  const columns = full ? Number.POSITIVE_INFINITY : CAUSE_COLUMNS;
  const blame = (layer: number) => {
    const facts = stack.layers[layer]!;
    const base = facts.origin === 'base' && stack.base ? ` (base ${oneLine(stack.base.title)})` : '';
    return `layer ${layer + 1}  ${causeText(facts, columns)}${base}`;
  };
  const listed = limit === undefined ? waste.groups.filter(({ scope }) => scope !== 'base') : waste.groups;
  const matters = Math.max(
    LEAST * listed.reduce((sum, { bytes }) => sum + bytes, 0),
    LEAST_OF_ALL * waste.contentBytes,
  );
  const telling = limit === undefined ? listed.filter(({ bytes }) => bytes >= matters) : listed;
  const shown = telling.slice(0, limit ?? MOST);
  const width = Math.max(0, ...shown.map(({ bytes }) => formatSize(bytes).length));
  const blocks = shown.map((group) => block(group, { blame, width }));
  const more = restLine(listed.slice(shown.length), shown.length === 0);
  return [...blocks, ...more, `${sums(result).join('\n')}\n`].join('\n');
}

/** What is not shown; where nothing is, as of an image that wastes what its base does, where that can be seen. */
function restLine(rest: readonly Group[], nothingShown: boolean): readonly string[] {
  if (rest.length === 0) return [];
  const size = formatSize(rest.reduce((sum, { bytes }) => sum + bytes, 0));
  return nothingShown
    ? [
        `Nothing that matters in its own layers: ${size} (--limit ${MOST} lists it, and what the base wastes)\n`,
      ]
    : [`… ${rest.length} more, ${size} (--limit)\n`];
}

function block(
  group: Group,
  { blame, width }: { readonly blame: (layer: number) => string; readonly width: number },
): string {
  const { bytes, files, writer, hider, twinLayer, places } = group;
  const indent = ' '.repeat(width + 3);
  const where = wherePlaces(places);
  const count = files === places.length ? '' : `${files} files in `;
  const lines = [
    `${padText(formatSize(bytes), width, 'right')}   ${HOW[group.kind](group)}: ${count}${where}`,
    `${indent}written by ${blame(writer)}`,
    ...(hider === undefined ? [] : [`${indent}hidden by  ${blame(hider)}`]),
    ...(twinLayer === undefined || twinLayer === writer ? [] : [`${indent}same as in ${blame(twinLayer)}`]),
    ...(group.scope === 'base' ? [] : [`${indent}→ ${advice(group)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function wherePlaces(places: Group['places']): string {
  const [first = '', ...rest] = places.map(({ path, bytes }) => {
    const size = places.length === 1 ? '' : ` (${formatSize(bytes)})`;
    return `/${oneLine(displayPath(path))}${size}`;
  });
  let text = first;
  for (const place of rest) {
    if (textWidth(text) + textWidth(place) > PLACE_COLUMNS) return `${text}, …`;
    text = `${text}, ${place}`;
  }
  return text;
}

const HOW: Readonly<Record<Group['kind'], (group: Group) => string>> = {
  overwritten: () => 'overwritten',
  deleted: () => 'deleted',
  moved: () => 'moved, and so written again',
  duplicate: () => 'the same content at several paths',
  rewritten: ({ aspects = [] }) =>
    aspects.length === 0
      ? 'written again as it was'
      : `written again only to change ${aspects.join(' and ')}`,
};

function advice({ kind, writer, hider, scope, aspects = [] }: Group): string {
  if (scope === 'mixed') {
    return kind === 'deleted'
      ? 'deleting what the base brings saves nothing: a smaller base does, or one that lacks it'
      : 'the base cannot give it back; what the layer above writes anew is what can be saved';
  }
  if (kind === 'deleted')
    return writer === hider ? 'written and deleted at once' : 'delete it in the instruction that writes it';
  if (kind === 'moved')
    return 'write it where it belongs in the first place, or move it in the same instruction';
  if (kind === 'overwritten') return 'write it once, or both in one instruction';
  if (kind === 'duplicate') return 'a link (ln) instead of the copy, or only one of the two';
  if (aspects.includes('owner')) return 'COPY --chown, or chown in the instruction that writes it';
  if (aspects.includes('mode')) return 'COPY --chmod, or chmod in the instruction that writes it';
  return 'leave out what writes it again';
}

function sums({ image, waste, dive }: LayersResult): string[] {
  const { bytes, contentBytes, efficiency, hiddenBytes, duplicateBytes, byScope } = waste;
  const title = oneLine(image.title);
  if (bytes === 0) return [`${title}: nothing of ${formatSize(contentBytes)} is wasted.`, ...diveLine(dive)];
  const kinds = [
    ...(hiddenBytes === 0 ? [] : [`${formatSize(hiddenBytes)} not visible at the end`]),
    ...(duplicateBytes === 0 ? [] : [`${formatSize(duplicateBytes)} there more than once`]),
  ];
  const scopes = [
    ...(byScope.own === 0 ? [] : [`${formatSize(byScope.own)} by its own layers`]),
    ...(byScope.mixed === 0 ? [] : [`${formatSize(byScope.mixed)} of the base, hidden by its own layers`]),
    ...(byScope.base === 0 ? [] : [`${formatSize(byScope.base)} by the base`]),
  ];
  return [
    `${title}: ${formatSize(bytes)} of ${formatSize(contentBytes)} are wasted (${percent(1 - efficiency)}): ${kinds.join(', ')}.`,
    ...(scopes.length > 1 ? [`Written ${scopes.join(', ')}.`] : []),
    ...diveLine(dive),
  ];
}

function diveLine(dive: LayersResult['dive']): string[] {
  if (!dive) return [];
  const { efficiency, wastedBytes, userWasted } = dive;
  return [
    `dive would say: efficiency ${(efficiency * 100).toFixed(2)} %, ${formatSize(wastedBytes)} wasted, ${percent(userWasted)} of what is above layer 1.`,
  ];
}
