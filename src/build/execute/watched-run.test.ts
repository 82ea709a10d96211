import { describe, expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import type { RunStep } from '../graph/index.ts';
import type { ExecuteServices, ReadsWatch } from './services.ts';
import { type Watching, watchedRun } from './watched-run.ts';

const layer = {} as LayerInfo;
const step = { id: '0.1', user: '', workdir: '/', mounts: [] } as unknown as RunStep;
const snapshot = { layers: [] };

function watched(tracer: ReadsWatch['tracer'], run: (watching?: Watching) => Promise<LayerInfo>) {
  const why: string[] = [];
  const warnings: string[] = [];
  const services = {
    watch: { tracer, unwatched: (_, text) => why.push(text) } as Partial<ReadsWatch> as ReadsWatch,
    signal: new AbortController().signal,
    events: (event) => event.type === 'warning' && warnings.push(event.message),
  } as Partial<ExecuteServices> as ExecuteServices;
  return { why, warnings, result: watchedRun(services, step, { snapshot, run }) };
}

describe('a RUN that is to be watched', () => {
  test('runs unseen where nothing can be traced, and it is said why', async () => {
    const missing = () =>
      Promise.reject(new MilleError('tool-missing', 'the program strace is not installed'));
    const { why, result, warnings } = watched(missing, async (watching) => {
      expect(watching).toBeUndefined();
      return layer;
    });
    expect(await result).toBe(layer);
    expect({ why, warnings }).toEqual({ why: ['the program strace is not installed'], warnings: [] });
  });

  test('is not run again where it failed before its container began', async () => {
    let runs = 0;
    const { why, result } = watched(
      async () => ({ path: '/strace', filters: true }),
      async () => {
        runs++;
        throw new MilleError('io', 'the disk is full');
      },
    );
    await expect(result).rejects.toThrow('the disk is full');
    expect({ runs, why }).toEqual({ runs: 1, why: [] });
  });
});
