import { expect, test } from 'bun:test';
import { type Draft, propose, type Rewrite, type Surroundings } from '../../insight/optimize/index.ts';
import { askable } from './askable.ts';

const HOST = { os: 'linux', architecture: 'amd64' };
const CONFIG = { ...HOST, config: {}, rootfs: { type: 'layers' as const, diff_ids: [] } };
const draft: Draft = { source: { name: 'Dockerfile', text: 'FROM a\nRUN b\n' }, known: new Map() };
const around = {
  ...{ options: { hostPlatform: HOST }, image: () => CONFIG, ignorePath: '.dockerignore', goal: 'both' },
  evidence: { steps: [], noise: new Set(), context: [] },
} as unknown as Surroundings;

const rewrite = (name: string, mustAsk?: true): Rewrite => ({
  ...{ name, summary: '', goal: 'both', page: '', examples: [] },
  propose: ({ lint: { dockerfile } }) => {
    const { source } = dockerfile;
    if (source.text.includes(name)) return [];
    const { span } = dockerfile.stages[0]!.from;
    const edits = [{ start: source.text.length, end: source.text.length, text: `LABEL ${name}=1\n` }];
    return [{ title: name, reason: '', span, edits, claim: {}, allows: [], ...(mustAsk ? { mustAsk } : {}) }];
  },
});

async function tried(rewrites: readonly Rewrite[], speaking: 'checks' | 'own-command' | undefined) {
  let asked = 0;
  const checks = {
    speaking: async () => {
      asked++;
      return speaking;
    },
  };
  const found = await askable(draft, around, { rewrites, checks });
  const { applied } = propose(draft, around, { rewrites: found.rewrites });
  return { asked, notes: found.notes, made: applied.map(({ proposal }) => proposal.title) };
}

test('what has to be asked is not tried where nothing says anything, and that is told', async () => {
  const both = [rewrite('one'), rewrite('two', true)];
  expect(await tried(both, 'own-command')).toEqual({ asked: 1, notes: [], made: ['one', 'two'] });
  const { notes, ...rest } = await tried(both, undefined);
  expect(rest).toEqual({ asked: 1, made: ['one'] });
  expect(notes).toHaveLength(1);
  expect(notes[0]).toContain('not tried: two, two: it stays only where behaviour can be asked');
});

test('nobody is asked where nothing has to be', async () => {
  expect(await tried([rewrite('one')], undefined)).toEqual({ asked: 0, notes: [], made: ['one'] });
});
