// A COPY at the end of a stage that nothing takes anything of any more.

import { cleanRelative, isAtOrBelow, type TextEdit } from '../../../core/index.ts';
import type { BuiltInstruction } from '../../lint/index.ts';
import { type ContextCopy, contextCopies } from '../context-copies.ts';
import { insertAbove, linesOf, removeLines } from '../lines.ts';
import { neededStages, targetOf } from '../needed-stages.ts';
import type { Proposal, Rewrite } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import { shortened } from '../words.ts';

export const unusedCopy: Rewrite = {
  name: 'unused-copy',
  summary: 'take away a COPY at the end of a stage that no later step takes anything of',
  goal: 'rebuild',
  page: `A stage that others copy from needs only what they copy, and what its own commands read on the way. A COPY below the last
of these commands, of which nobody copies anything, is work for nothing; and with each commit that changes one of its files
the stage is made again, and all that copies from it is looked at. That is what remains of \`COPY . .\` where dependencies
were installed above it, and the image is finished in another stage.

Only where each file that it brings is known, no RUN stands below it in its stage, no stage stands on this one, none mounts
it, and what others copy from it is written without wildcards and is something else. Comments right above it go to where a
later stage copies the same, if nothing is said there. Nothing in the image may change.`,
  examples: [
    {
      before:
        'FROM python:3.12 AS build\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --target /site -r requirements.txt\nCOPY . .\n\nFROM python:3.12-slim\nCOPY --from=build /site /site\nWORKDIR /app\nCOPY . .\n',
      after:
        'FROM python:3.12 AS build\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --target /site -r requirements.txt\n\nFROM python:3.12-slim\nCOPY --from=build /site /site\nWORKDIR /app\nCOPY . .\n',
      context: { 'app.py': 900, 'requirements.txt': 20 },
    },
  ],
  propose: (subject) => {
    const target = targetOf(subject);
    return [...neededStages(subject)].flatMap((stage) =>
      stage === target ? [] : (proposalOf(subject, stage) ?? []),
    );
  },
};

function proposalOf(subject: Subject, stage: number): Proposal | undefined {
  const taken = takenFrom(subject, stage);
  if (!taken) return undefined;
  const copies = contextCopies(subject);
  for (const built of builtOf(subject, stage).toReversed()) {
    const { instruction } = built;
    if (instruction.kind === 'run' || instruction.kind === 'onbuild') return undefined;
    if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue;
    const copy = copies.get(built);
    if (instruction.kind === 'add' || !copy || copy.makes || copy.files.size === 0) return undefined;
    if (taken.some((path) => brings(copy, path))) continue;
    const files =
      copy.files.size === 1 ? 'the file that it brings' : `the ${copy.files.size} files it brings`;
    const name = subject.lint.dockerfile.stages[stage]?.from.name;
    return {
      title: `take away ${shortened(instruction.text, 50)} at the end of ${name ? `stage ${name}` : 'its stage'}`,
      reason: `no command stands below it, and no stage copies any of ${files}`,
      span: instruction.span,
      edits: [...removeLines(subject, linesOf(subject, instruction)), ...commentsMoved(subject, built)],
      claim: {},
      allows: [],
    };
  }
  return undefined;
}

/** What is said above a line that goes is said above the same line of a later stage, where nothing is. */
function commentsMoved(subject: Subject, { instruction, facts }: BuiltInstruction): readonly TextEdit[] {
  const { start } = linesOf(subject, instruction);
  const comments = subject.draft.source.text.slice(start, instruction.node.start);
  const twin = subject.lint.built.find(
    (other) =>
      other.facts.stage.index > facts.stage.index &&
      other.instruction.text === instruction.text &&
      linesOf(subject, other.instruction).start === other.instruction.node.start,
  );
  return comments === '' || !twin ? [] : [insertAbove(subject, twin.instruction, comments)];
}

/** Whether a path has something of what a COPY brings: below it, or on the way to it. */
function brings({ table, files }: ContextCopy, path: string): boolean {
  const directories = table?.entries.filter(({ type }) => type === 'dir').map((entry) => entry.path) ?? [];
  const others = table?.entries.filter(({ type }) => type !== 'dir').map((entry) => entry.path) ?? [];
  return (
    directories.some((one) => isAtOrBelow(one, path)) ||
    [...others, ...files.values()].some((one) => isAtOrBelow(one, path) || isAtOrBelow(path, one))
  );
}

/** Paths that others copy from a stage, without slashes at their ends; undefined where they may take anything. */
function takenFrom(subject: Subject, stage: number): readonly string[] | undefined {
  const taken: string[] = [];
  for (const { stage: other } of subject.lint.stages)
    if (other.base.kind === 'stage' && other.base.stage === stage) return undefined;
  for (const built of subject.lint.built) {
    if (!built.planned.sources.some((source) => source.kind === 'stage' && source.stage === stage)) continue;
    const paths = pathsOf(built);
    if (!paths) return undefined;
    taken.push(...paths);
  }
  return taken;
}

function pathsOf({ instruction, expansions }: BuiltInstruction): readonly string[] | undefined {
  if (instruction.kind !== 'copy' || instruction.parents) return undefined;
  const paths = instruction.sources.map(
    (word) => expansions.find((one) => one.word === word)?.expansion.text ?? '*',
  );
  return paths.some((path) => /[*?[\\]/.test(path)) ? undefined : paths.map(cleanRelative);
}
