// For tests: what a second run would observe of what a first one has written, as far as that is known without building:
// each instruction does what was seen of it, or is expected of it; the image consists of what the last stage has now.

import type { Digest } from '../../core/index.ts';
import type { TableOfContents } from '../../oci/image/index.ts';
import { lineage } from '../lint/index.ts';
import { contextCopies } from './context-copies.ts';
import type { StepEvidence } from './evidence.ts';
import { type MadeEvidence, tableOf } from './evidence-for.ts';
import { type Draft, knownOfOriginal, lookAt, makesLayer, type Surroundings } from './subject.ts';

/** Observes it. @param base the layers below those of the image's own steps */
export function secondRun(
  draft: Draft,
  around: Surroundings,
  base: readonly TableOfContents[] = [],
): MadeEvidence {
  const subject = lookAt(draft, around);
  const copies = contextCopies(subject);
  const sizes = Object.fromEntries(subject.context.map(({ path, bytes }) => [path, bytes]));
  const steps = subject.lint.built.flatMap((built, i): StepEvidence[] => {
    const { instruction, facts } = built;
    const { kind, span, text } = instruction;
    if (!makesLayer(instruction)) return [];
    if (kind !== 'run' && kind !== 'copy' && kind !== 'add' && kind !== 'workdir') return [];
    const known = subject.observed(instruction);
    const copy = copies.get(built);
    return [
      {
        ...{ seconds: kind === 'run' ? 1 : 0.03, table: tableOf(copy?.files ?? new Map(), sizes) },
        ...known,
        ...{ id: `${facts.stage.index}.${i}`, title: text, kind, start: span.start },
        layer: `sha256:${String(i).padStart(64, '1')}` as Digest,
        ...(copy ? { copies: [...copy.files.keys()] } : {}),
      },
    ];
  });
  const { stages } = subject.lint.dockerfile;
  const shipped = new Set(lineage(stages, stages.at(-1)!).map(({ index }) => index));
  const own = steps.filter(({ id }) => shipped.has(Number.parseInt(id, 10)));
  const tables = [...base, ...own.map(({ table }) => table ?? { entries: [] })];
  const { image } = around.evidence;
  const evidence = {
    ...around.evidence,
    ...{ steps, context: subject.context },
    image: {
      ...{
        ...image,
        tables,
        diffIds: [...image.diffIds.slice(0, base.length), ...own.map(({ layer }) => layer!)],
      },
      bytes: tables.reduce((sum, { entries }) => entries.reduce((all, { size }) => all + size, sum), 0),
    },
  };
  const { source, ignoreText } = draft;
  return {
    draft: {
      ...{ source, known: knownOfOriginal(evidence) },
      ...(ignoreText === undefined ? {} : { ignoreText }),
    },
    around: { ...around, evidence },
  };
}
