// Where files of the context come to lie in the image that is built: where a COPY puts them, and where a COPY from that
// stage takes them to.

import { cleanRelative } from '../../../core/index.ts';
import type { LintSubject } from '../../lint/index.ts';
import type { ContextCopy } from '../context-copies.ts';
import type { Subject } from '../subject.ts';

/**
 * The places of some paths of the context and all below them, without leading slashes.
 * @param roots files or directories of the context
 */
export function placesInImage(
  subject: Subject,
  copies: readonly ContextCopy[],
  roots: readonly string[],
): readonly string[] {
  const found = new Set<string>();
  for (const copy of copies)
    for (const root of roots) {
      const place = placeOf(copy, root);
      if (place === undefined) continue;
      found.add(place);
      for (const further of takenFurther(subject.lint, copy.built.facts.stage.index, place))
        found.add(further);
    }
  return [...found];
}

function placeOf({ files }: ContextCopy, root: string): string | undefined {
  for (const [path, place] of files) {
    if (path === root) return place;
    if (path.startsWith(`${root}/`) && place.endsWith(path.slice(root.length)))
      return place.slice(0, place.length - (path.length - root.length));
  }
  return undefined;
}

/** How many stages a file is followed through. */
const DEEPEST = 8;

function takenFurther(lint: LintSubject, stage: number, place: string, depth = 0): readonly string[] {
  if (depth > DEEPEST) return [];
  return lint.built.flatMap((built): string[] => {
    const { instruction, planned, expansions, before, facts } = built;
    if (
      instruction.kind !== 'copy' ||
      !planned.sources.some((one) => one.kind === 'stage' && one.stage === stage)
    )
      return [];
    const textOf = (word: object) => expansions.find((one) => one.word === word)?.expansion.text;
    const written = textOf(instruction.destination) ?? '';
    const destination = cleanRelative(
      written.startsWith('/') ? written : `${before.config.WorkingDir ?? ''}/${written}`,
    );
    return instruction.sources.flatMap((word) => {
      const source = cleanRelative(textOf(word) ?? '');
      const isWithin = source === '' || place.startsWith(`${source}/`);
      if (!isWithin) return [];
      const rest = source === '' ? place : place.slice(source.length + 1);
      const there = destination === '' ? rest : `${destination}/${rest}`;
      return [there, ...takenFurther(lint, facts.stage.index, there, depth + 1)];
    });
  });
}
