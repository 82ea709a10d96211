// Where COPY and ADD put what they take, as far as it is written out: for rules about what is done to it later.

import type { AddInstruction, CopyInstruction } from '../../lang/dockerfile/index.ts';
import { placed, unquoted } from './placed.ts';
import type { LintSubject } from './subject.ts';

/** A COPY or ADD. */
export interface CopiedPath {
  readonly instruction: CopyInstruction | AddInstruction;
  /** The destination without a slash at its end; '' for the root. */
  readonly path: string;
  /** Written with a slash at its end. */
  readonly isDirectory: boolean;
  /** What the sources are called there, where the destination is a directory. */
  readonly files: readonly string[];
}

/** Those of each stage, by its number, in their order. */
export function copiedPaths(subject: LintSubject): ReadonlyMap<number, readonly CopiedPath[]> {
  const found = new Map<number, CopiedPath[]>();
  for (const { stage, instruction } of placed(subject, 'copy', 'add')) {
    const destination = unquoted(instruction.destination.text);
    const path = destination.replace(/\/$/, '');
    const names = instruction.sources.map(({ text }) =>
      unquoted(text).replace(/\/$/, '').replace(/^.*\//, ''),
    );
    const list = found.get(stage.index) ?? [];
    list.push({
      instruction,
      path,
      isDirectory: destination.endsWith('/'),
      files: names.map((name) => `${path}/${name}`),
    });
    found.set(stage.index, list);
  }
  return found;
}
