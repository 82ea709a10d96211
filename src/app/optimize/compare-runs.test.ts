import { expect, test } from 'bun:test';
import { compareRuns, failsTheSame, type Ran } from './compare-runs.ts';

/** An exit status, and what was said: `0 hello`. */
function ran(text: string): Ran {
  const [status, said = ''] = text.split(' ');
  return { status: Number(status), said, seconds: 1, output: [said] };
}

async function outcome(before: readonly string[], after: readonly string[], output = false) {
  const [old, now] = [before.map(ran), after.map(ran)];
  const again = { before: async () => old.shift()!, after: async () => now.shift()!, output };
  const verdict = await compareRuns({ command: 'x', from: 'user' }, old.shift()!, again);
  expect(JSON.stringify(verdict)).not.toContain('said');
  return [verdict.outcome, verdict.why, old.length + now.length] as const;
}

test('alike: both end well; asked once each', async () => {
  expect(await outcome(['0 a'], ['0 b'])).toEqual(['alike', undefined, 0]);
  expect(await outcome(['0 a'], ['0 a'], true)).toEqual(['alike', undefined, 0]);
});

test('silent: what fails with the original, always or at times', async () => {
  expect(await outcome(['3'], [])).toEqual(['silent', 'with the original it ends with exit status 3', 0]);
  expect(await outcome(['0', '1'], ['1'])).toEqual([
    ...([
      'silent',
      'with the original it ends well at one time, and ends with exit status 1 at another',
    ] as const),
    0,
  ]);
});

test('different: it fails twice with the changes, and not with the original', async () => {
  expect(await outcome(['0', '0'], ['1', '2'])).toEqual([
    ...([
      'different',
      'with the original it ends well, with the changes it ends with exit status 2',
    ] as const),
    0,
  ]);
  expect(await outcome(['0', '0'], ['1', '0'])).toEqual([
    ...(['alike', 'it ends with exit status 1 when asked first'] as const),
    0,
  ]);
});

test('what it says, where that is the same each time with the original', async () => {
  expect(await outcome(['0 a', '0 a'], ['0 b'], true)).toEqual([
    ...(['different', 'it says something else on standard output'] as const),
    0,
  ]);
  expect(await outcome(['0 a', '0 c'], ['0 b'], true)).toEqual([
    ...(['alike', 'what it says is other each time, so only its exit status counts'] as const),
    0,
  ]);
});

test("an image's own command is alike where it runs on in both, and different where it comes to an end", async () => {
  const late = { ...ran('0'), late: true } as const;
  const own = { command: 'serve', from: 'own-command' } as const;
  const against = async (before: Ran, after: Ran) =>
    await compareRuns(own, before, { before: async () => before, after: async () => after, output: false });
  expect((await against(late, late)).outcome).toBe('alike');
  expect(await against(late, ran('0'))).toMatchObject({
    outcome: 'different',
    why: 'with the original it runs on, with the changes it ends with exit status 0',
  });
  expect((await against(late, ran('1'))).outcome).toBe('different');
  expect((await against(ran('0'), ran('0'))).outcome).toBe('alike');
  expect((await against(ran('0'), late)).outcome).toBe('alike');
  expect((await against(ran('1'), ran('0'))).outcome).toBe('silent');
});

test("an image's own command that fails each time, and says why, has to fail so with the changes", async () => {
  const own = { command: 'serve', from: 'own-command' } as const;
  const said = (status: number, ...output: string[]): Ran => ({ ...ran('0'), status, output });
  const compare = (before: Ran, after: Ran) =>
    compareRuns(own, before, {
      ...{ before: async () => before, after: async () => after, output: false, failing: true },
    });
  const first = said(1, '2026/11/26 10:00:01 start', 'no database at 0xc0de12', 'exit');
  const second = said(1, 'no database at 0xbeef77', '2026/11/26 10:00:02 start', 'exit');
  expect(await compare(first, second)).toMatchObject({
    outcome: 'alike',
    why: 'it fails in both, and says the same',
  });
  expect(failsTheSame(first, second)).toBe(true);
  expect(await compare(first, said(1, 'no library'))).toMatchObject({
    outcome: 'different',
    why: 'with the original it ends with exit status 1, with the changes it ends with exit status 1, and says something else',
  });
  expect((await compare(first, said(2, ...first.output))).outcome).toBe('different');
  // What is not there, is killed, or says nothing is no answer.
  for (const none of [said(127, 'not found'), said(139, 'segmentation fault'), said(1)])
    expect(failsTheSame(none, none)).toBe(false);
});
