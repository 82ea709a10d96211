// What lint has a fix for and is no matter of bytes or seconds: an instruction written as it should be.

import { resolveDestination } from '../../../build/graph/index.ts';
import { type Finding, lineage, RULES } from '../../lint/index.ts';
import type { Allowance, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { fromLint } from './from-lint.ts';

const AUTHORS = 'org.opencontainers.image.authors';

const SHELL_AT_RUN_TIME = `The process of the container is then the program itself, and no shell around it: it gets SIGTERM of \`docker stop\`
and can end in order. Only where the shell would do nothing but start it: no variables, no operators, no patterns, no
command of the shell's own. Of a file of the project only where it was seen in the image that it may be executed and begins
with \`#!\`: without that only a shell runs it. The config's \`Cmd\` or \`Entrypoint\` changes, and nothing else may.`;

export const HYGIENE: readonly Rewrite[] = [
  fromLint({
    ...{ name: 'copy-not-add', goal: 'both', rule: rule('CopyInsteadOfAdd') },
    summary: 'copy files of the context with COPY, not with ADD',
    page: 'Nothing in the image may change.',
    allows: () => [],
    claim: () => ({}),
  }),
  fromLint({
    ...{ name: 'exec-form', goal: 'both', rule: rule('JSONArgsRecommended') },
    summary: 'write CMD and ENTRYPOINT as JSON arrays where no shell is needed',
    page: SHELL_AT_RUN_TIME,
    examples: rule('JSONArgsRecommended').examples.slice(0, 1),
    only: (finding, subject) => isShipped(finding, subject) && !needsShell(finding, subject),
    allows: ({ at }) => [
      { what: 'config', key: at.clause.keyword.text.toLowerCase() === 'cmd' ? 'Cmd' : 'Entrypoint' },
    ],
    claim: () => ({}),
    risk: 'the program is process 1 of its container and gets the signals, which so far the shell got',
  }),
  fromLint({
    ...{ name: 'label-not-maintainer', goal: 'both', rule: rule('MaintainerDeprecated') },
    summary: 'name the maintainer in a label',
    page: `The config's \`Author\` is then empty, and the label \`${AUTHORS}\` says it: nothing else may change.`,
    // A label that is written out already would be hidden by one below it, or hide it.
    only: (finding, subject) => isShipped(finding, subject) && !hasLabel(subject),
    allows: (): readonly Allowance[] => [
      { what: 'config', key: 'Author' },
      { what: 'config', key: `Label ${AUTHORS}` },
    ],
    claim: () => ({}),
  }),
];

function rule(name: string) {
  return RULES.find((one) => one.name === name)!;
}

/** Whether the program may be a file of the project that only a shell runs: one not known to be a program of its own. */
function needsShell(finding: Finding, subject: Subject): boolean {
  const path = ownProgram(finding, subject);
  return path !== undefined && !subject.evidence.programs?.has(path);
}

/** Where the program lies in the image, if it is, or may be, a file that a COPY brings. */
function ownProgram({ fix }: Finding, { context, evidence }: Subject): string | undefined {
  const [program = ''] = JSON.parse(fix?.edits[0]?.text ?? '[]') as readonly string[];
  if (!program.includes('/')) return undefined;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (!context.some(({ path }) => path === name || path.endsWith(`/${name}`))) return undefined;
  return resolveDestination(evidence.image.config.config?.WorkingDir ?? '', program).slice(1);
}

/** Whether there would be something to propose, if it were known which files are programs. */
export function mayStartItself(subject: Subject): boolean {
  return rule('JSONArgsRecommended')
    .check(subject.lint)
    .some((finding) => isShipped(finding, subject) && ownProgram(finding, subject) !== undefined);
}

/** Whether an instruction is of the image that is built, or of what it stands on. */
function isShipped({ at }: Finding, { lint }: Subject): boolean {
  const { stages } = lint.dockerfile;
  const last = lint.stages.at(-1)?.stage.index;
  if (last === undefined) return false;
  return lineage(stages, stages[last]!).some(({ instructions }) =>
    instructions.some(({ node }) => node === at),
  );
}

function hasLabel({ lint }: Subject): boolean {
  return lint.dockerfile.instructions.some(
    (one) => one.kind === 'label' && one.pairs.some(({ key }) => key.text === AUTHORS),
  );
}
