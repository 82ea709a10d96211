// The text of a stage that becomes two.

import { isAtOrBelow, type TextEdit } from '../../../core/index.ts';
import type { FromInstruction, StageInstruction } from '../../../lang/dockerfile/index.ts';
import type { Entry } from '../../../oci/image/index.ts';
import { contextCopies, isLeftOut } from '../context-copies.ts';
import { linesOf, replaceLines } from '../lines.ts';
import type { Expected } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import type { CopyGroup } from './cover.ts';
import type { Division } from './division.ts';
import type { Part } from './roles.ts';
import { type StageFiles, writtenAt } from './stage-files.ts';

/** What to write. */
export interface TwoStages {
  readonly from: FromInstruction;
  readonly division: Pick<Division, 'building' | 'repeated' | 'divided' | 'files'>;
  readonly groups: readonly CopyGroup[];
  /** The image that the last stage stands on, where it is another one. */
  readonly base?: string;
  /** Lines for the last stage, right below its FROM. */
  readonly head?: readonly string[];
  /** Places in the image where the context will bring nothing any more. */
  readonly leftOut?: ReadonlySet<string>;
  /** What the last stage does in the place of an instruction: lines. */
  readonly instead?: ReadonlyMap<Part, string>;
}

/** The text's changes, the COPY lines that are new, and what the last stage does once more, as it is written there. */
export interface TwoStagesText {
  readonly edits: readonly TextEdit[];
  readonly copies: readonly { readonly text: string; readonly group: CopyGroup }[];
  readonly again: readonly { readonly text: string; readonly part: Part }[];
}

/** What means nothing while the image is built. */
const FOR_THE_END = new Set([
  'label',
  'expose',
  'volume',
  'cmd',
  'entrypoint',
  'healthcheck',
  'stopsignal',
  'maintainer',
]);

/** Undefined where it cannot be written. */
export function twoStages(
  subject: Subject,
  { from, division, groups, base, head = [], instead, leftOut = new Set() }: TwoStages,
): TwoStagesText | undefined {
  const { text } = subject.draft.source;
  const { building, repeated } = division;
  const name = freeName(subject);
  const edits: TextEdit[] = [];
  const [start, end] = [from.base.span.start, from.base.span.end];
  const written = text.slice(start, end);
  if (from.as) edits.push({ start: from.as.span.start, end: from.as.span.end, text: name });
  else edits.push({ start: end, end, text: ` AS ${name}` });
  const keyword = text.slice(from.node.start, start);
  const as = from.as ? ` AS ${text.slice(from.as.span.start, from.as.span.end)}` : '';
  const lines: Line[] = [];
  const arguments_: { readonly instruction: StageInstruction; readonly at: number }[] = [];
  for (const part of building) {
    const { instruction } = part.built;
    const own = linesOf(subject, instruction);
    if (FOR_THE_END.has(instruction.kind)) {
      edits.push(...replaceLines(own, ''));
      lines.push({ text: own.text, part });
    } else if (instruction.kind === 'arg') arguments_.push({ instruction, at: lines.length });
    else if (instead?.has(part)) lines.push({ text: instead.get(part)!, part });
    else if (part.role === 'config' || repeated.has(part))
      lines.push({ text: bare(text, instruction), part });
    else if (division.divided.has(part))
      lines.push({ text: withoutTools(text, part, division.divided.get(part)!), part });
  }
  const copies = groups.map((group) => ({ group, text: copyText(name, group) }));
  // What follows may name an argument too.
  const last = building.at(-1)!.built.instruction;
  const all = [...lines.map((line) => line.text), text.slice(last.node.end)].join('\n');
  for (const { instruction, at } of arguments_.toReversed()) {
    if (instruction.kind !== 'arg') continue;
    if (instruction.args.some((one) => new RegExp(`\\b${one.name.text}\\b`).test(all)))
      lines.splice(at, 0, { text: bare(text, instruction) });
  }
  const block = [
    `${keyword}${base ?? written}${as}\n`,
    ...head.map((line) => `${line}\n`),
    ...withCopies(lines, copies, { subject, files: division.files, leftOut }).map((line) => line.text),
  ].join('');
  const { end: below } = last.node;
  const isOpen = !text.slice(0, below).endsWith('\n');
  edits.push({ start: below, end: below, text: isOpen ? `\n\n${block.replace(/\n$/, '')}` : `\n${block}` });
  const again = lines.flatMap(({ text: own, part }) =>
    part?.step && !instead?.has(part) ? [{ text: own.trim(), part }] : [],
  );
  return { edits: edits.sort((a, b) => a.start - b.start || a.end - b.end), copies, again };
}

/** A line of the last stage, and the instruction that it is made of. */
interface Line {
  readonly text: string;
  readonly part?: Part;
}

/**
 * The lines with the new COPY among them: as far up as COPY of the context that have nothing to do with them stand at the
 * end, for what is built changes less often than what is copied.
 */
function withCopies(
  lines: readonly Line[],
  copies: TwoStagesText['copies'],
  {
    subject,
    files,
    leftOut,
  }: { readonly subject: Subject; readonly files: StageFiles; readonly leftOut: ReadonlySet<string> },
): readonly Line[] {
  const context = contextCopies(subject);
  const at = copies.map(({ group }) => {
    let place = lines.length;
    for (let i = lines.length - 1; i >= 0; i--) {
      const { part } = lines[i]!;
      const there = directoriesBefore(lines.slice(0, i), files);
      if (part && !isPassed(part, group, { subject, context, there, leftOut })) break;
      if (part?.role === 'copy') place = i;
    }
    return place;
  });
  return [...lines, undefined].flatMap((line, i) => [
    ...copies.flatMap(({ text }, j) => (at[j] === i ? [{ text: `${text}\n` }] : [])),
    ...(line ? [line] : []),
  ]);
}

/** Whether a directory is there before some lines are done: of the base, or made by WORKDIR above them. */
function directoriesBefore(above: readonly Line[], { base }: StageFiles): (path: string) => boolean {
  const made = above.flatMap(({ part }) => (part?.role === 'config' ? [writtenAt(part)] : []));
  return (path) => base.entries.has(path) || made.some((one) => one.has(path));
}

/** Whether a COPY from the other stage may stand above an instruction, whatever that will find in the context one day. */
function isPassed(
  part: Part,
  { sources }: CopyGroup,
  {
    subject,
    context,
    there,
    leftOut,
  }: {
    readonly subject: Subject;
    readonly context: ReturnType<typeof contextCopies>;
    readonly there: (path: string) => boolean;
    readonly leftOut: ReadonlySet<string>;
  },
): boolean {
  if (part.role === 'config')
    return (
      part.built.instruction.kind !== 'workdir' ||
      sources.every((source) => [...writtenAt(part).keys()].every((path) => !areOfOne(source, path)))
    );
  const copy = context.get(part.built);
  if (!copy) return false;
  return sources.every((source) => {
    const isApart = leftOut.has(source) || isLeftOut(subject, copy, source);
    if (areOfOne(source, copy.destination) && !isApart) return false;
    // A directory on the way is made by whoever comes first.
    return [...writtenAt(part).keys()].every((path) => !isAtOrBelow(source, path) || there(path));
  });
}

/** Whether one of two places lies in the other. */
function areOfOne(one: string, other: string): boolean {
  return isAtOrBelow(one, other) || isAtOrBelow(other, one);
}

/** An instruction without the comments above it. */
function bare(text: string, { node }: StageInstruction): string {
  const own = text.slice(node.start, node.end);
  return own.endsWith('\n') ? own : `${own}\n`;
}

/** An instruction that installs tools, with other packages in their place. */
function withoutTools(text: string, { built, words }: Part, instead: readonly string[]): string {
  const { start, end } = built.instruction.node;
  let made = text.slice(start, end);
  const spans = words.map(({ span }) => span).toSorted((a, b) => b.start - a.start);
  spans.forEach((span, i) => {
    const isFirst = i === spans.length - 1;
    const [before, after] = [made.slice(0, span.start - start), made.slice(span.end - start)];
    // Lines that are continued end with a backslash.
    made =
      isFirst && instead.length > 0
        ? `${before}${instead.join(' ')}${after}`
        : `${before.replace(/(?:\s|\\\n)+$/, '')}${after}`;
  });
  return made.endsWith('\n') ? made : `${made}\n`;
}

function copyText(stage: string, { sources, whole }: CopyGroup): string {
  const paths = sources.map((path) => `/${path}`);
  const first = paths[0]!;
  const target = whole ? first : first.slice(0, first.lastIndexOf('/') + 1);
  return `COPY --from=${stage} ${paths.join(' ')} ${target}`;
}

/** What is expected of the new COPY: that they bring what they are told to. @param name of their steps, before a number */
export function expectedCopies(
  copies: TwoStagesText['copies'],
  { whole }: StageFiles,
  name: string,
): readonly Expected[] {
  return copies.map(({ text, group }, i): Expected => {
    const entries = [...whole.entries.values()].filter(({ path }) =>
      group.sources.some((source) => isAtOrBelow(path, source)),
    );
    const bytes = entries.reduce((sum, { size }) => sum + size, 0);
    const step = { id: `${name}.${i}`, title: text, kind: 'copy' } as const;
    return { text, step: { ...step, seconds: 0.03 + bytes / 5e8, bytes, table: { entries } } };
  });
}

/**
 * What is expected of what the last stage does once more: what was seen of it the first time.
 * @param left of an instruction of which not all is done again: what it then writes
 */
export function expectedAgain(
  again: TwoStagesText['again'],
  left: ReadonlyMap<Part, readonly Entry[]> = new Map(),
): readonly Expected[] {
  return again.flatMap(({ text, part }): Expected[] => {
    const { step } = part;
    if (!step) return [];
    const id = `${step.id}.last`;
    const entries = left.get(part);
    if (!entries) return [{ text, step: { ...step, id } }];
    const [bytes, all] = [bytesOf(entries), bytesOf(step.table?.entries ?? [])];
    // Nobody has measured it: most of the time goes into what is fetched and unpacked.
    const seconds = step.seconds * (all === 0 ? 1 : bytes / all);
    const title = text.replaceAll(/\s*\\?\n\s*/g, ' ');
    return [{ text, step: { ...step, id, title, seconds, bytes, table: { entries } } }];
  });
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { size }) => sum + size, 0);
}

/** A name that no stage has. */
function freeName({ lint }: Subject): string {
  const names = new Set(lint.dockerfile.stages.map(({ from }) => from.name));
  for (let i = 1; ; i++) {
    const name = i === 1 ? 'build' : `build-${i}`;
    if (!names.has(name)) return name;
  }
}
