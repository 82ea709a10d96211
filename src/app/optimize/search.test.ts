import { describe, expect, test } from 'bun:test';
import type { Applied, Draft, Proposed } from '../../insight/optimize/index.ts';
import type { Verdict } from '../../insight/verify/index.ts';
import { search } from './search.ts';

/** Changes called by letters: the draft after some is their letters. */
function changes(names: string): Applied[] {
  const draft = (text: string): Draft => ({ source: { name: 'Dockerfile', text }, known: new Map() });
  return [...names].map((title, i) => ({
    rewrite: { name: 'r' },
    proposal: { title, allows: [] },
    before: draft(names.slice(0, i)),
    after: draft(names.slice(0, i + 1)),
  })) as unknown as Applied[];
}

/** Proposes all letters that are not refused. */
const proposer =
  (names: string) =>
  (refused: ReadonlySet<string>): Proposed => {
    const applied = changes([...names].filter((name) => !refused.has(`r: ${name}`)).join(''));
    const draft = applied.at(-1)?.after ?? { source: { name: 'Dockerfile', text: '' }, known: new Map() };
    return { draft, applied };
  };

async function outcome(names: string, isSame: (text: string) => boolean, most = 100) {
  const tried: string[] = [];
  const found = await search({
    again: proposer(names),
    most,
    attempt: async (applied) => {
      const { text } = applied.at(-1)!.after.source;
      tried.push(text);
      return { same: isSame(text) };
    },
  });
  return {
    made: found.proposed.draft.source.text,
    refused: found.refused.map(({ applied }) => applied.proposal.title).join(''),
    untried: found.untried.map(({ proposal }) => proposal.title).join(''),
    tried,
    same: found.trial?.same,
  };
}

describe('the search', () => {
  test('tries all at once, and is done where they are fine', async () => {
    expect(await outcome('abc', () => true)).toMatchObject({ made: 'abc', refused: '', tried: ['abc'] });
    expect(await outcome('', () => true)).toMatchObject({ made: '', tried: [], same: undefined });
  });

  test('finds the one that is not, by halves, and tries what is left', async () => {
    const found = await outcome('abcdefgh', (text) => !text.includes('f'));
    expect(found).toMatchObject({ made: 'abcdegh', refused: 'f', same: true });
    expect(found.tried).toEqual(['abcdefgh', 'abcd', 'abcdef', 'abcde', 'abcdegh']);
  });

  test('several, and all', async () => {
    expect(await outcome('abcd', (text) => !/[ad]/.test(text))).toMatchObject({ made: 'bc', refused: 'ad' });
    expect(await outcome('abc', () => false)).toMatchObject({ made: '', refused: 'abc', same: undefined });
  });

  test('of two that do not go together the later one', async () => {
    expect(await outcome('abcd', (text) => !(text.includes('b') && text.includes('d')))).toMatchObject({
      made: 'abc',
      refused: 'd',
    });
  });

  test('one that a later one repairs stays with it', async () => {
    expect(await outcome('abc', (text) => !text.includes('b') || text.includes('c'))).toMatchObject({
      made: 'abc',
      refused: '',
    });
  });

  test('nothing is tried twice, and what it ends with was tried', async () => {
    for (const bad of ['a', 'e', 'ae', 'bcd', 'abcdefg', 'g']) {
      const found = await outcome('abcdefg', (text) => ![...bad].some((one) => text.includes(one)));
      expect(new Set(found.tried).size).toBe(found.tried.length);
      expect(found.refused).toBe(bad);
      if (found.made !== '') expect(found.tried).toContain(found.made);
    }
  });

  test('ends where there were too many trials, with the most that is known to be fine', async () => {
    const found = await outcome('abcdefgh', (text) => !text.includes('f'), 3);
    expect(found).toMatchObject({ made: 'abcd', refused: '', untried: 'efgh', same: true });
    expect(await outcome('abcd', () => false, 2)).toMatchObject({ made: '', untried: 'abcd' });
    expect(await outcome('abcd', () => true, 0)).toMatchObject({ made: '', untried: 'abcd' });
  });
});

describe('a change that a refusal speaks of', () => {
  const RIGHT = 'abcdefgh';
  const searching = async (
    names: string,
    bad: string,
    suspects: string,
    gone: (refused: string) => string = (x) => x,
  ) => {
    const tried: string[] = [];
    const left: number[] = [];
    const told: string[] = [];
    const found = await search({
      again: (refused) =>
        proposer([...names].filter((one) => !gone([...refused].join('')).includes(one)).join(''))(refused),
      most: 100,
      suspect: (applied) => applied.find(({ proposal }) => suspects.includes(proposal.title)),
      onRefused: ({ applied }) => told.push(applied.proposal.title),
      attempt: async (applied, purpose) => {
        const { text } = applied.at(-1)!.after.source;
        tried.push(text);
        left.push(purpose.left);
        const files = [...text].filter((one) => bad.includes(one)).map((path) => ({ path, kind: 'added' }));
        const verdict = { files, config: [] } as unknown as Verdict;
        return { same: files.length === 0, verdict };
      },
    });
    return {
      ...{ tried, left, told: told.join('') },
      made: found.proposed.draft.source.text,
      refused: found.refused.map(({ applied }) => applied.proposal.title).join(''),
      named: found.refused.map(({ trial }) => trial?.verdict?.files.map(({ path }) => path).join('')),
    };
  };

  test('is asked first: one more trial is enough', async () => {
    expect(await searching(RIGHT, 'f', 'f')).toEqual({
      ...{ made: 'abcdegh', refused: 'f', told: 'f', tried: [RIGHT, 'abcdegh'], left: [0, 3], named: ['f'] },
    });
  });

  test('is left out where less is refused without it, and the next is looked for', async () => {
    expect(await searching(RIGHT, 'cf', 'f')).toMatchObject({
      ...{ made: 'abdegh', refused: 'fc', named: ['f', 'c'] },
    });
    expect((await searching(RIGHT, 'cf', 'cf')).tried).toEqual([RIGHT, 'abdefgh', 'abdegh']);
  });

  test('stays where it is not to blame, and is not asked again', async () => {
    const found = await searching(RIGHT, 'bf', 'a');
    expect(found).toMatchObject({ made: 'acdegh', refused: 'bf' });
    expect(found.tried.filter((text) => text === 'bcdefgh')).toHaveLength(1);
    expect(found.tried).not.toContain('cdefgh');
  });

  test('is not asked where others go with it: which of them it was would not be known', async () => {
    const found = await searching('abcdef', 'b', 'a', (refused) => (refused.includes('r: a') ? 'b' : ''));
    expect(found).toMatchObject({ made: 'acdef', refused: 'b' });
  });
});
