// Another base in a Dockerfile: in FROM, or where FROM takes it from a build argument, in the ARG that has it. Everything
// else stays as it was written.

import type { SourceText, TextEdit } from '../../../core/index.ts';
import { type ArgInstruction, applyEdits, type FromInstruction } from '../../../lang/dockerfile/index.ts';

/** A FROM that may be edited. */
export interface EditableFrom {
  readonly from: FromInstruction;
  /** What it comes to: `python:3.12-slim`. */
  readonly reference: string;
}

/** What is to be edited. */
export interface EditFromRequest {
  readonly source: SourceText;
  readonly globalArgs: readonly ArgInstruction[];
  /** All FROM that stand on images. */
  readonly froms: readonly EditableFrom[];
  /** Those of them that get another base. */
  readonly chosen: readonly EditableFrom[];
  /** Build arguments that are given, which make what ARG says void. */
  readonly given: ReadonlySet<string>;
  /** As it is to be written: `python:3.12-slim-trixie`, perhaps with a digest behind it. */
  readonly to: string;
}

/** A place that was edited. */
export interface FromChange {
  /** From 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
  /** The build argument that has it. */
  readonly argument?: string;
}

/** What came of it. */
export interface EditedFrom {
  readonly source: SourceText;
  readonly changes: readonly FromChange[];
  /** What somebody should know of it. */
  readonly notes: readonly string[];
}

/** Edits. Where it says so already nothing changes. */
export function editFrom(request: EditFromRequest): EditedFrom {
  const edits = new Map<number, TextEdit & { readonly change: FromChange }>();
  const notes: string[] = [];
  for (const one of request.chosen) {
    const held = heldBy(one, request);
    if (typeof held === 'string') notes.push(held);
    const edit = typeof held === 'object' ? held : inFrom(one, request);
    if (edit.change.before !== edit.change.after) edits.set(edit.start, edit);
  }
  const all = [...edits.values()].toSorted((a, b) => a.start - b.start);
  return {
    source: applyEdits(request.source, all),
    changes: all.map(({ change }) => change),
    notes: [...new Set(notes)],
  };
}

type Edit = TextEdit & { readonly change: FromChange };

function inFrom({ from }: EditableFrom, { source, to }: EditFromRequest): Edit {
  const { start, end } = from.base.span;
  return editOf(source, { start, end, text: to });
}

function editOf(source: SourceText, edit: TextEdit, argument?: string): Edit {
  const { start, end, text } = edit;
  const line = source.text.slice(0, start).split('\n').length;
  const change = {
    ...{ line, before: source.text.slice(start, end), after: text },
    ...(argument === undefined ? {} : { argument }),
  };
  return { ...edit, change };
}

/** One variable in a word, plain or with a default. */
const VARIABLE = /\$(?:(\w+)|\{(\w+)(?::?-[^}$]*)?\})/g;

/**
 * The edit of the ARG that has what differs. @returns undefined where FROM has no variable; why it must be FROM itself where
 * the argument cannot say it
 */
function heldBy({ from }: EditableFrom, request: EditFromRequest): Edit | string | undefined {
  const { source, globalArgs, chosen, froms, given, to } = request;
  const written = from.base.text;
  const variables = [...written.matchAll(VARIABLE)];
  if (variables.length === 0) return undefined;
  const literal = (why: string) => `FROM itself says it now, and not ${written}: ${why}`;
  const [match, ...others] = variables;
  if (!match || others.length > 0) return literal('several arguments make it');
  const name = match[1] ?? match[2]!;
  const before = written.slice(0, match.index);
  const after = written.slice(match.index + match[0].length);
  const declared = globalArgs.flatMap(({ args }) => args).filter((one) => one.name.text === name);
  const { value } = declared.at(-1) ?? {};
  if (!value || declared.length > 1 || /[$"'\\]/.test(value.text))
    return literal(`${name} has no plain value in the file`);
  if (given.has(name)) return literal(`${name} is given by --build-arg`);
  const fits = to.length > before.length + after.length && to.startsWith(before) && to.endsWith(after);
  if (!fits || (after !== '' && to.includes('@'))) return literal(`no value of ${name} makes it ${to}`);
  const uses = (one: EditableFrom) => new RegExp(`\\$\\{?${name}\\b`).test(one.from.base.text);
  if (froms.some((one) => uses(one) && !chosen.includes(one)))
    return literal(`another FROM uses ${name} too`);
  const { start, end } = value.span;
  return editOf(source, { start, end, text: to.slice(before.length, to.length - after.length) }, name);
}
