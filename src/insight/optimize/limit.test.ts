import { expect, test } from 'bun:test';
import type { Entry } from '../../oci/image/index.ts';
import type { Evidence, StepEvidence } from './evidence.ts';
import { limitOf } from './limit.ts';

const file = (path: string) => ({ path, type: 'file' }) as Entry;

/** A step that makes files and reads some: of the context `NAME`, of the image `/NAME`. */
function step(kind: StepEvidence['kind'], seconds: number, more: Partial<StepEvidence> = {}): StepEvidence {
  return { id: '0.1', title: kind, kind, seconds, ...more };
}

function reads(...paths: readonly string[]): NonNullable<StepEvidence['reads']> {
  const own = paths.filter((path) => !path.startsWith('/'));
  return {
    files: new Set([
      ...own.map((path) => `app/${path}`),
      ...paths.flatMap((p) => (p[0] === '/' ? [p.slice(1)] : [])),
    ]),
    fromContext: new Map(own.map((path) => [`app/${path}`, path])),
    ...{ looked: new Set(), listed: new Set(), missing: new Set(), cut: false },
  };
}

const STEPS = [
  step('copy', 0.1, { copies: ['a.txt', 'b.txt', 'README'] }),
  step('run', 10, { reads: reads('a.txt'), table: { entries: [file('made')] } }),
  step('run', 20, { reads: reads('b.txt') }),
  step('run', 40, { reads: reads('/made') }),
];

const limit = (...paths: readonly string[]) => limitOf({ steps: STEPS } as unknown as Evidence, paths);

test('only what reads the file runs, and what reads what that makes', () => {
  expect(limit('a.txt')).toBeCloseTo(50.1);
  expect(limit('b.txt')).toBeCloseTo(20.1);
  expect(limit('README')).toBeCloseTo(0.1);
  expect(limit('elsewhere')).toBe(0);
});

test('of a step that nobody watched nothing can be said', () => {
  expect(limitOf({ steps: [...STEPS, step('run', 1)] } as unknown as Evidence, ['a.txt'])).toBeUndefined();
});

test('a COPY from a stage runs after any step that makes something', () => {
  const copied = step('copy', 5, { table: { entries: [file('bin')] } });
  const last = step('run', 100, { reads: reads('/bin') });
  const steps = [...STEPS, copied, last];
  expect(limitOf({ steps } as unknown as Evidence, ['a.txt'])).toBeCloseTo(155.1);
  expect(limitOf({ steps } as unknown as Evidence, ['README'])).toBeCloseTo(0.1);
});

test('ADD of plain files is as COPY; what it unpacks is told by nobody', () => {
  const added = (name: string) => {
    const add = step('add', 0.1, {
      copies: [name, 'b.txt'],
      table: { entries: [file('app/a.txt'), file('x')] },
    });
    return { steps: [add, step('run', 10, { reads: reads('a.txt', '/x') })] } as unknown as Evidence;
  };
  expect(limitOf(added('README'), ['README'])).toBeCloseTo(0.1);
  expect(limitOf(added('a.tar.gz'), ['a.tar.gz'])).toBeCloseTo(10.1);
});
