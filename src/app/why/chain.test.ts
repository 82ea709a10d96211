import { describe, expect, test } from 'bun:test';
import type { BuildRecord, BuildStepRecord, Difference } from '../../build/cache/index.ts';
import { digestOfHex } from '../../core/index.ts';
import { causesOf, chainOf } from './chain.ts';

const layer = digestOfHex('a'.repeat(64));

/** A step in short: its id, what became of it, why (the kinds of what differs), and what it stands on. */
interface Short {
  readonly id: string;
  readonly outcome?: BuildStepRecord['outcome'];
  readonly differs?: readonly Difference['kind'][];
  readonly reason?: 'no-cache' | 'first-build';
  readonly on?: string;
  readonly reads?: readonly string[];
  /** It was not looked for: the same step of another stage ran. */
  readonly twin?: true;
}

function linksOf(steps: readonly Short[], moved: readonly number[] = []) {
  const build = {
    steps: steps.map(({ id, outcome = 'cached', differs = [], reason, on, reads, twin }): BuildStepRecord => {
      const kinds = reason ? [reason] : differs.map((kind) => (kind === 'source' ? 'other' : kind));
      return {
        ...{ id, title: id, outcome, seconds: 1, layer },
        ...(twin ? {} : { key: id }),
        ...(kinds.length === 0
          ? {}
          : { reasons: kinds.map((kind) => ({ kind: kind as 'file', subject: '', text: kind })) }),
        ...(on === undefined ? {} : { standsOn: on }),
        ...(reads ? { readsFrom: reads } : {}),
      };
    }),
  } as unknown as BuildRecord;
  const differences = new Map(
    steps.map(
      ({ id, differs = [] }) => [id, differs.map((kind) => ({ kind, name: kind, after: 'x' }))] as const,
    ),
  );
  const chain = chainOf(build, {
    differences,
    baseMoved: (from) => moved.includes(Number.parseInt(from, 10)),
  });
  const causes = causesOf(build, chain).map(({ step, followers }) => [
    step.id,
    ...followers.map(({ id }) => id),
  ]);
  const brief = Object.fromEntries(
    [...chain].map(([id, { follows, own, spared }]) => [
      id,
      `${own ? 'own ' : ''}${follows.join()}|${spared.join()}`,
    ]),
  );
  return { brief, causes };
}

describe('the chain', () => {
  test('a changed file, and what stands on it', () => {
    const { brief, causes } = linksOf([
      { id: '0.from' },
      { id: '0.0', outcome: 'ran', differs: ['file'] },
      { id: '0.1', outcome: 'ran', differs: ['parent'], on: '0.0' },
      { id: '0.2', outcome: 'ran', differs: ['argument', 'parent'], on: '0.1' },
      { id: '0.3', outcome: 'failed', differs: ['parent'], on: '0.2' },
    ]);
    expect(brief).toEqual({ '0.from': '|', '0.0': 'own |', '0.1': '0.0|', '0.2': 'own 0.1|', '0.3': '0.2|' });
    expect(causes).toEqual([
      ['0.0', '0.1'],
      ['0.2', '0.3'],
    ]);
  });

  test('a step that made the same spares what follows, and is no cause for what does run', () => {
    const { brief } = linksOf([
      { id: '0.0', outcome: 'ran', differs: ['file'] },
      { id: '0.1', outcome: 'kept', differs: ['parent'], on: '0.0' },
      { id: '0.2', outcome: 'ran', differs: ['parent'], on: '0.1' },
      { id: '1.0', outcome: 'kept', differs: ['instruction'] },
      { id: '1.1', on: '1.0' },
      { id: '1.2', on: '1.1' },
    ]);
    expect(brief).toMatchObject({ '0.1': '0.0|', '0.2': '0.0|', '1.1': '|1.0', '1.2': '|1.0' });
  });

  test('files of a stage that changed are no reason of their own', () => {
    const { brief, causes } = linksOf([
      { id: '0.0', outcome: 'ran', differs: ['file'] },
      { id: '0.1', outcome: 'ran', differs: ['parent'], on: '0.0' },
      { id: '1.0', outcome: 'ran', differs: ['file'], reads: ['0.1'] },
      { id: '1.1', outcome: 'ran', differs: ['file', 'option'], reads: ['0.1'], on: '1.0' },
      { id: '2.0', outcome: 'ran', differs: ['source'], reads: ['0.1'] },
      { id: '3.0', reads: ['0.1'] },
      { id: '3.1', on: '3.0' },
    ]);
    expect(brief).toMatchObject({
      '1.0': '0.1|',
      '1.1': 'own |',
      '2.0': '0.1|',
      '3.0': '|0.1',
      '3.1': '|0.1',
    });
    expect(causes[0]).toEqual(['0.0', '0.1', '1.0', '2.0']);
  });

  test('the twin of one that ran, which changed as well', () => {
    const { brief, causes } = linksOf([
      { id: '0.0', outcome: 'ran', differs: ['file'] },
      { id: '0.0@linux/arm64', twin: true },
      { id: '0.1', outcome: 'ran', differs: ['parent'], on: '0.0' },
      { id: '0.1@linux/arm64', outcome: 'ran', differs: ['parent'], on: '0.0@linux/arm64' },
    ]);
    expect(brief).toMatchObject({ '0.1': '0.0|', '0.1@linux/arm64': '0.0|' });
    expect(causes).toEqual([['0.0', '0.1', '0.1@linux/arm64']]);
  });

  test('a base image that is another one', () => {
    const steps: readonly Short[] = [
      { id: '0.from' },
      { id: '0.0', outcome: 'kept', differs: ['parent'] },
      { id: '1.0', outcome: 'ran', differs: ['parent'], on: '0.0' },
    ];
    expect(linksOf(steps, [0])).toEqual({
      brief: { '0.from': '|', '0.0': '0.from|', '1.0': '0.from|' },
      causes: [['0.from', '0.0', '1.0']],
    });
    // Nothing is known of the base then: the steps are their own causes.
    expect(linksOf(steps).brief).toMatchObject({ '0.0': 'own |', '1.0': 'own |' });
  });

  test('--no-cache and a first build have no chain', () => {
    const { brief } = linksOf([
      { id: '0.0', outcome: 'ran', reason: 'no-cache', differs: ['file'] },
      { id: '0.1', outcome: 'ran', reason: 'no-cache', differs: ['parent'], on: '0.0' },
      { id: '1.0', outcome: 'ran', reason: 'first-build' },
      { id: '1.1', outcome: 'ran', reason: 'first-build', on: '1.0' },
    ]);
    expect(brief).toEqual({ '0.0': 'own |', '0.1': 'own |', '1.0': 'own |', '1.1': 'own |' });
  });
});
