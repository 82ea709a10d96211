// Whether what an image starts is a tool that builds: `cargo run`, `go run .`, `mvn spring-boot:run` read its cache then.

import { type BuiltInstruction, lineage } from '../lint/index.ts';
import type { Subject } from './subject.ts';

/** Of others, as npm, nothing that they start reads what they keep. */
const TOOLS = /^(go|mvnw?|gradlew?|cargo)$/;

/** Whether CMD or ENTRYPOINT among some instructions starts one whose name is asked for. */
export function startsTool(
  items: readonly Pick<BuiltInstruction, 'instruction'>[],
  isAsked: (name: string) => boolean,
): boolean {
  return items.some(({ instruction }) => {
    if (instruction.kind !== 'cmd' && instruction.kind !== 'entrypoint') return false;
    const { command } = instruction;
    const words =
      command.form === 'exec'
        ? command.args.flatMap(({ text }) => text.split(/\s+/))
        : (command.text?.text ?? '').split(/\s+/);
    return words.some((word) => {
      const name = word.replace(/^.*\//, '');
      return TOOLS.test(name) && isAsked(name);
    });
  });
}

/** Whether the image of a stage does, or of one that stands on it. */
export function startsToolIn({ lint }: Subject, stage: number, isAsked: (name: string) => boolean): boolean {
  const { stages } = lint.dockerfile;
  const on = stages.filter((one) => lineage(stages, one).some(({ index }) => index === stage));
  return on.some(({ instructions }) =>
    startsTool(
      instructions.map((instruction) => ({ instruction })),
      isAsked,
    ),
  );
}
