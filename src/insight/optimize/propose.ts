// From a Dockerfile to a better one: the rewrites one after the other, each asked again after every change, so that it
// sees what those before it made. Nothing is built here; what comes out is believed when it was built and compared.

import { changed } from './change.ts';
import type { Proposal, Rewrite } from './rewrite.ts';
import { type Draft, lookAt, type Surroundings } from './subject.ts';

/** Changes that one rewrite may make of a file, at most. */
const MOST_CHANGES = 50;

/** How often all rewrites are asked, at most: what a later one makes (two RUN in one) may be what an earlier one looks for. */
const MOST_ROUNDS = 4;

/** A change that was made. */
export interface Applied {
  readonly rewrite: Rewrite;
  readonly proposal: Proposal;
  /** What the text was before it, which the proposal's places are of, and what it is after it. */
  readonly before: Draft;
  readonly after: Draft;
}

/** A Dockerfile with changes. */
export interface Proposed {
  readonly draft: Draft;
  /** In the order in which they were made. */
  readonly applied: readonly Applied[];
}

/** What to leave out. */
export interface ProposeOptions {
  readonly rewrites: readonly Rewrite[];
  /** Changes that were tried and are not to be made again, by their keys. */
  readonly refused?: ReadonlySet<string>;
}

/** By which a change is known, whatever other changes were made before it. */
export function keyOf({ rewrite, proposal }: Pick<Applied, 'rewrite' | 'proposal'>): string {
  return `${rewrite.name}: ${proposal.title}`;
}

/** Makes all changes that the rewrites propose. @throws MilleError for a draft that would not build */
export function propose(
  draft: Draft,
  around: Surroundings,
  { rewrites, refused = new Set() }: ProposeOptions,
): Proposed {
  const applied: Applied[] = [];
  let subject = lookAt(draft, around);
  // How often each may still be made, as often as it was there when it was first seen (of two lines that are the same
  // there are two): a rewrite that finds its own work again would never end.
  const left = new Map<string, number>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = applied.length;
    for (const rewrite of rewrites) {
      for (let i = 0; i < MOST_CHANGES; i++) {
        const proposals = rewrite
          .propose(subject)
          .map((proposal) => ({ proposal, key: keyOf({ rewrite, proposal }) }));
        for (const { key } of proposals)
          if (!left.has(key)) left.set(key, proposals.filter((one) => one.key === key).length);
        const found = proposals.find(({ key }) => !refused.has(key) && left.get(key)! > 0);
        if (!found) break;
        const { proposal, key } = found;
        left.set(key, left.get(key)! - 1);
        const made = changed(subject, proposal);
        if (!made) continue;
        applied.push({ rewrite, proposal, before: subject.draft, after: made.draft });
        subject = made;
      }
    }
    if (applied.length === before) break;
  }
  return { draft: subject.draft, applied };
}
