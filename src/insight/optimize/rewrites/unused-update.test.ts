import { expect, test } from 'bun:test';
import { type EvidenceOptions, evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { unusedUpdate } from './unused-update.ts';

const LISTS = { 'var/lib/apt/lists/a': 9_000_000 };

function changed(
  lines: readonly string[],
  layer: NonNullable<RewriteExample['steps']>[number]['layer'] = LISTS,
  options: EvidenceOptions = {},
) {
  const before = ['FROM a', ...lines, ''].join('\n');
  const { draft, around } = evidenceFor({ before, after: '', steps: { 2: { seconds: 5, layer } } }, options);
  const { draft: after, applied } = propose(draft, around, { rewrites: [unusedUpdate] });
  return { lines: after.source.text.trimEnd().split('\n').slice(1), proposal: applied[0]?.proposal };
}

test('nothing installs by what it fetches', () => {
  for (const update of ['RUN apt-get update', 'RUN apt -y update;', 'RUN apt-get update -qq 2>&1']) {
    expect(changed([update, 'RUN pip install flask']).lines).toEqual(['RUN pip install flask']);
    expect(changed([update, 'RUN pip install flask'], LISTS, { unbuilt: true }).lines).toEqual([
      'RUN pip install flask',
    ]);
  }
  const own = 'RUN apt-get update && apt-get install -y git';
  expect(changed(['RUN apt-get update', own]).lines).toEqual([own]);
});

test('its lists and seconds are what is gained', () => {
  const { proposal } = changed(['RUN apt-get update', 'RUN pip install flask']);
  expect(proposal?.claim.bytes).toBe(9_000_000);
  expect(proposal?.allows).toContainEqual({ what: 'files', change: 'removed', below: 'var/lib/apt/lists' });
});

test('what is used, or does more, stays', () => {
  for (const lines of [
    ['RUN apt-get update', 'RUN apt-get install -y git'],
    ['RUN apt-get update && pip install flask'],
    ['RUN apt-get update && apt-get upgrade -y'],
    ['RUN apt-get update | tee /log'],
    ['RUN apt-get update > /log'],
    ['RUN A=1'],
  ])
    expect(changed(lines).lines).toEqual(lines);
  const [first, ...others] = ['FROM a AS b', 'RUN apt-get update', 'FROM b', 'RUN apt-get install -y git'];
  expect(changed([first!, ...others]).lines).toEqual([first!, ...others]);
  const wrote = { ...LISTS, 'etc/note': 1 };
  expect(changed(['RUN apt-get update', 'RUN make'], wrote).lines).toEqual([
    'RUN apt-get update',
    'RUN make',
  ]);
});
