// Quick fixes: those of findings, all safe ones at once, and a comment that turns a rule off for an instruction.

import {
  type CodeAction,
  CodeActionKind,
  CreateFile,
  type Range,
  type Diagnostic as Shown,
  TextDocumentEdit,
  TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Editor, EditorView } from '../../app/index.ts';
import type { AddedLines, Diagnostic, Fix } from '../../core/index.ts';
import { rangeOf, shownFinding } from './convert.ts';
import { toUri } from './uri.ts';

/** The document that is asked about. */
export interface ActionTarget {
  readonly uri: string;
  readonly version: number;
  readonly view: EditorView;
  /** Whether the client can make files. */
  readonly createsFiles: boolean;
}

/** What can be done about what is found in the instructions of a range, wherever in them the cursor is. */
export function codeActions(
  editor: Pick<Editor, 'withLines'>,
  target: ActionTarget,
  { range, only }: { readonly range: Range; readonly only: readonly string[] | undefined },
): CodeAction[] {
  const { view } = target;
  const wanted = (kind: string) => !only || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const actions: CodeAction[] = [];
  if (wanted(CodeActionKind.QuickFix)) {
    const here = view.findings
      .map((finding) => ({ finding, shown: shownFinding(view, finding) }))
      .filter(({ finding: { lines } }) => lines.first <= range.end.line + 1 && lines.last > range.start.line);
    actions.push(
      ...here.flatMap((one) => fixAction(editor, target, one)),
      ...here.flatMap(({ finding, shown }) => skipAction(target, finding, shown)),
    );
  }
  if (wanted(CodeActionKind.SourceFixAll)) actions.push(...fixAll(target));
  return actions;
}

interface Here {
  readonly finding: Diagnostic;
  readonly shown: Shown;
}

function fixAction(
  editor: Pick<Editor, 'withLines'>,
  target: ActionTarget,
  { finding, shown }: Here,
): CodeAction[] {
  const { fix } = finding;
  if (!fix) return [];
  const edit = workspaceEdit(editor, target, fix);
  if (!edit) return [];
  const safe = fix.fixClass !== 'unsafe';
  return [
    {
      title: capital(fix.title),
      kind: CodeActionKind.QuickFix,
      diagnostics: [shown],
      ...(safe ? { isPreferred: true } : {}),
      edit,
    },
  ];
}

/** Undefined where the client could not make it. */
function workspaceEdit(
  editor: Pick<Editor, 'withLines'>,
  target: ActionTarget,
  { edits, addedLines = [] }: Fix,
): WorkspaceEdit | undefined {
  const { uri, version, view, createsFiles } = target;
  const own = edits.map(({ start, end, text }) => TextEdit.replace(rangeOf(view.source, start, end), text));
  const changes: (TextDocumentEdit | CreateFile)[] =
    own.length === 0 ? [] : [TextDocumentEdit.create({ uri, version }, own)];
  for (const added of addedLines) {
    const other = otherFile(editor, added);
    if (other.isNew && !createsFiles) return undefined;
    changes.push(...other.changes);
  }
  return { documentChanges: changes };
}

function otherFile(editor: Pick<Editor, 'withLines'>, { path, lines }: AddedLines) {
  const { before, after } = editor.withLines(path, lines);
  const uri = toUri(path);
  const source = { name: path, text: before ?? '' };
  // What is added stands at the end: the whole of what was there stays as it is.
  const end = source.text.length;
  const insertion = TextEdit.replace(rangeOf(source, end, end), after.slice(end));
  const edit = TextDocumentEdit.create({ uri, version: null }, [insertion]);
  const isNew = before === undefined;
  return { isNew, changes: isNew ? [CreateFile.create(uri, { ignoreIfExists: true }), edit] : [edit] };
}

/** A comment above the instruction. One that is there already is for its author to change. */
function skipAction(
  { uri, version, view }: ActionTarget,
  { lines, rule }: Diagnostic,
  shown: Shown,
): CodeAction[] {
  const above = view.source.text.split('\n')[lines.first - 2] ?? '';
  if (!/^[A-Z]/.test(rule) || /^\s*#\s*check=/i.test(above)) return [];
  const start = { line: lines.first - 1, character: 0 };
  const insertion = TextEdit.insert(start, `# check=skip=${rule}\n`);
  return [
    {
      title: `Skip ${rule} for this instruction`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [shown],
      edit: { documentChanges: [TextDocumentEdit.create({ uri, version }, [insertion])] },
    },
  ];
}

/** All safe fixes that do not get in each other's way. */
function fixAll({ uri, version, view }: ActionTarget): CodeAction[] {
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  for (const { fix } of view.findings) {
    if (!fix || fix.fixClass === 'unsafe' || fix.edits.length === 0) continue;
    const clash = fix.edits.some((a) => edits.some((b) => a.start <= b.end && b.start <= a.end));
    if (!clash) edits.push(...fix.edits);
  }
  if (edits.length === 0) return [];
  const own = edits.map(({ start, end, text }) => TextEdit.replace(rangeOf(view.source, start, end), text));
  return [
    {
      title: 'Make all safe fixes of mille',
      kind: CodeActionKind.SourceFixAll,
      edit: { documentChanges: [TextDocumentEdit.create({ uri, version }, own)] },
    },
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
