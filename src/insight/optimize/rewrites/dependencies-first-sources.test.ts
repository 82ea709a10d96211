// A build reads sources that name others, and is moved below none of these.

import { describe, expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import type { RewriteExample } from '../rewrite.ts';
import { dependenciesFirst } from './dependencies-first.ts';

type Given = Omit<RewriteExample, 'after'>;

function rewritten(given: Given): string {
  const { draft, around } = evidenceFor({ ...given, after: '' });
  return propose(draft, around, { rewrites: [dependenciesFirst] }).draft.source.text;
}

describe('a build reads sources, which name others by their names', () => {
  const context = { 'Cargo.toml': 9, 'Cargo.lock': 9, 'src/main.rs': 9, 'README.md': 9, 'assets/a.png': 9 };
  const reads = ['Cargo.toml', 'Cargo.lock', 'src/main.rs'];
  const given = (copies: string, line: number): Given => ({
    before: `FROM rust\nWORKDIR /app\n${copies}RUN cargo build --release\n`,
    ...{ context, steps: { [line]: { seconds: 20, reads } }, commits: Array(10).fill(['assets/a.png']) },
  });

  test('what is copied with them stays above it: the next source would be missing', () => {
    const one = given('COPY . .\n', 4);
    expect(rewritten(one)).toBe(one.before);
  });
  test('what is copied apart from them goes below', () => {
    const apart = given('COPY Cargo.toml Cargo.lock ./\nCOPY src src\nCOPY assets assets\n', 6);
    expect(rewritten(apart)).toBe(
      'FROM rust\nWORKDIR /app\nCOPY Cargo.toml Cargo.lock ./\nCOPY src src\nRUN cargo build --release\nCOPY assets assets\n',
    );
  });
});
