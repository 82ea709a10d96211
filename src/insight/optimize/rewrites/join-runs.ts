// RUN instructions in a row that are one: where the later ones remove or rewrite what the earlier ones made.

import { formatSize, type TextEdit } from '../../../core/index.ts';
import type { RunInstruction } from '../../../lang/dockerfile/index.ts';
import type { TableOfContents } from '../../../oci/image/index.ts';
import { hasArgument, type LintSubject, type Run, runsOf } from '../../lint/index.ts';
import { changed } from '../change.ts';
import { leavings, type ShippedRun, shippedRuns, type UnseenRun, unseenRuns } from '../leavings.ts';
import { rebuildCost } from '../rebuild-cost.ts';
import type { Proposal, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { commandOfTitle, inWords, shortened } from '../words.ts';
import { APT, isApt } from './caches/system.ts';
import { joinedStep, overwritten } from './joined-step.ts';
import { canBeFirst, canFollow } from './joint.ts';

export const joinRuns: Rewrite = {
  name: 'join-runs',
  summary: 'join RUN instructions of which one removes or rewrites what another made',
  goal: 'size',
  page: `A layer cannot make the one below it smaller: what a later RUN removes stays in the earlier layer, and what it changes is
stored twice. Where the tables of contents of the layers show that, and the RUN instructions follow one another, they
become one, joined by \`&&\`. Not for apt's lists that each of them fetches for itself: these go where they are. So do those of which the first fetches apt's lists for the others alone, of which the last then
can remove them.

Only from 1 MB and one hundredth of the image on: each RUN is also a step of the cache, and what takes long is better off in
one of its own. Only such as stand on the same files anyway, so that no commit's rebuild takes longer. Not where the second
would run in another way behind the first: after \`cd\`, \`export\`, a service that was started, or with \`||\` in it.

Nothing in the image may change.`,
  examples: [
    {
      before:
        'FROM debian:trixie\nRUN wget -O /tmp/a.tgz https://example.com/a.tgz\nRUN tar xzf /tmp/a.tgz -C /opt\n# not needed any more\nRUN rm /tmp/a.tgz\nCMD ["/opt/a"]\n',
      after:
        'FROM debian:trixie\nRUN wget -O /tmp/a.tgz https://example.com/a.tgz \\\n && tar xzf /tmp/a.tgz -C /opt \\\n# not needed any more\n && rm /tmp/a.tgz\nCMD ["/opt/a"]\n',
      steps: {
        2: { layer: { 'tmp/a.tgz': 8_000_000 } },
        3: { layer: { 'opt/a': 20_000_000 } },
        5: { layer: { 'tmp/a.tgz': { type: 'whiteout' } } },
      },
    },
    {
      before: 'FROM debian:trixie\nRUN make install\nRUN strip /usr/bin/app\n',
      after: 'FROM debian:trixie\nRUN make install \\\n && strip /usr/bin/app\n',
      steps: { 2: { layer: { 'usr/bin/app': 8_000_000 } }, 3: { layer: { 'usr/bin/app': 3_000_000 } } },
    },
  ],
  propose: (subject) => [
    ...rowsOf(subject, shippedRuns(subject)).flatMap((row) => {
      const found = shortestGain(subject, row);
      const proposal = found && proposalOf(subject, found);
      return proposal ? [proposal] : [];
    }),
    ...rowsOf(subject, unseenRuns(subject)).flatMap((row) => unseenProposal(subject, row) ?? []),
  ],
};

/** A RUN of a row. */
type InRow<T> = T & { readonly instruction: RunInstruction };
type RowRun = InRow<ShippedRun>;

/** RUN instructions that follow one another and are alike but for their commands. */
function rowsOf<T extends { readonly run: Run }>(
  subject: Subject,
  runs: readonly T[],
): readonly (readonly InRow<T>[])[] {
  const known = new Map(runs.map((one) => [one.run.at, one]));
  const rows: InRow<T>[][] = [];
  for (const { instructions } of subject.lint.dockerfile.stages) {
    let row: InRow<T>[] = [];
    for (const instruction of instructions) {
      const one = known.get(instruction.node);
      const before = row.at(-1);
      if (instruction.kind !== 'run' || !one) row = [];
      else if (before && flagsOf(before) === flagsOf(one) && canBeFirst(before.run) && canFollow(one.run))
        row.push({ ...one, instruction });
      else {
        row = [{ ...one, instruction }];
        rows.push(row);
      }
    }
  }
  return rows.filter(({ length }) => length > 1);
}

function flagsOf({ run }: { readonly run: Run }): string {
  return run.facts.clause.flags.map(({ text }) => text).join(' ');
}

const FEWEST_BYTES = 1_000_000;
const SMALLEST_SHARE = 0.01;

interface Gained {
  readonly runs: readonly RowRun[];
  /** What a later one removes or writes again. */
  readonly bytes: number;
  /** What one of them can remove when they are joined. */
  readonly lists?: number;
}

/** The shortest piece of a row by which enough is gained; of several the first. */
function shortestGain({ evidence, lint }: Subject, row: readonly RowRun[]): Gained | undefined {
  const tables = row.map((one) => withoutOwnLists(lint, one));
  const least = Math.max(FEWEST_BYTES, evidence.image.bytes * SMALLEST_SHARE);
  for (let length = 2; length <= row.length; length++)
    for (let first = 0; first + length <= row.length; first++) {
      const runs = row.slice(first, first + length);
      const bytes = overwritten(tables.slice(first, first + length));
      if (bytes >= least) return { runs, bytes };
      const lists = fetchedFor(lint, row, first).length === length ? listsOf(row[first]!) : 0;
      if (lists > 0 && lists >= least) return { runs, bytes, lists };
    }
  return undefined;
}

/** What a RUN leaves, without apt's lists where it fetched them for itself: they can go where they are (`clean-apt`). */
function withoutOwnLists(lint: LintSubject, { run, table }: RowRun): TableOfContents {
  const isOwn =
    fetchesLists(run) && !runsOf(lint).some((one) => one.at.start > run.at.start && usesLists(one));
  return isOwn ? { entries: table.entries.filter(({ path }) => !APT.left.test(path)) } : table;
}

function proposalOf(subject: Subject, { runs, bytes, lists }: Gained): Proposal | undefined {
  const edits = editsOf(subject, runs);
  const joined = changed(subject, { edits });
  if (!joined) return undefined;
  const [first] = runs as readonly [RowRun, ...RowRun[]];
  const instruction = joined.lint.dockerfile.instructions.find(
    ({ span }) => span.start === first.instruction.span.start,
  );
  if (!instruction) return undefined;
  const expects = [{ text: instruction.text, step: joinedStep(runs) }];
  const made = changed(subject, { edits, expects });
  if (!made || rebuildCost(made).secondsPerCommit > rebuildCost(subject).secondsPerCommit + 0.01)
    return undefined;
  const names = runs.map(({ step }) => shortened(commandOfTitle(step.title), 30));
  return {
    title: `join ${inWords(names)}`,
    reason:
      lists === undefined
        ? `the layers below hold ${formatSize(bytes)} that a later one of them removes or writes again`
        : `the first leaves ${formatSize(lists)} of apt's lists for ${othersOf(runs)}: in one RUN they can be removed`,
    span: first.instruction.span,
    edits,
    expects,
    claim: bytes > 0 ? { bytes } : {},
    allows: [],
  };
}

function othersOf({ length }: readonly unknown[]): string {
  return length === 2 ? 'the second' : 'the others';
}

/** By the words alone: the RUN of a row of which the first fetches apt's lists for the others. */
function unseenProposal(subject: Subject, row: readonly InRow<UnseenRun>[]): Proposal | undefined {
  const runs = row.map((_, first) => fetchedFor(subject.lint, row, first)).find(({ length }) => length > 0);
  if (!runs) return undefined;
  const edits = editsOf(subject, runs);
  const made = changed(subject, { edits });
  if (!made || rebuildCost(made).secondsPerCommit > rebuildCost(subject).secondsPerCommit + 0.01)
    return undefined;
  return {
    title: `join ${inWords(runs.map(({ run }) => shortened(run.facts.line.text, 30)))}`,
    reason: `the first fetches apt's lists for ${othersOf(runs)}: in one RUN they can be removed, and are never older than it`,
    span: runs[0]!.instruction.span,
    ...{ edits, claim: {}, allows: [] },
  };
}

/** Bytes of apt's lists that a RUN leaves. */
function listsOf({ table }: RowRun): number {
  return leavings(table, /^var\/lib\/apt\/lists(?=\/|$)/).bytes;
}

/** The RUN of a row from one that fetches apt's lists to the last that uses them; none where another one does as well. */
function fetchedFor<T extends { readonly run: Run }>(
  { dockerfile, runs }: LintSubject,
  row: readonly T[],
  first: number,
): readonly T[] {
  let last = first;
  while (last + 1 < row.length && usesLists(row[last + 1]!.run)) last++;
  const { at, stage } = row[last]!.run;
  if (last === first || !fetchesLists(row[first]!.run)) return [];
  const later = runsOf({ dockerfile, runs }).filter((one) => one.at.start > at.start);
  const again = later.find((one) => one.stage === stage && fetchesLists(one))?.at.start;
  const isOwn = (one: Run) => again !== undefined && one.stage === stage && one.at.start > again;
  return later.some((one) => usesLists(one) && !isOwn(one)) ? [] : row.slice(first, last + 1);
}

function fetchesLists({ commands }: Run): boolean {
  return commands.some((one) => isApt(one) && hasArgument(one, 'update'));
}

/** Whether it wants lists that another RUN has fetched. */
function usesLists(run: Run): boolean {
  return run.commands.some(isApt) && !fetchesLists(run);
}

function editsOf({ lint }: Subject, runs: readonly InRow<{ readonly run: Run }>[]): readonly TextEdit[] {
  const {
    nodes,
    escape: joint,
    source: { text },
  } = lint.dockerfile.tree;
  return runs.slice(1).map(({ instruction, run }, i): TextEdit => {
    const before = runs[i]!.instruction;
    const between = nodes.slice(nodes.indexOf(before.node) + 1, nodes.indexOf(instruction.node));
    // Comments may stand within an instruction too.
    const comments = between
      .flatMap(({ kind, start, end }) => (kind === 'comment' ? [`${text.slice(start, end).trim()}\n`] : []))
      .join('');
    return {
      start: endOf(runs[i]!),
      end: run.facts.clause.rest.span.start,
      text: ` ${joint}\n${comments} && `,
    };
  });
}

/** Where the commands of a RUN end: before a semicolon that stands behind them. */
function endOf({ instruction, run }: InRow<{ readonly run: Run }>): number {
  const last = run.facts.script?.statements.at(-1);
  if (!last || run.facts.script!.text.slice(last.end).trim() === '') return instruction.span.end;
  return run.facts.spanOf(last).end;
}
