// Values of budgets: sizes, shares, counts.

import { parseDiskSize } from '../../core/index.ts';
import type { Limit } from './budget.ts';
import { type Located, wrong } from './yaml-map.ts';

/** `200MB`, `1.5GiB`, or a number of bytes. @throws MilleError `file-format` */
export function sizeLimit(key: string, { value, span }: Located): Limit {
  const text = typeof value === 'number' ? plain(value) : value;
  const most = typeof text === 'string' ? parseDiskSize(text) : undefined;
  if (most !== undefined) return { most, span };
  throw wrong(`${key} is no size`, span, 'write a size such as 200MB or 1.5GiB');
}

/** `5%`. @throws MilleError `file-format` */
export function shareLimit(key: string, { value, span }: Located): Limit {
  const match = typeof value === 'string' ? /^(\d{1,6}(?:\.\d{1,9})?) ?%$/.exec(value.trim()) : undefined;
  if (match) return { most: Number(match[1]) / 100, span };
  throw wrong(`${key} is no percentage`, span, 'write a number with its sign, such as 5%');
}

/** A whole number. @throws MilleError `file-format` */
export function countLimit(key: string, { value, span }: Located): Limit {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return { most: value, span };
  throw wrong(`${key} is no number`, span, 'write a whole number such as 12');
}

/** One of some words. @throws MilleError `file-format` */
export function choice<T extends string>(key: string, { value, span }: Located, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw wrong(`${key} can't be '${String(value)}'`, span, `it is one of: ${words.join(', ')}`);
}

/** A text that says something. @throws MilleError `file-format` */
export function text(key: string, { value, span }: Located): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw wrong(`${key} is no text`, span, 'write the name of an image, such as registry.example/app:stable');
}

/** Large numbers without an exponent. */
function plain(value: number): string {
  return Number.isSafeInteger(value) ? BigInt(value).toString() : String(value);
}
