import { expect, test } from 'bun:test';
import type { BuildEvent } from '../../core/index.ts';
import { inOneStep } from './in-one-step.ts';

test('what an inner build begins, says and waits for is told; what it found is not', () => {
  const told: BuildEvent[] = [];
  const sink = inOneStep('outer', (event) => told.push(event));
  const step = '0.1';
  sink({ type: 'step-started', step, title: '[2/2] RUN make' });
  sink({ type: 'step-progress', step, doing: 'waiting for another build that runs this step' });
  sink({ type: 'step-missed', step, reasons: [] });
  sink({ type: 'step-progress', step, doing: 'writing the layer' });
  sink({ type: 'step-output', step, stream: 'stdout', text: 'hello' });
  sink({ type: 'step-finished', step, outcome: 'cached', seconds: 1 });
  expect(told).toEqual([
    {
      ...{ type: 'step-progress', step: 'outer' },
      doing: '[2/2] RUN make: waiting for another build that runs this step',
    },
    { type: 'step-progress', step: 'outer', doing: '[2/2] RUN make' },
    { type: 'step-output', step: 'outer', stream: 'stdout', text: 'hello' },
  ]);
});
