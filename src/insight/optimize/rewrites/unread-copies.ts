// Files that a COPY brings, that another COPY writes over, and that nobody reads in between.

import type { TextEdit } from '../../../core/index.ts';
import type { Entry } from '../../../oci/image/index.ts';
import type { BuiltInstruction } from '../../lint/index.ts';
import { contextCopies } from '../context-copies.ts';
import type { StepEvidence } from '../evidence.ts';
import { linesOf, replaceLines } from '../lines.ts';
import type { Expected } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';

/** A COPY with less to copy, or none. */
export interface UnreadCopy {
  readonly built: BuiltInstruction;
  /** The next one that writes over some of it. */
  readonly by: BuiltInstruction;
  readonly entries: readonly Entry[];
  readonly edits: readonly TextEdit[];
  /** Whether all of it goes. */
  readonly whole: boolean;
  readonly expects: readonly Expected[];
}

/** Those of a stage. */
export function unreadCopies(subject: Subject, stage: number): readonly UnreadCopy[] {
  const items = builtOf(subject, stage);
  return items.flatMap((built, i) => unreadCopy(subject, built, items.slice(i + 1)) ?? []);
}

function unreadCopy(
  subject: Subject,
  built: BuiltInstruction,
  below: readonly BuiltInstruction[],
): UnreadCopy | undefined {
  const { instruction } = built;
  const step = subject.observed(instruction);
  if ((instruction.kind !== 'copy' && instruction.kind !== 'add') || !step?.table) return undefined;
  // A download may be there for what it does, not for what it brings.
  if (instruction.kind === 'add' && !contextCopies(subject).has(built)) return undefined;
  const files = step.table.entries.filter(({ type }) => type !== 'dir');
  if (files.length === 0 || files.some(({ type }) => type !== 'file' && type !== 'symlink')) return undefined;
  const { hidden, by } = hiddenOf(subject, files, below);
  if (!by) return undefined;
  if (hidden.length === files.length)
    return {
      ...{ built, by, entries: hidden, whole: true, expects: [] },
      edits: replaceLines(linesOf(subject, instruction), ''),
    };
  return fewerWords(subject, built, { by, step, hidden });
}

/** What is written over before anybody can have looked at it. */
function hiddenOf(
  subject: Subject,
  files: readonly Entry[],
  below: readonly BuiltInstruction[],
): { readonly hidden: readonly Entry[]; readonly by?: BuiltInstruction } {
  let open = files;
  const hidden: Entry[] = [];
  let by: BuiltInstruction | undefined;
  for (const built of below) {
    const { kind } = built.instruction;
    if (open.length === 0 || kind === 'onbuild') break;
    if (kind === 'run') {
      const seen = subject.observed(built.instruction);
      if (!seen?.reads || seen.reads.cut) break;
      const touched = touchedBy(seen);
      open = open.filter(({ path }) => !touched(path));
    }
    if (kind !== 'copy' && kind !== 'add') continue;
    const written = new Map(
      subject.observed(built.instruction)?.table?.entries.map((one) => [one.path, one]),
    );
    // A directory in its place would be another matter.
    const over = open.filter(({ path }) => ['file', 'symlink'].includes(written.get(path)?.type ?? ''));
    if (over.length === 0) continue;
    by ??= built;
    hidden.push(...over);
    open = open.filter((entry) => !over.includes(entry));
  }
  return { hidden, ...(by ? { by } : {}) };
}

/** Whether a command looked at a path, at names in the directories above it, or wrote it. */
function touchedBy({ reads, table }: StepEvidence): (path: string) => boolean {
  const written = new Set((table?.entries ?? []).map(({ path }) => path));
  const { files, looked, missing, listed } = reads!;
  return (path) => {
    if (files.has(path) || looked.has(path) || missing.has(path) || written.has(path)) return true;
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      if (listed.has(path.slice(0, end))) return true;
    return listed.has('');
  };
}

/** The COPY without those of its words that bring nothing else. */
function fewerWords(
  subject: Subject,
  built: BuiltInstruction,
  {
    by,
    step,
    hidden,
  }: { readonly by: BuiltInstruction; readonly step: StepEvidence; readonly hidden: readonly Entry[] },
): UnreadCopy | undefined {
  const { instruction } = built;
  const copy = contextCopies(subject).get(built);
  if (!copy || copy.makes || instruction.node.clause.json) return undefined;
  if (instruction.kind !== 'copy' || instruction.parents || !instruction.destination.text.endsWith('/'))
    return undefined;
  const over = new Set(hidden.map(({ path }) => path));
  const words = instruction.sources.filter(({ text }) => {
    const place = copy.files.get(text.replace(/^\.\//, ''));
    return place !== undefined && over.has(place);
  });
  if (words.length === 0 || words.length === instruction.sources.length) return undefined;
  const gone = new Set(words.map(({ text }) => copy.files.get(text.replace(/^\.\//, ''))!));
  const edits = words.map((word): TextEdit => {
    const next = [...instruction.sources, instruction.destination].find(
      ({ span }) => span.start > word.span.start,
    )!;
    return { start: word.span.start, end: next.span.start, text: '' };
  });
  const text = words.reduce(
    (all, word) => all.replace(new RegExp(`\\s${escaped(word.text)}(?=\\s)`), ''),
    instruction.text,
  );
  const table = { entries: step.table!.entries.filter(({ path }) => !gone.has(path)) };
  const copies = step.copies?.filter((path) => !gone.has(copy.files.get(path) ?? ''));
  return {
    ...{ built, by, whole: false, edits },
    entries: hidden.filter(({ path }) => gone.has(path)),
    expects: [{ text, step: { ...step, table, ...(copies ? { copies } : {}) } }],
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
