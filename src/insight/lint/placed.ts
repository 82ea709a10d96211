// Instructions with the stage they stand in, for rules that look at what is written and not at what it comes to: they
// see every stage of the file, whether it is built or not.

import type { Fix } from '../../core/index.ts';
import type { Instruction, Stage, StageInstruction, Word } from '../../lang/dockerfile/index.ts';
import type { Finding } from './rule.ts';
import type { LintSubject } from './subject.ts';

type Kind = StageInstruction['kind'];

/** An instruction of some kinds, and its stage. */
export interface Placed<K extends Kind = Kind> {
  readonly stage: Stage;
  readonly instruction: Extract<StageInstruction, { readonly kind: K }>;
}

/** The instructions of some kinds in all stages, in the order of the file. */
export function placed<K extends Kind>(
  { dockerfile }: Pick<LintSubject, 'dockerfile'>,
  ...kinds: readonly K[]
): readonly Placed<K>[] {
  const wanted: ReadonlySet<string> = new Set(kinds);
  return dockerfile.stages.flatMap((stage) =>
    stage.instructions.flatMap((instruction) =>
      wanted.has(instruction.kind) ? [{ stage, instruction } as Placed<K>] : [],
    ),
  );
}

/** A finding about an instruction, or about a word of it. */
export function about(
  { node, span }: Pick<Instruction, 'node' | 'span'>,
  message: string,
  { word, fix }: { readonly word?: Pick<Word, 'span'> | undefined; readonly fix?: Fix | undefined } = {},
): Finding {
  return { message, span: word?.span ?? span, at: node, ...(fix ? { fix } : {}) };
}

/** The stage that a stage stands on, where it is one of the file. Only what is above counts. */
export function parentStage(stages: readonly Stage[], stage: Stage): Stage | undefined {
  const base = stage.from.base.text.toLowerCase();
  return stages.findLast(({ index, from }) => index < stage.index && from.name === base);
}

const lineages = new WeakMap<Stage, readonly Stage[]>();

/** A stage and those it stands on, from itself downwards. */
export function lineage(stages: readonly Stage[], stage: Stage): readonly Stage[] {
  const known = lineages.get(stage);
  if (known) return known;
  const line = [stage];
  for (let below = parentStage(stages, stage); below; below = parentStage(stages, below)) {
    const rest = lineages.get(below);
    line.push(...(rest ?? [below]));
    if (rest) break;
  }
  lineages.set(stage, line);
  return line;
}

/** A word without the quotes around it. */
export function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}
