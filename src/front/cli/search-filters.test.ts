import { describe, expect, test } from 'bun:test';
import type { SearchFilter } from '../../app/index.ts';
import { parseSearchFilters } from './search-filters.ts';

describe('parseSearchFilters', () => {
  test.each<[readonly string[], SearchFilter]>([
    [[], {}],
    [['is-official=true'], { official: true }],
    [['is-official=0', 'is-automated=TRUE'], { official: false, automated: true }],
    [['stars=3', 'has-stars'], { stars: 3 }],
    [['has-stars=true'], { stars: 1 }],
    [['is-private=false'], { private: false }],
  ])('%j', (filters, expected) => expect(parseSearchFilters(filters)).toEqual(expected));
  test.each(['stars', 'stars=-1', 'is-official', 'is-official=maybe', 'has-stars=false', 'x=1', ''])(
    "no filter: '%s'",
    (text) => expect(() => parseSearchFilters([text])).toThrow('does not support the filter'),
  );
});
