import { expect, test } from 'bun:test';
import { formatPlatform } from '../../oci/image/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import type { Step } from '../graph/index.ts';
import { placeOf } from './step-key.ts';

test('commands for other platforms have a place of their own, copies do not', () => {
  const own = formatPlatform(hostPlatform());
  const stageOf = (kind: Step['kind'], madeFor: string) =>
    placeOf({ scope: 's' }, { kind, madeFor, stage: 1, position: 2, instruction: 'x' } as Step).stage;
  expect(stageOf('run', own)).toBe('1');
  expect(stageOf('run', 'linux/s390x')).toBe('1@linux/s390x');
  expect(stageOf('run', `${own}->s390x`)).toBe(`1@${own}->s390x`);
  for (const kind of ['copy', 'add', 'workdir'] as const) expect(stageOf(kind, 'linux/s390x')).toBe('1');
});
