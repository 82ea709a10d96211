// Build arguments that are others with every build, declared where they are used.

import type { ArgInstruction, StageInstruction } from '../../../lang/dockerfile/index.ts';
import type { BuiltInstruction } from '../../lint/index.ts';
import { basisOf, commitsOf } from '../commits.ts';
import { gainOf } from '../gain.ts';
import { installOf, isHarmless } from '../installs.ts';
import { insertAbove, insertBelow, linesOf, removeLines } from '../lines.ts';
import { changesAlways, neededStages } from '../rebuild-cost.ts';
import type { Proposal, Rewrite } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inSeconds, inWords } from '../words.ts';

export const lateArguments: Rewrite = {
  name: 'late-arguments',
  summary: 'declare arguments that change with every build below what takes long',
  goal: 'rebuild',
  page: `An ARG is in the environment of every RUN below it, whether that uses it or not: with another value all of them run
again. A commit, a date or the number of a build is another one each time. Here such an ARG (told by its name: \`GIT_SHA\`,
\`VCS_REF\`, \`BUILD_DATE\`, \`COMMIT\`, \`REVISION\` and their kin) goes down to the first line that uses it, and with it
what is made of it: \`ENV APP_VERSION=$GIT_SHA\`, which is in the environment of every RUN as well, and \`LABEL revision=$GIT_SHA\`.

It is not moved below a RUN that might look at it in its environment: only below installs and the like, whose commands are
known, and no ENV by whose name these take their settings.

Nothing in the image may change.`,
  examples: [
    {
      before:
        'FROM node:24\nARG GIT_SHA\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nLABEL revision=$GIT_SHA\n',
      after:
        'FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nARG GIT_SHA\nLABEL revision=$GIT_SHA\n',
      context: { 'a.js': 900, 'package.json': 40, 'package-lock.json': 3000 },
      steps: { 4: { seconds: 20 } },
    },
    {
      before:
        'FROM python:3.13\nARG GIT_SHA=none\nENV APP_VERSION=$GIT_SHA\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nRUN python -m compileall .\n',
      after:
        'FROM python:3.13\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nARG GIT_SHA=none\nENV APP_VERSION=$GIT_SHA\nRUN python -m compileall .\n',
      context: { 'app.py': 900, 'requirements.txt': 40 },
      steps: { 5: { seconds: 20 }, 7: { seconds: 1 } },
    },
  ],
  propose: (subject) => {
    const needed = neededStages(subject);
    return [...needed].flatMap((stage) => {
      const items = builtOf(subject, stage);
      return items.flatMap(({ instruction }, i) => {
        if (!isChanging(instruction)) return [];
        return proposalOf(subject, { items, at: i, instruction }) ?? [];
      });
    });
  },
};

interface Place {
  readonly items: readonly BuiltInstruction[];
  readonly at: number;
  readonly instruction: ArgInstruction;
}

/** What goes down, and where to. */
interface Descent {
  /** Of the stage's instructions, in their order. */
  readonly moved: readonly number[];
  /** The instruction above which they are to stand; the stage's length is its end. */
  readonly to: number;
}

function proposalOf(subject: Subject, { items, at, instruction }: Place): Proposal | undefined {
  const { moved, to } = descentOf(subject, { items, at });
  if (moved.length === 0) return undefined;
  const lines = moved.map((i) => linesOf(subject, items[i]!.instruction));
  const text = lines.map((one) => one.text).join('');
  const next = items[to];
  const edits = [
    ...lines.flatMap((one) => removeLines(subject, one)),
    next
      ? insertAbove(subject, next.instruction, text)
      : insertBelow(subject, items.at(-1)!.instruction, text),
  ];
  const gain = gainOf(subject, { edits });
  if (!gain) return undefined;
  const names = instruction.args.map(({ name }) => name.text);
  const made = moved.slice(1).map((i) => items[i]!.instruction);
  const what = [names.join(', '), ...made.map(({ kind, text }) => `${kind.toUpperCase()} ${nameIn(text)}`)];
  const where = next ? `the ${next.instruction.kind.toUpperCase()} that may use it` : 'the end of its stage';
  return {
    title: `declare ${inWords(what)} at ${where}`,
    reason:
      `with another value every RUN below it runs again, and none down to there uses it. If it is given with each build, ` +
      `a commit's rebuild goes from ${inSeconds(gain.before)} to ${inSeconds(gain.after)}, ${basisOf(commitsOf(subject))}`,
    span: instruction.span,
    edits,
    claim: { secondsPerCommit: gain.before - gain.after },
    allows: [],
    risk: `a program that is installed in between and looks at ${names.join(', ')} would not find it`,
  };
}

/** Down to the first instruction that may use it, and with it whatever is made of it. */
function descentOf(subject: Subject, { items, at }: Pick<Place, 'items' | 'at'>): Descent {
  const moved: number[] = [at];
  const names = new Set(namesOf(items[at]!.instruction));
  const mentions = (text: string) => [...names].some((name) => hasWord(text, name));
  let to = at + 1;
  for (; to < items.length; to++) {
    const { instruction } = items[to]!;
    const own = namesOf(instruction);
    if (isSetting(instruction) && (mentions(instruction.text) || isChanging(instruction))) {
      if (own.some((name) => SETTINGS.test(name))) break;
      moved.push(to);
      if (instruction.kind !== 'label') for (const name of own) names.add(name);
    } else if (
      mayUse(subject, instruction, mentions) ||
      // What it sets may be in what goes down.
      moved.some((i) => own.some((name) => hasWord(items[i]!.instruction.text, name)))
    )
      break;
  }
  // What stands there already stays.
  while (moved.at(-1) === to - 1) {
    moved.pop();
    to--;
  }
  return { moved, to };
}

/** Names by which package managers and compilers take settings from their environment. */
const SETTINGS =
  /^(npm|yarn|pnpm|node|nvm|pip|python|poetry|uv|virtual_env|go|cgo|cargo|rust|maven|mvn|java|gradle|bundle|gem|ruby|composer|php|dotnet|nuget|debian|apt|path|home|lang|lc_|tz|ld_|cc|cxx|c(pp|xx)?flags|ldflags|https?_proxy|no_proxy|all_proxy)/i;

function isChanging(instruction: StageInstruction): instruction is ArgInstruction {
  return instruction.kind === 'arg' && instruction.args.every(({ name }) => changesAlways(name.text));
}

type Setting = Extract<StageInstruction, { kind: 'arg' | 'env' | 'label' }>;

function isSetting(instruction: StageInstruction): instruction is Setting {
  return instruction.kind === 'arg' || instruction.kind === 'env' || instruction.kind === 'label';
}

/** What an instruction sets. */
function namesOf(instruction: StageInstruction): readonly string[] {
  if (instruction.kind === 'arg') return instruction.args.map(({ name }) => name.text);
  if (instruction.kind === 'env' || instruction.kind === 'label')
    return instruction.pairs.map(({ key }) => key.text);
  return [];
}

function hasWord(text: string, name: string): boolean {
  const plain = name.replace(/^["']|["']$/g, '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<!\\w)${plain}(?!\\w)`).test(text);
}

/** The first name that `ENV A=$B C=$D` sets. */
function nameIn(text: string): string {
  return /^\S+\s+([^\s=]+)/.exec(text)?.[1] ?? '';
}

/** Whether an instruction may look at an argument. */
function mayUse(
  subject: Subject,
  instruction: StageInstruction,
  mentions: (text: string) => boolean,
): boolean {
  const { kind, text, node } = instruction;
  if (kind === 'onbuild') return true;
  // These are expanded when the container runs, if at all.
  if (kind === 'cmd' || kind === 'entrypoint' || kind === 'healthcheck') return false;
  if (mentions(text) || node.heredocs.length > 0) return true;
  if (kind !== 'run') return false;
  const run = subject.lint.runs().find(({ at }) => at === node);
  const commands = run?.commands ?? [];
  return commands.length === 0 || !commands.every((one) => installOf(one) || isHarmless(one));
}
