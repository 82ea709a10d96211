// What rewrites have made of a text so far, so that none of them finds its own work again: it would never end.

import { instructionsOf } from './follow.ts';
import type { Proposal, Rewrite } from './rewrite.ts';
import type { Draft, Subject } from './subject.ts';

/** A change that is proposed. */
export interface Change {
  readonly rewrite: Rewrite;
  readonly proposal: Proposal;
}

/** By which a change is known, whatever other changes were made before it. */
export function keyOf({ rewrite, proposal }: Change): string {
  return `${rewrite.name}: ${proposal.title}`;
}

/** The changes that were made, and the texts that there were. */
export class OwnWork {
  private readonly texts: Set<string>;
  /** By change and the words that it is about: how often it may still make the text longer. */
  private readonly left = new Map<string, number>();
  /** By change: the words of instructions that it wrote. */
  private readonly written = new Map<string, Set<string>>();

  constructor({ draft }: Subject) {
    this.texts = new Set([textOf(draft)]);
  }

  /** Counts how often each change is proposed, and for how many lines of the same words, when it is first seen. */
  see(subject: Subject, proposed: readonly Change[]): void {
    const keys = proposed.map((change) => placeOf(change, wordsAt(subject, change)));
    proposed.forEach((change, i) => {
      const key = keys[i]!;
      if (this.left.has(key)) return;
      const words = wordsAt(subject, change);
      const equal = wordsOf(subject).filter((one) => one === words).length;
      this.left.set(key, Math.max(equal, keys.filter((one) => one === key).length));
    });
  }

  /**
   * Notes a change that is made, and what comes of it; false for one that finds its own work: what comes of it has been
   * there before, it is made of a line that it wrote itself, or it makes the text longer once more. What makes the lines
   * fewer, as joining does, or only moves them, ends by itself.
   */
  make(change: Change, before: Subject, after: Subject): boolean {
    const text = textOf(after.draft);
    const [old, now] = [wordsOf(before), wordsOf(after)];
    const words = wordsAt(before, change);
    const key = placeOf(change, words);
    const left = this.left.get(key) ?? 1;
    const written = this.written.get(keyOf(change)) ?? new Set();
    if (this.texts.has(text) || (now.length > old.length && left <= 0)) return false;
    if (written.has(words) && now.length >= old.length) return false;
    this.texts.add(text);
    this.left.set(key, left - 1);
    const known = new Set(old);
    for (const one of now) if (!known.has(one)) written.add(one);
    this.written.set(keyOf(change), written);
    return true;
  }
}

function placeOf(change: Change, words: string): string {
  return JSON.stringify([keyOf(change), words]);
}

function textOf({ source, ignoreText }: Draft): string {
  return JSON.stringify([source.text, ignoreText]);
}

function wordsOf({ lint }: Subject): string[] {
  return instructionsOf(lint.dockerfile).map(({ text }) => text);
}

/** Of the instruction that a change is about. */
function wordsAt({ lint }: Subject, { proposal }: Change): string {
  const above = instructionsOf(lint.dockerfile).filter(({ span }) => span.start <= proposal.span.start);
  return above.at(-1)?.text ?? '';
}
