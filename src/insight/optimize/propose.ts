// From a Dockerfile to a better one: the rewrites one after the other, each asked again after every change, so that it
// sees what those before it made. Nothing is built here; what comes out is believed when it was built and compared.

import { changed } from './change.ts';
import { keyOf, OwnWork } from './own-work.ts';
import type { Proposal, Rewrite } from './rewrite.ts';
import { type Draft, lookAt, type Subject, type Surroundings } from './subject.ts';

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

/** Makes all changes that the rewrites propose. @throws MilleError for a draft that would not build */
export function propose(
  draft: Draft,
  around: Surroundings,
  { rewrites, refused = new Set() }: ProposeOptions,
): Proposed {
  const applied: Applied[] = [];
  let subject = lookAt(draft, around);
  const own = new OwnWork(subject);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = applied.length;
    for (const rewrite of rewrites) {
      for (let i = 0; i < MOST_CHANGES; i++) {
        const next = nextOf(subject, { rewrite, refused, own });
        if (!next) break;
        applied.push({ rewrite, proposal: next.proposal, before: subject.draft, after: next.made.draft });
        subject = next.made;
      }
    }
    if (applied.length === before) break;
  }
  return { draft: subject.draft, applied };
}

/** The next change that a rewrite makes of a text, and what comes of it. */
function nextOf(
  subject: Subject,
  {
    rewrite,
    refused,
    own,
  }: { readonly rewrite: Rewrite; readonly refused: ReadonlySet<string>; readonly own: OwnWork },
): { readonly proposal: Proposal; readonly made: Subject } | undefined {
  const proposals = rewrite.propose(subject).map((proposal) => ({ rewrite, proposal }));
  own.see(subject, proposals);
  for (const one of proposals) {
    if (refused.has(keyOf(one))) continue;
    const made = changed(subject, one.proposal);
    if (made && own.make(one, subject, made)) return { proposal: one.proposal, made };
  }
  return undefined;
}
