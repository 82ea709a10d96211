// A COPY of a directory in two: what of it is large and seldom changes, and the rest.

import { formatSize, type TextEdit } from '../../../core/index.ts';
import { detectSyntax } from '../../../lang/dockerfile/index.ts';
import { lineage } from '../../lint/index.ts';
import { changed } from '../change.ts';
import { commitsOf } from '../commits.ts';
import { type CopiedDirectory, copiedDirectory } from '../copied-files.ts';
import { askForNewest, knowsFlag } from '../frontend-flags.ts';
import { insertAbove } from '../lines.ts';
import { rebuildCost, targetOf } from '../rebuild-cost.ts';
import type { Expected, Proposal, Rewrite } from '../rewrite.ts';
import { type StaticPart, staticParts } from '../static-parts.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inWords, shortened } from '../words.ts';

export const splitCopy: Rewrite = {
  name: 'split-copy',
  summary: 'copy what is large and seldom changes into a layer of its own',
  goal: 'rebuild',
  page: `A COPY is one layer: when one of its files changed, all of them are written again, and sent again to the registry, and
pulled again by whoever runs the image. Fonts, pictures, models, vendored code, \`node_modules\` that come from another stage
are often most of it, and seldom change. Here they are copied by a COPY of their own above it, and it leaves them out
(\`--exclude\`): a commit that touches sources then makes a layer of the sources alone.

How often it changes is told by the project's commits: of the context by the files that they touch, of another stage by the
steps that they make run again. Nothing is proposed without a history, for files that git does not know, for
what changes in more than one of ten commits that touch the rest, or is less than 1 MB or a tenth of the whole, or spares less
than 300 kB a commit on average, as what is touched seldom does; nor in stages of which no layer is in the image.

\`--exclude\` is known from docker/dockerfile 1.19 on. Where the file asks for no frontend, \`# syntax=docker/dockerfile:1\` is
written; where it asks for an older one, nothing is proposed.

Nothing in the image may change.`,
  examples: [
    {
      before: '# syntax=docker/dockerfile:1\nFROM nginx:1.29\n# all of it\nCOPY . /srv/\n',
      after:
        '# syntax=docker/dockerfile:1\nFROM nginx:1.29\nCOPY fonts /srv/fonts\n# all of it\nCOPY --exclude=fonts/* . /srv/\n',
      context: { 'index.html': 900, 'fonts/a.woff2': 4_000_000, 'fonts/b.woff2': 3_000_000 },
      commits: Array.from({ length: 9 }, () => ['index.html']),
    },
    {
      before:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nFROM node:24-slim\nCOPY --from=build /app /app\n',
      after:
        '# syntax=docker/dockerfile:1\nFROM node:24 AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nFROM node:24-slim\nCOPY --from=build /app/node_modules /app/node_modules\nCOPY --from=build --exclude=node_modules/* /app /app\n',
      context: { 'package.json': 90, 'package-lock.json': 9000, 'a.js': 900 },
      steps: { 4: { seconds: 9, layer: { 'app/node_modules/x/x.js': 9_000_000 } } },
      commits: Array.from({ length: 9 }, () => ['a.js']),
    },
  ],
  propose: (subject) => {
    const { stages } = subject.lint.dockerfile;
    const target = targetOf(subject);
    const shipped = target === undefined ? [] : lineage(stages, stages[target]!);
    return shipped.flatMap(({ index }) =>
      builtOf(subject, index).flatMap((built) => {
        const copied = copiedDirectory(subject, built);
        const parts = copied ? staticParts(copied.files) : [];
        const proposal = copied && parts.length > 0 ? proposalOf(subject, copied, parts) : undefined;
        return proposal ? [proposal] : [];
      }),
    );
  },
};

/** Bytes that a commit spares, on average. */
const FEWEST_PER_COMMIT = 300_000;

function proposalOf(
  subject: Subject,
  copied: CopiedDirectory,
  parts: readonly StaticPart[],
): Proposal | undefined {
  const change = changeOf(subject, copied, parts);
  const made = change && changed(subject, change);
  if (!made) return undefined;
  const [before, after] = [rebuildCost(subject), rebuildCost(made)].map((one) => one.secondsPerCommit);
  if (after! > before! + 0.05) return undefined;
  const { commits } = commitsOf(subject);
  const all = new Set(copied.files.flatMap((file) => [...file.commits])).size;
  const total = copied.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const spared = Math.min(...parts.map((part) => part.spared));
  const perCommit = (bytes * spared) / commits.length;
  // Two lines for one, of which one says what it leaves out, are worth more than that.
  if (perCommit < FEWEST_PER_COMMIT) return undefined;
  const { source } = copied;
  const names = inWords(parts.map(({ path }) => (source === '' ? path : `${source}/${path}`)));
  const asks = change.edits.some(({ text }) => text.startsWith('# syntax='));
  return {
    title: `copy ${names} by itself above ${shortened(copied.instruction.text, 50)}`,
    reason:
      `of the last ${commits.length} commits ${all} change what is copied, and ${spared} of these nothing of ${names}: ` +
      `${formatSize(bytes)} of ${formatSize(total)}, which each of them writes and sends again`,
    span: copied.instruction.span,
    ...change,
    claim: {
      layerBytesPerCommit: perCommit,
      ...(before! - after! > 0.05 ? { secondsPerCommit: before! - after! } : {}),
    },
    allows: [],
    ...(asks
      ? { risk: 'the builder fetches docker/dockerfile:1 from its registry: COPY --exclude is young' }
      : {}),
  };
}

function changeOf(
  subject: Subject,
  { instruction, source, files }: CopiedDirectory,
  parts: readonly StaticPart[],
): { readonly edits: readonly TextEdit[]; readonly expects: readonly Expected[] } | undefined {
  const { clause, heredocs } = instruction.node;
  const kept = clause.flags.filter(({ name }) => ['chown', 'chmod', 'link', 'from'].includes(name));
  const [word] = instruction.sources;
  const written = instruction.destination.text;
  const isPlain = (text: string) => /^[\w@+.,/-]+$/.test(text);
  if (clause.json || heredocs.length > 0 || kept.length < clause.flags.length || !word) return undefined;
  if (!isPlain(word.text) || !isPlain(written) || !parts.every(({ path }) => isPlain(path))) return undefined;
  const { source: text } = instruction.span;
  const asked = detectSyntax(text);
  if (asked && !knowsFlag(text, 'exclude')) return undefined;
  const flags = kept.map(({ span }) => `${text.text.slice(span.start, span.end)} `).join('');
  const lower = clause.keyword.text === clause.keyword.text.toLowerCase();
  const place = (base: string, path: string) => `${base.replace(/\/+$/, '')}/${path}`;
  const lines = parts.map(({ path }) => {
    const from = source === '' && !word.text.startsWith('/') ? path : place(word.text, path);
    return `${lower ? 'copy' : 'COPY'} ${flags}${from} ${place(written, path)}`;
  });
  // The directory itself goes with the rest, for its mode and owner are those that it has there.
  const excludes = parts
    .map(({ path, isDirectory }) => `--exclude=${path}${isDirectory ? '/*' : ''} `)
    .join('');
  const edits = [
    ...(asked ? [] : [askForNewest(text)]),
    insertAbove(subject, instruction, lines.map((line) => `${line}\n`).join('')),
    { start: word.span.start, end: word.span.start, text: excludes },
  ];
  const rest = `${clause.keyword.text} ${flags}${excludes}${word.text} ${written}`;
  const step = subject.observed(instruction);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const split = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const expects = [...lines, rest].flatMap((line, i): Expected[] => {
    if (!step) return [];
    const { id, title, kind, seconds } = step;
    const share = (parts[i]?.bytes ?? total - split) / Math.max(1, total);
    return [{ text: line, step: { id, title, kind, seconds: seconds * share } }];
  });
  return { edits, expects };
}
