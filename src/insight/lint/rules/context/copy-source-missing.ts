import { suggest } from '../../../../core/index.ts';
import { type ContextFacts, type LocalSource, sourcesByInstruction } from '../../context-facts.ts';
import type { Finding, Rule } from '../../rule.ts';
import type { LintSubject } from '../../subject.ts';

export const copySourceMissing: Rule = {
  name: 'CopySourceMissing',
  severity: 'error',
  summary: 'what COPY and ADD take is in the build context',
  page: `Sources of COPY and ADD are paths below the build context, the directory given to the build. What is not there, or what
\`.dockerignore\` leaves out, makes the build fail; \`../\` does not lead out of it. A wildcard that matches nothing is only
something where no other source of the instruction matches either, and not where it is written for that: \`settings.jso[n]\`.

\`mille lint\` looks into the context; without one it has nothing to say.`,
  examples: [
    {
      bad: 'FROM node:22\nCOPY pakage.json /app/',
      at: [2],
      good: 'FROM node:22\nCOPY package.json /app/',
      context: { 'package.json': 10 },
    },
    {
      bad: 'FROM nginx\nCOPY dist /usr/share/nginx/html',
      at: [2],
      good: 'FROM nginx\nCOPY public /usr/share/nginx/html',
      context: { 'dist/index.html': 10, 'public/index.html': 10 },
      ignoreFile: 'dist\n',
    },
    {
      bad: 'FROM nginx\nCOPY *.htm /usr/share/nginx/html/',
      at: [2],
      good: 'FROM nginx\nCOPY *.htm index.html /usr/share/nginx/html/\nCOPY conf.jso[n] /',
      context: { 'index.html': 10 },
    },
  ],
  check: (subject) => {
    const { context } = subject;
    if (!context || context.more) return [];
    return sourcesByInstruction(subject).flatMap((sources) => {
      const missing = sources.filter((source) => source.path !== '' && !isThere(context, source));
      const allMissing = missing.length === sources.length;
      return missing
        .filter(({ path, wildcard }) => !wildcard || (allMissing && !OPTIONAL.test(path)))
        .map((source) => finding(subject, context, source));
    });
  },
};

/** A set of one character is how people write that a file may be missing: `settings.jso[n]`. */
const OPTIONAL = /\[[^\]^]\]/;

function isThere({ files, directories }: ContextFacts, { path, wildcard, takes }: LocalSource): boolean {
  if (wildcard) return files.some((file) => takes(file.path)) || directories.some(takes);
  // What --exclude leaves out is there all the same.
  const isPath = (one: string) => one === path || one.startsWith(`${path}/`);
  return files.some((file) => isPath(file.path)) || directories.some(isPath);
}

function finding({ ignore }: LintSubject, context: ContextFacts, source: LocalSource): Finding {
  const { built, instruction, word, path, wildcard } = source;
  const place = { span: built.spanOf(word), at: built.at };
  const name = instruction.kind.toUpperCase();
  const hides = context.hidden.some(
    (one) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`),
  );
  if (hides && !wildcard) {
    const rule = ignore?.matcher.decidingRule(path);
    const by = rule ? `'${rule.span.source.text.slice(rule.span.start, rule.span.end)}' in ` : '';
    return {
      ...place,
      message: `${name} takes '${path}', which is there, but left out by ${by}${context.ignoreFile.path}`,
    };
  }
  if (wildcard) return { ...place, message: `nothing in the build context matches '${path}'` };
  const names = [...context.files.map((file) => file.path), ...context.directories];
  const near = suggest(path, names);
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  return { ...place, message: `${name} takes '${path}', which is not in the build context${hint}` };
}
