import { cleanRelative } from '../../../core/index.ts';
import type { ContextFacts } from '../context-facts.ts';
import { buildkitPage, type Rule } from '../rule.ts';
import type { LintSubject } from '../subject.ts';

/** Patterns that leave out everything at the top. */
const EVERYTHING = new Set(['*', '**', '**/*']);

export const copyIgnoredFile: Rule = {
  name: 'CopyIgnoredFile',
  severity: 'warning',
  experimental: true,
  summary: 'COPY and ADD do not take what the ignore file leaves out',
  url: buildkitPage('copy-ignored-file'),
  page: `What \`.dockerignore\` names is not part of the build context, and copying it fails. Without experimental checks
it is the failing COPY that says so. \`mille lint\` looks at the files themselves, and has CopySourceMissing for it.`,
  examples: [
    {
      bad: '# check=experimental=CopyIgnoredFile\nFROM scratch\nCOPY ./tmp/app /bin/',
      at: [3],
      good: '# check=experimental=CopyIgnoredFile\nFROM scratch\nCOPY ./out/app /bin/',
      ignoreFile: 'tmp\n*.log\n',
    },
    {
      bad: '# check=experimental=CopyIgnoredFile\nFROM scratch\nCOPY . /',
      at: [3],
      good: '# check=experimental=CopyIgnoredFile\nFROM scratch\nCOPY <<EOF /note\nno files needed\nEOF',
      ignoreFile: '*\n',
    },
    {
      bad: '# check=experimental=CopyIgnoredFile\nFROM scratch\nCOPY tmp /t\nCOPY log/a /',
      at: [3],
      good: '# check=experimental=CopyIgnoredFile\nFROM scratch\nCOPY log /t',
      ignoreFile: 'tmp\nlog/*\n!log/a\n',
      context: { 'tmp/app': 1, 'log/a': 1, 'log/b': 1 },
    },
  ],
  check: (subject) =>
    subject.built.flatMap(({ instruction, planned, expansions, at, spanOf }) => {
      if (instruction.kind !== 'copy' && instruction.kind !== 'add') return [];
      const from = planned.sources[0]?.kind ?? 'build-context';
      if (from !== 'build-context') return [];
      const name = instruction.kind.toUpperCase();
      return instruction.sources.flatMap((source) => {
        const path = expansions.find(({ word }) => word === source)?.expansion.text;
        if (path === undefined || /^[a-z]+:\/\/|^git@/.test(path) || !isLeftOut(subject, path)) return [];
        const message = `${name} takes '${path}', which the ignore file leaves out`;
        return [{ message, span: spanOf(source), at }];
      });
    }),
};

/** Whether nothing of a path can be in the context. */
function isLeftOut({ ignore, context }: LintSubject, path: string): boolean {
  if (!ignore) return false;
  if (context && !context.more) return isHidden(context, cleanRelative(path));
  const { rules, matcher } = ignore;
  const clean = cleanRelative(path);
  const hidden =
    clean === ''
      ? rules.some(({ negated, pattern }) => !negated && EVERYTHING.has(pattern))
      : matcher.isIgnored(clean);
  return hidden && !matcher.mayContainIncluded(clean);
}

/** By the files that are there: nothing of it is in the context, and something of it is left out. */
function isHidden({ files, directories, hidden }: ContextFacts, path: string): boolean {
  const isOf = (one: string) => path === '' || one === path || one.startsWith(`${path}/`);
  if (files.some((file) => isOf(file.path)) || directories.some(isOf)) return false;
  return hidden.some((one) => isOf(one) || path.startsWith(`${one}/`));
}
