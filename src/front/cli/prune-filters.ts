// `--filter` of prune: Docker's, and the kinds of things there are here.

import type { DiskKind } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import { parseSince } from './since.ts';

/** What the filters say. */
export interface PruneFilters {
  /** Only these kinds; all where it is absent. */
  readonly kinds?: readonly DiskKind[];
  readonly unusedSince?: number;
  readonly labels: readonly string[];
  readonly withoutLabels: readonly string[];
}

/** The kinds by their names, BuildKit's among them. */
const TYPES: Readonly<Record<string, readonly DiskKind[]>> = {
  image: ['image'],
  record: ['record'],
  regular: ['record'],
  unpacked: ['unpacked'],
  mount: ['mount'],
  'exec.cachemount': ['mount'],
  source: ['source'],
  'source.git.checkout': ['source'],
  log: ['log'],
  temporary: ['temporary'],
};

const SCOPES: Readonly<Record<string, readonly DiskKind[] | undefined>> = {
  all: undefined,
  cache: ['record', 'unpacked', 'mount', 'source', 'temporary'],
  images: ['image'],
};

/**
 * Reads the filters. Of several types each is meant, within the scope.
 * @throws MilleError `usage`
 */
export function parsePruneFilters(filters: readonly string[], scope: string, now: number): PruneFilters {
  const types: DiskKind[] = [];
  const times: number[] = [];
  const labels: string[] = [];
  const withoutLabels: string[] = [];
  for (const text of filters) {
    const match = /^([a-z-]+)(!?=)(.+)$/.exec(text);
    const [, key, operator, value = ''] = match ?? [];
    if (key === 'label') (operator === '=' ? labels : withoutLabels).push(value);
    else if (operator !== '=') throw unknown(text);
    else if (key === 'type') types.push(...typeOf(value));
    else if (key === 'until' || key === 'unused-for') times.push(parseSince(`--filter ${key}=`, value, now));
    else if (key !== 'dangling' || !/^(?:true|1)$/.test(value)) throw unknown(text);
  }
  const within = SCOPES[scope];
  const kinds = types.length === 0 ? within : types.filter((type) => within?.includes(type) ?? true);
  return {
    ...(kinds ? { kinds } : {}),
    ...(times.length > 0 ? { unusedSince: Math.min(...times) } : {}),
    ...{ labels, withoutLabels },
  };
}

function typeOf(value: string): readonly DiskKind[] {
  if (Object.hasOwn(TYPES, value)) return TYPES[value]!;
  throw new MilleError('usage', `--filter type= can't be '${value}'`, {
    hint: `it is one of: ${Object.keys(TYPES)
      .filter((name) => !name.includes('.') && name !== 'regular')
      .join(', ')}`,
  });
}

function unknown(text: string): MilleError {
  return new MilleError('usage', `mille does not support the filter '${text}'`, {
    hint: 'the filters are type=KIND, until=AGE, label=KEY[=VALUE] and label!=KEY[=VALUE]; --all includes images with names',
  });
}
