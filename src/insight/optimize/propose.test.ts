import { expect, test } from 'bun:test';
import { evidenceFor } from './evidence-for.ts';
import { propose, REWRITES, type Rewrite } from './index.ts';

const FILES = { 'a.txt': 4_000_000, 'src/a.js': 90 };

/** The text after all changes, and after all changes of that. */
function twice(before: string, rewrites: readonly Rewrite[] = REWRITES): readonly string[] {
  const { draft, around } = evidenceFor({ before, after: '', context: FILES });
  const once = propose(draft, around, { rewrites }).draft;
  return [once.source.text, propose(once, around, { rewrites }).draft.source.text];
}

test('what is proposed for one of several equal lines is made for each of them, in one go', () => {
  for (const line of ['COPY a.txt /app/', 'COPY . .', 'ADD src /srv/src'])
    for (const count of [2, 4]) {
      const [once, again] = twice(`FROM base\n${`${line}\n`.repeat(count)}`);
      expect(once?.split('\n')).toHaveLength(3);
      expect(again).toBe(once);
    }
}, 30_000);

test('also where other lines stand between them', () => {
  const [once, again] = twice(`FROM base\n${'ADD src /srv/src\nCOPY . .\n'.repeat(3)}`);
  expect(once).toBe('FROM base\nCOPY src /srv/src\nCOPY . .\n');
  expect(again).toBe(once);
});

test('what gains next to nothing of what a commit takes is left where it stands', () => {
  const before = 'FROM node\nCOPY start.sh /usr/bin/\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n';
  const after = (often: number) => {
    const { draft, around } = evidenceFor({
      ...{ before, after: '', context: { 'start.sh': 9, 'package.json': 90, 'a.js': 900 } },
      steps: { 4: { seconds: 300, reads: ['package.json'] } },
      commits: Array.from({ length: 100 }, (_, i) =>
        i < often ? ['start.sh'] : i < 50 ? ['package.json'] : ['a.js'],
      ),
    });
    return propose(draft, around, { rewrites: REWRITES }).draft.source.text;
  };
  expect(after(1)).toBe(before);
  expect(after(10)).toBe('FROM node\nCOPY package.json ./\nRUN npm ci\nCOPY start.sh /usr/bin/\nCOPY . .\n');
});

/** Finds its own work again, as none may. */
const endless = (
  edit: (text: string, start: number) => { start: number; end: number; text: string },
): Rewrite => ({
  ...{ name: 'endless', summary: '', goal: 'both', page: '', examples: [] },
  propose: ({ lint: { dockerfile } }) => {
    const span = dockerfile.stages[0]!.instructions.at(-1)!.span;
    const edits = [edit(dockerfile.source.text, span.start)];
    return [{ ...{ title: 'more', reason: '', span, edits, claim: {}, allows: [] } }];
  },
});

test('a rewrite that finds its own work again ends all the same', () => {
  const grows = endless((_, start) => ({ start: start + 4, end: start + 4, text: 'x' }));
  expect(twice('FROM base\nRUN a\n', [grows])[0]).toBe('FROM base\nRUN xa\n');
  const adds = endless((_, start) => ({ start, end: start, text: 'RUN b\n' }));
  expect(twice('FROM base\nRUN a\n', [adds])[0]).toBe('FROM base\nRUN b\nRUN a\n');
  const turns = endless((text, start) => ({
    ...{ start: start + 4, end: start + 5, text: text[start + 4] === 'a' ? 'b' : 'a' },
  }));
  expect(twice('FROM base\nRUN a\n', [turns])[0]).toBe('FROM base\nRUN b\n');
});
