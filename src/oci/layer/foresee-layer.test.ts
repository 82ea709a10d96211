import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { anyLayer, entry, file, layerBytes } from '../../testkit/layers.ts';
import { foreseeLayer } from './index.ts';

describe('a layer told from its entries', () => {
  test('is the one that is written', async () => {
    const times = fc.option(fc.integer({ min: 0, max: 2_000_000_000 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(anyLayer, times, async (sources, clampTime) => {
        const options = clampTime === undefined ? {} : { clampTime };
        const { info, toc } = await layerBytes(sources, options);
        // What a step places has the digests of its files.
        const digests = new Map(toc.entries.map(({ path, type, digest }) => [`${type} ${path}`, digest]));
        const entries = sources.map(({ entry: one }) => {
          const digest = digests.get(`${one.type} ${one.path}`);
          return digest ? { ...one, digest } : one;
        });
        const told = foreseeLayer(entries, options);
        expect(told?.contentId).toBe(info.contentId);
        expect(told?.toc.entries.length).toBe(info.files);
      }),
      { numRuns: 60 },
    );
  });
  test('is none where a digest is not known, but that of nothing at all', () => {
    const { digest: _, ...unknown } = file('a', 'x').entry;
    expect(foreseeLayer([entry('d', 'dir').entry, unknown])).toBeUndefined();
    expect(foreseeLayer([{ ...unknown, size: 0 }])).toBeDefined();
  });
});
