// The text of a stage that becomes two.

import type { TextEdit } from '../../../core/index.ts';
import type { FromInstruction, StageInstruction } from '../../../lang/dockerfile/index.ts';
import { linesOf, replaceLines } from '../lines.ts';
import type { Subject } from '../subject.ts';
import type { CopyGroup } from './cover.ts';
import type { Division } from './division.ts';
import type { Part } from './roles.ts';

/** What to write. */
export interface TwoStages {
  readonly from: FromInstruction;
  readonly division: Pick<Division, 'building' | 'repeated' | 'divided'>;
  readonly groups: readonly CopyGroup[];
  /** The image that the last stage stands on, where it is another one. */
  readonly base?: string;
  /** Lines for the last stage, right below its FROM. */
  readonly head?: readonly string[];
  /** What the last stage does in the place of an instruction: lines. */
  readonly instead?: ReadonlyMap<Part, string>;
}

/** The text's changes, and the COPY lines that are new, without the words that all have. */
export interface TwoStagesText {
  readonly edits: readonly TextEdit[];
  readonly copies: readonly { readonly text: string; readonly group: CopyGroup }[];
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
  { from, division, groups, base, head = [], instead }: TwoStages,
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
  const lines: string[] = [];
  const arguments_: { readonly instruction: StageInstruction; readonly at: number }[] = [];
  for (const part of building) {
    const { instruction } = part.built;
    const own = linesOf(subject, instruction);
    if (FOR_THE_END.has(instruction.kind)) {
      edits.push(...replaceLines(own, ''));
      lines.push(own.text);
    } else if (instruction.kind === 'arg') arguments_.push({ instruction, at: lines.length });
    else if (instead?.has(part)) lines.push(instead.get(part)!);
    else if (part.role === 'config' || repeated.has(part)) lines.push(bare(text, instruction));
    else if (division.divided.has(part)) lines.push(withoutTools(text, part, division.divided.get(part)!));
  }
  const copies = groups.map((group) => ({ group, text: copyText(name, group) }));
  // What follows may name an argument too.
  const last = building.at(-1)!.built.instruction;
  const all = [...lines, text.slice(last.node.end)].join('\n');
  for (const { instruction, at } of arguments_.toReversed()) {
    if (instruction.kind !== 'arg') continue;
    if (instruction.args.some((one) => new RegExp(`\\b${one.name.text}\\b`).test(all)))
      lines.splice(at, 0, bare(text, instruction));
  }
  const block = [
    `${keyword}${base ?? written}${as}\n`,
    ...head.map((line) => `${line}\n`),
    ...lines,
    ...copies.map((copy) => `${copy.text}\n`),
  ].join('');
  const { end: below } = last.node;
  const isOpen = !text.slice(0, below).endsWith('\n');
  edits.push({ start: below, end: below, text: isOpen ? `\n\n${block.replace(/\n$/, '')}` : `\n${block}` });
  return { edits: edits.sort((a, b) => a.start - b.start || a.end - b.end), copies };
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

/** A name that no stage has. */
function freeName({ lint }: Subject): string {
  const names = new Set(lint.dockerfile.stages.map(({ from }) => from.name));
  for (let i = 1; ; i++) {
    const name = i === 1 ? 'build' : `build-${i}`;
    if (!names.has(name)) return name;
  }
}
