// The base that somebody would rather have: FROM in the place of the one that is there.

import { formatSize } from '../../../core/index.ts';
import type { ContainerConfig } from '../../../oci/image/index.ts';
import { baseChange, missingIn, type OtherBase, otherBase, toolMissingIn } from '../base-change.ts';
import { standsOnCompiler } from '../build-stage/on-compiler.ts';
import { type Part, partsOf } from '../build-stage/roles.ts';
import { type StageFiles, stageFiles } from '../build-stage/stage-files.ts';
import { FEW_BYTES } from '../leavings.ts';
import { insertBelow } from '../lines.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Proposal, Remark, Rewrite } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import { shortened } from '../words.ts';

export const slimmerBase: Rewrite = {
  name: 'slimmer-base',
  summary: 'stand on a slimmer base, where --base names one',
  goal: 'size',
  page: `\`python:3.12\` has compilers and headers of many libraries that \`python:3.12-slim\` has not, and most programs run on either.
Which image is slimmer and still of the same family is for people to say: \`mille optimize --base python:3.12-slim\`. It then
takes the place of the one in the last FROM, if that is one stage on an image. Where nobody names one, and a last stage stands
on a compiler (\`golang\`, \`rust\`, \`gcc\`) and starts a program that was compiled and only copied to it, the distribution below is
tried: \`debian:bookworm-slim\`, \`ubuntu:24.04\` or \`alpine:3.22\`; below a JDK that only starts a jar, the runtime of the same
release.

Not where a RUN was seen to execute something of the base that the other one has not (a compiler, \`git\`): then
[build-stage](#build-stage) is tried, with the other base for the last stage alone. Not where the program that the image
starts, or one that its instructions brought, needs a library or an interpreter that is not there.

What the bases differ in may differ, path by path: files that only one of them has, those that are others. So may variables
by which they tell the versions of their tools, and \`PATH\`; other variables are set by ENV as they were. What the
instructions of the Dockerfile made has to be the same. As a program may look for anything when it runs, the change stays
only where the image could be asked: by \`--check\`, its \`HEALTHCHECK\`, or its own command, which is started in both.`,
  examples: [],
  propose: (subject) => {
    const look = lookAtBases(subject);
    const proposal = look && look.refusal === undefined ? proposalOf(subject, look) : undefined;
    return proposal ? [proposal] : [];
  },
  remarks: (subject) => {
    const look = lookAtBases(subject);
    if (look?.refusal === undefined || subject.evidence.slimmer?.own) return [];
    const remark: Remark = {
      what: `${look.other.name} is not the base of the last stage`,
      why: look.refusal,
      span: look.from.span,
    };
    return [remark];
  },
};

interface Look {
  readonly from: Subject['lint']['dockerfile']['stages'][number]['from'];
  readonly other: OtherBase;
  readonly parts: readonly Part[];
  readonly files: StageFiles;
  readonly refusal?: string;
}

/** The last stage, where it stands on an image that is not that one. */
function lookAtBases(subject: Subject): Look | undefined {
  const { evidence, lint } = subject;
  const other = otherBase(evidence);
  const stage = lint.dockerfile.stages.at(-1);
  const facts = lint.stages.find(({ stage: { index } }) => index === stage?.index);
  if (!other || !stage || !facts || !neededStages(subject).has(stage.index)) return undefined;
  const { base, replaced } = facts.stage;
  if (base.kind !== 'image' || replaced || base.reference === other.name) return undefined;
  if (evidence.slimmer?.own && !standsOnCompiler(subject)) return undefined;
  const parts = partsOf(subject, stage.index);
  const files = parts && stageFiles(subject, parts);
  if (!parts || !files) return undefined;
  const look = { from: stage.from, other, parts, files };
  const refusal = refusalOf(subject, look);
  return refusal === undefined ? look : { ...look, refusal };
}

function refusalOf(subject: Subject, { parts, files, other }: Look): string | undefined {
  const { evidence } = subject;
  const before = baseConfig(subject);
  if (!before) return 'nothing stands below its FROM';
  const tool = toolMissingIn(parts, files, other);
  if (tool)
    return `${shortened(tool.part.built.instruction.text, 40)} uses /${tool.path}, which ${other.name} does not have`;
  return missingIn({
    ...{ files, other, image: evidence.image.config, programs: evidence.programs ?? new Map() },
    ...{ before, kept: new Set(files.makers.keys()) },
  });
}

/** What the last stage begins with. */
export function baseConfig(subject: Subject): ContainerConfig | undefined {
  const [first] = builtOf(subject, subject.lint.dockerfile.stages.length - 1);
  return first?.before.config;
}

function proposalOf(subject: Subject, { from, other, files }: Look): Proposal | undefined {
  const { evidence } = subject;
  const before = baseConfig(subject);
  if (!before) return undefined;
  const { allows, lines } = baseChange({
    ...{ files, other, before, image: evidence.image.config },
    dropped: new Set(),
  });
  const sizeOf = (tree: StageFiles['base']) =>
    [...tree.entries.values()].reduce((sum, { size }) => sum + size, 0);
  const bytes = sizeOf(files.base) - sizeOf(other.tree);
  if (bytes < FEW_BYTES) return undefined;
  const { start, end } = from.base.span;
  const written = subject.draft.source.text.slice(start, end);
  return {
    title: `stand on ${other.name} instead of ${written}`,
    reason: `it is ${formatSize(bytes)} smaller, has all that the instructions were seen to use, and all that what they brought needs`,
    span: from.span,
    edits: [
      { start, end, text: other.name },
      ...(lines.length === 0 ? [] : [insertBelow(subject, from, `${lines.join('\n')}\n`)]),
    ],
    claim: { bytes },
    allows,
    mustAsk: true,
    risk: `what a program looks for when it runs, and ${other.name} does not have, is not seen: --check "COMMAND" asks both images`,
  };
}
