// Files that are copied and written over, and what else an image stores twice.

import { formatSize } from '../../../core/index.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Proposal, Remark, Rewrite } from '../rewrite.ts';
import { commonPlace, madeLayers, type Overlap, overlaps } from '../stored.ts';
import type { Subject } from '../subject.ts';
import { inWords } from '../words.ts';
import { type UnreadCopy, unreadCopies } from './unread-copies.ts';

export const writtenOnce: Rewrite = {
  name: 'written-once',
  summary: 'copy no file that another COPY writes over before anybody reads it',
  goal: 'size',
  page: `A file that is written over stays in the layer below, where no container sees it. Where a COPY brings a file, a later COPY
brings another one in its place, and no command in between was seen to look at it, the first need not bring it: the word
goes, or all of the line.

By the tables of contents of the layers, and by what the commands in between were seen to read: where one was not watched,
nothing is proposed. Nothing in the image may change.

What is stored in vain and cannot be mended so is told, with its bytes and its lines: files that a later step deletes or
writes over, and content that is there under two paths.`,
  examples: [
    {
      before:
        'FROM nginx\nCOPY site.dev.conf /etc/nginx/conf.d/site.conf\nRUN mkdir -p /srv\nCOPY html /srv/html\nCOPY site.conf /etc/nginx/conf.d/site.conf\n',
      after:
        'FROM nginx\nRUN mkdir -p /srv\nCOPY html /srv/html\nCOPY site.conf /etc/nginx/conf.d/site.conf\n',
      context: { 'site.dev.conf': 900, 'site.conf': 800, 'html/index.html': 20 },
      steps: { 3: { reads: [] } },
    },
    {
      before: 'FROM node:24\nCOPY package.json config.json ./app/\nRUN npm install\nCOPY . ./app/\n',
      after: 'FROM node:24\nCOPY package.json ./app/\nRUN npm install\nCOPY . ./app/\n',
      context: { 'package.json': 90, 'config.json': 80 },
      steps: { 3: { reads: ['package.json'] } },
    },
  ],
  propose: (subject) =>
    [...neededStages(subject)].flatMap((stage) => unreadCopies(subject, stage).map((one) => proposalOf(one))),
  remarks: remarksOf,
};

function proposalOf({ built, by, entries, edits, whole, expects }: UnreadCopy): Proposal {
  const names = inWords(entries.map(({ path }) => `/${path}`));
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  return {
    title: whole
      ? 'take away a COPY that a later one writes over'
      : `leave ${names} to the COPY that writes over it`,
    reason: `${formatSize(bytes)} that nothing looks at before line ${by.at.line} copies it: ${names}`,
    span: built.instruction.span,
    edits,
    ...(expects.length > 0 ? { expects } : {}),
    claim: { bytes },
    allows: [],
  };
}

const FEWEST_BYTES = 1_000_000;
const SMALLEST_SHARE = 0.01;
const MOST_REMARKS = 5;

function remarksOf(subject: Subject): readonly Remark[] {
  const least = Math.max(FEWEST_BYTES, subject.evidence.image.bytes * SMALLEST_SHARE);
  return overlaps(madeLayers(subject))
    .filter(
      ({ bytes, kind, first, second }) =>
        bytes >= least && (kind !== 'twice' || first !== second || isCopying(second)),
    )
    .slice(0, MOST_REMARKS)
    .map((one) => remarkOf(subject, one));
}

/** Of one command the same content twice is a package's own affair, unless it copies. */
function isCopying({ built }: Overlap['second']): boolean {
  return /(^|[\s;&|(])(?:cp|rsync|install)\s/.test(built?.instruction.text ?? '');
}

function remarkOf({ lint }: Subject, { kind, first, second, paths, bytes }: Overlap): Remark {
  const place = commonPlace(paths);
  const line = (layer: Overlap['first']) => (layer.built ? `line ${layer.built.at.line}` : 'the base image');
  const where = paths.length === 1 ? place : `${paths.length} files below ${place}`;
  const span = (second.built ?? first.built)?.instruction.span ?? lint.dockerfile.stages[0]!.from.span;
  const what =
    kind === 'twice'
      ? first === second
        ? `${formatSize(bytes)} are in the image twice: ${where}`
        : `${formatSize(bytes)} are in the image twice, by ${line(first)} and by ${line(second)}: ${where}`
      : `${formatSize(bytes)} by ${line(first)} are hidden, as ${line(second)} ${kind === 'deleted' ? 'deletes' : 'writes over'} them: ${where}`;
  return { what, why: whyOf({ kind, first, second }), span, bytes };
}

function whyOf({ kind, first, second }: Pick<Overlap, 'kind' | 'first' | 'second'>): string {
  const [above, below] = [first.built?.instruction.kind, second.built?.instruction.kind];
  if (kind === 'twice')
    return 'which of both paths a program looks for is not known. A link, or one COPY less, stores it once';
  if (!above) return 'what is in a layer of the base stays there: only a base without it is smaller';
  if (above === 'run' && below === 'run')
    return 'only in one RUN with what makes it would it leave nothing, and these two cannot be joined unseen';
  if (below === 'run')
    return 'a command uses it before. RUN --mount=type=bind shows it to the command without a layer';
  return 'a command in between looks at it, or was not watched';
}
