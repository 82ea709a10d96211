import { expect, test } from 'bun:test';
import { evidenceFor } from './evidence-for.ts';
import { rebuildCost } from './rebuild-cost.ts';
import { lookAt } from './subject.ts';

/** Seconds of a commit of a source file, when nothing ever ran here. */
function secondsOf(run: string): number {
  const { draft, around } = evidenceFor({
    before: `FROM node:24\nCOPY . .\nRUN ${run}\n`,
    after: '',
    context: { 'a.js': 10, 'package.json': 10 },
    steps: {},
    commits: Array.from({ length: 6 }, () => ['a.js']),
  });
  const evidence = { ...around.evidence, steps: [] };
  return Math.round(
    rebuildCost(lookAt({ ...draft, known: new Map() }, { ...around, evidence })).secondsPerCommit,
  );
}

test('what never ran is guessed by what it does: an install takes long, a trifle does not', () => {
  expect(secondsOf('yarn install --production')).toBe(15);
  expect(secondsOf('apt-get update && apt-get install -y curl')).toBe(15);
  expect(secondsOf('npm run build')).toBe(3);
  expect(secondsOf('chmod +x run.sh && mkdir /data')).toBe(1);
});
