// `.mille-budget.yaml`.

import type { SourceText } from '../../core/index.ts';
import type { Budget } from './budget.ts';
import { choice, countLimit, shareLimit, sizeLimit, text } from './values.ts';
import { checkKeys, type Located, type Member, mapOf, readMap, wrong } from './yaml-map.ts';

type Part = Partial<Budget>;

/** How each key is read. */
const KEYS: Readonly<Record<string, (member: Member) => Part>> = {
  image: ({ value }) => ({ image: text('image', value) }),
  base: ({ value }) => ({ base: text('base', value) }),
  sizes: ({ value }) => ({
    sizes: { kind: choice('sizes', value, ['uncompressed', 'compressed'] as const), span: value.span },
  }),
  total: ({ value }) => ({ total: sizeLimit('total', value) }),
  own: ({ value }) => ({ own: sizeLimit('own', value) }),
  layer: ({ value }) => ({ layer: sizeLimit('layer', value) }),
  layers: ({ value }) => ({ layers: countLimit('layers', value) }),
  waste: ({ value }) => ({ waste: readWaste(value) }),
  growth: (member) => ({ growth: readGrowth(member) }),
  paths: ({ value }) => ({ paths: readPaths(value) }),
  lines: ({ value }) => ({ lines: readLines(value) }),
};

/**
 * Reads a budget.
 * @throws MilleError `file-format` with the place of what is wrong
 */
export function readBudget(source: SourceText): Budget {
  const members = readMap(source);
  checkKeys(members, Object.keys(KEYS));
  const nothing: Budget = { sizes: { kind: 'uncompressed' }, paths: [], lines: [] };
  const budget: Budget = Object.assign(nothing, ...members.map((member) => KEYS[member.key]!(member)));
  if (members.some(({ key }) => !['image', 'base', 'sizes'].includes(key))) return budget;
  throw wrong(
    'the budget has no limits',
    { source, start: 0, end: Math.max(1, source.text.length) },
    'write for instance: total: 200MB',
  );
}

/** A size, a percentage, or both by name. */
function readWaste(value: Located): NonNullable<Budget['waste']> {
  if (!Array.isArray(value.value)) {
    const isShare = typeof value.value === 'string' && value.value.trim().endsWith('%');
    return isShare
      ? { share: shareLimit('waste', value), of: 'own' }
      : { bytes: sizeLimit('waste', value), of: 'own' };
  }
  const members = value.value as readonly Member[];
  checkKeys(members, ['bytes', 'share', 'of'], 'waste');
  const find = (key: string) => members.find((member) => member.key === key)?.value;
  const [bytes, share, of] = [find('bytes'), find('share'), find('of')];
  if (!bytes && !share) throw wrong('waste has no limit', value.span, 'write bytes: 5MB, or share: 5%');
  return {
    ...(bytes ? { bytes: sizeLimit('bytes', bytes) } : {}),
    ...(share ? { share: shareLimit('share', share) } : {}),
    of: of ? choice('of', of, ['own', 'all'] as const) : 'own',
  };
}

function readGrowth({ value, keySpan }: Member): NonNullable<Budget['growth']> {
  const members = mapOf('growth', value, 'growth: { against: "app:stable", percent: 5% }');
  checkKeys(members, ['against', 'bytes', 'percent'], 'growth');
  const find = (key: string) => members.find((member) => member.key === key)?.value;
  const [against, bytes, percent] = [find('against'), find('bytes'), find('percent')];
  if (!bytes && !percent) throw wrong('growth has no limit', keySpan, 'write bytes: 5MB, or percent: 5%');
  return {
    ...(against ? { against: { image: text('against', against), span: against.span } } : {}),
    ...(bytes ? { bytes: sizeLimit('bytes', bytes) } : {}),
    ...(percent ? { share: shareLimit('percent', percent) } : {}),
    span: keySpan,
  };
}

function readPaths(value: Located): Budget['paths'] {
  return mapOf('paths', value, 'paths: { /usr/share/doc: 1MB }').map(({ key, keySpan, value: limit }) => {
    if (!key.startsWith('/') && !key.includes('*')) {
      throw wrong(
        `'${key}' is no path of an image`,
        keySpan,
        `write /${key}, or a pattern such as **/${key}`,
      );
    }
    return { pattern: key, limit: sizeLimit(key, limit) };
  });
}

function readLines(value: Located): Budget['lines'] {
  return mapOf('lines', value, 'lines: { 12: 80MB }').map(({ key, value: limit }) => ({
    line: /^[1-9]\d{0,5}$/.test(key) ? Number(key) : key,
    limit: sizeLimit(key, limit),
  }));
}
