// Rewrites that keep what a package manager stored for the next time out of the layer. What they have in common: the
// layer's table of contents says whether there is anything to gain, and what lay there may be missing afterwards.

import { type Fix, formatSize } from '../../../../core/index.ts';
import {
  type Command,
  hasMount,
  insertFlag,
  lineage,
  madeOf,
  type Run,
  runsOf,
  type Word,
} from '../../../lint/index.ts';
import {
  FEW_BYTES,
  type Leavings,
  leavings,
  removalOf,
  type ShippedRun,
  shippedRuns,
  type UnseenRun,
  unseenRuns,
} from '../../leavings.ts';
import type { Proposal, Rewrite, RewriteExample } from '../../rewrite.ts';
import { startsToolIn } from '../../started-tool.ts';
import type { Subject } from '../../subject.ts';
import { isUsualPlace } from '../../usual-places.ts';
import { commandOfTitle, inWords, shortened } from '../../words.ts';

/** A package manager and its cache. */
export interface Cache {
  /** Of the rewrite: `clean-pip`. */
  readonly name: string;
  /** What it is that is left: `what pip downloaded`. */
  readonly what: string;
  readonly page: string;
  readonly examples: readonly RewriteExample[];
  /** The commands that leave it. */
  readonly fills: (command: Command) => boolean;
  /** From the start of a path to the end of the directory where it is left. */
  readonly left: RegExp;
  /** A path that the same layer has where nothing else reads what is left. */
  readonly beside?: RegExp;
  /** Commands that need it later: as long as one runs below, it stays. */
  readonly neededBy?: (command: Command) => boolean;
  /** A program that needs it where the image starts it: `cargo run` compiles what is not compiled yet. */
  readonly startedBy?: string;
  /** Where it lies unless told otherwise: for steps that never ran, of which nothing but their words is known. */
  readonly usual?: Usual;
  /** Commands besides `rm` that take away what is in a directory. */
  readonly isClean?: (command: Command, directory: string) => boolean;
  readonly remedy: (found: Found) => Fix | undefined;
}

/** Where a cache lies as a rule. */
export interface Usual {
  /** Without slashes at their ends. */
  readonly directories: readonly string[];
  /** The commands that fill it for sure. */
  readonly by: (command: Command) => boolean;
  /** Variables that may move it, or turn it off. */
  readonly unless?: readonly string[];
}

/** What is to be cleaned up. */
export interface Found {
  /** Those that fill it, in their order: there is one at least. */
  readonly commands: readonly [Command, ...Command[]];
  readonly last: Command;
  readonly left: Leavings;
}

/** Makes a rewrite of it. */
export function cleanCache(cache: Cache): Rewrite {
  const { name, what, page, examples } = cache;
  return {
    ...{ name, summary: `leave ${what} out of the layer`, goal: 'size' },
    page: `${page}\n\n${PAGE}`,
    examples,
    propose: (subject) => [
      ...shippedRuns(subject).flatMap((shipped): Proposal[] => {
        const { run, table } = shipped;
        const left = leavings(table, cache.left);
        const commands = run.commands.filter(cache.fills);
        if (left.bytes < FEW_BYTES || commands.length === 0) return [];
        if (cache.beside && !table.entries.some(({ path }) => cache.beside!.test(path))) return [];
        if (isCleaned(run, cache, left) || isNeeded(subject, run, cache)) return [];
        const last = commands.at(-1)!;
        const fix = cache.remedy({ commands: commands as [Command, ...Command[]], last, left });
        return fix ? [proposalOf(subject, shipped, { cache, left, fix })] : [];
      }),
      ...unseenRuns(subject).flatMap((unseen) => unseenProposal(subject, unseen, cache) ?? []),
    ],
  };
}

/** By the words of a RUN alone. */
function unseenProposal(subject: Subject, { run, built }: UnseenRun, cache: Cache): Proposal | undefined {
  const { usual, what } = cache;
  const commands = run.commands.filter(cache.fills);
  const last = commands.at(-1);
  if (!usual || !last || !commands.some(usual.by)) return undefined;
  const { directories } = usual;
  const left = { directories, files: 0, bytes: 0 };
  // Any removal of something of the kind will be meant for it, wherever it lies.
  const isRemoved = run.commands.some(
    ({ name, args }) => name === 'rm' && args.some(({ text }) => /cache|lists|\.npm/.test(text)),
  );
  if (
    !isUsualPlace(built.before.config, usual) ||
    isRemoved ||
    isCleaned(run, cache, left) ||
    isNeeded(subject, run, cache)
  )
    return undefined;
  const fix = cache.remedy({ commands: commands as [Command, ...Command[]], last, left });
  if (!fix) return undefined;
  return {
    title: `${fix.title} in ${shortened(run.facts.line.text)}`,
    reason: `it never ran here; as a rule something stays in its layer, below ${inWords(directories.map((one) => `/${one}`))}: ${what}`,
    span: { source: subject.draft.source, start: run.at.start, end: run.at.end },
    edits: fix.edits,
    claim: {},
    allows: directories.map((below) => ({ what: 'files', change: 'removed', below })),
  };
}

const PAGE = `By the table of contents of its layer: nothing is proposed where next to nothing was left, however the command
is written. Only of what never ran, with \`--dry\`, the words say what as a rule is left. What was left there may be missing in
the image, and nothing else may change.`;

/** `rm -rf` of directories, written as in a shell. */
export function removal(directories: readonly string[], below = ''): string {
  return `rm -rf ${directories.map((one) => `/${one}${below}`).join(' ')}`;
}

/** Writes a flag behind each of some words; undefined where there are none, or one is not there. */
export function flagged(words: readonly (Word | undefined)[], flag: string): Fix | undefined {
  const fixes = words.map((word) => word && insertFlag(word, flag));
  const edits = fixes.flatMap((fix) => fix?.edits ?? []);
  return fixes.every((fix) => fix !== undefined) ? madeOf(`add ${flag}`, edits) : undefined;
}

function isCleaned(run: Run, { fills, isClean }: Cache, { directories }: Leavings): boolean {
  const last = run.commands.findLastIndex(fills);
  const after = run.commands.slice(last);
  return directories.every(
    (directory) =>
      after.some((one) => isClean?.(one, directory) || removesDirectory(one, directory)) ||
      run.mounts.some(({ target }) => target !== '' && isMountOf(run, target, directory)),
  );
}

/** Whether a command removes a directory, or what is in it: also one of the home directory, whichever that is. */
function removesDirectory({ name, args }: Command, directory: string): boolean {
  if (name !== 'rm') return false;
  return args.some(({ text }) => {
    const path = text.replace(/^["']|["']$/g, '').replace(/\/\*[^/]*$|\/+$/g, '');
    const [home] = /^(?:~|\$HOME|\$\{HOME\})(?=\/)/.exec(path) ?? [];
    if (home !== undefined) return `/${directory}/`.includes(`${path.slice(home.length)}/`);
    return path.length > 1 && `/${directory}/`.startsWith(`${path}/`);
  });
}

/** A mount at the directory, or above it: what was seen to be left was left before it was there. */
function isMountOf(run: Run, target: string, directory: string): boolean {
  const path = target.replace(/^\/+|\/+$/g, '');
  return (directory === path || directory.startsWith(`${path}/`)) && hasMount(run, target);
}

function isNeeded(subject: Subject, { at, stage }: Run, { neededBy, startedBy }: Cache): boolean {
  if (startedBy !== undefined && startsToolIn(subject, stage.index, (name) => name === startedBy))
    return true;
  if (!neededBy) return false;
  const { lint } = subject;
  const { stages } = lint.dockerfile;
  return runsOf(lint).some(
    (later) =>
      later.at.start > at.start &&
      later.commands.some(neededBy) &&
      lineage(stages, later.stage).includes(stage),
  );
}

function proposalOf(
  subject: Subject,
  shipped: ShippedRun,
  { cache, left, fix }: { readonly cache: Cache; readonly left: Leavings; readonly fix: Fix },
): Proposal {
  const { run, step } = shipped;
  const { directories, files, bytes } = left;
  const { start, end } = run.at;
  const places = inWords(directories.map((one) => `/${one}`));
  return {
    // By what the step was called in the original: it is the same after other changes of it.
    title: `${fix.title} in ${shortened(commandOfTitle(step.title))}`,
    reason: `${formatSize(bytes)} in ${files} ${files === 1 ? 'file' : 'files'} below ${places} stay in its layer: ${cache.what}`,
    span: { source: subject.draft.source, start, end },
    edits: fix.edits,
    claim: { bytes },
    allows: removalOf(subject, [shipped], directories),
  };
}
