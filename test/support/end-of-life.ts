// A stand-in for endoflife.date: version 1 of its interface, in the shape that its documentation and its generator give.

import { type Cycle, LIFE_CYCLES } from '../../src/insight/tags/index.ts';

/** One of its releases, as it writes them. */
export function releaseOf({ cycle, codename, released, lts, active, ends, extended, latest }: Cycle) {
  return {
    name: cycle,
    codename: codename === undefined ? null : `${codename[0]!.toUpperCase()}${codename.slice(1)} Numbat`,
    label: cycle,
    releaseDate: released,
    isLts: lts === true || (typeof lts === 'string' && lts <= '2026-11-20'),
    ltsFrom: typeof lts === 'string' ? lts : null,
    isEoas: false,
    eoasFrom: active ?? null,
    isEol: ends !== undefined && ends <= '2026-11-20',
    eolFrom: ends ?? null,
    isEoes: false,
    eoesFrom: extended ?? null,
    isMaintained: true,
    latest: latest === undefined ? null : { name: latest, date: '2026-11-01', link: 'https://example.org/' },
    custom: null,
  };
}

/** What it answers about a product, as far as the program's own dates go. */
export function documentOf(product: string, cycles = LIFE_CYCLES.products[product]!.cycles) {
  return {
    schema_version: '1.2.0',
    generated_at: '2026-11-20T13:14:55+00:00',
    last_modified: '2026-11-13T20:08:22+00:00',
    result: {
      ...{ name: product, aliases: [], label: LIFE_CYCLES.products[product]!.title, category: 'lang' },
      ...{ tags: ['lang'], versionCommand: null, identifiers: [], labels: { eol: 'Supported' }, links: {} },
      releases: cycles.map(releaseOf),
    },
  };
}
