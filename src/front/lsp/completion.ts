// What can stand where the cursor is: an instruction at the beginning of a line, a stage behind FROM and --from=, a kind of
// mount behind --mount=type=.

import { type CompletionItem, CompletionItemKind, type Position } from 'vscode-languageserver/node';
import type { Editor, EditorView } from '../../app/index.ts';

const MOUNTS = ['bind', 'cache', 'secret', 'ssh', 'tmpfs'];

/** The items for a place; none inside of an instruction that goes on from the line above. */
export function completionsAt(
  { instructions }: Pick<Editor, 'instructions'>,
  { source, lines }: EditorView,
  { line, character }: Position,
): CompletionItem[] {
  const text = (source.text.split('\n')[line] ?? '').slice(0, character);
  const before = (source.text.split('\n')[line - 1] ?? '').trimEnd();
  if (/--mount=type=\w*$/.test(text)) {
    return MOUNTS.map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
  }
  if (/--from=\w*$/.test(text) || /^\s*from\s+(?:--\S+\s+)*\w*$/i.test(text)) {
    const stages = lines.filter((one) => one.keyword === 'FROM' && one.endLine < line + 1);
    return stages.flatMap(({ stage }) =>
      stage === undefined ? [] : [{ label: stage, kind: CompletionItemKind.Module }],
    );
  }
  if (!/^\s*\w*$/.test(text) || before.endsWith('\\')) return [];
  const lower = /^\s*[a-z]/.test(text);
  return instructions.map(({ name, summary, markdown }) => ({
    label: lower ? name.toLowerCase() : name,
    kind: CompletionItemKind.Keyword,
    detail: summary,
    documentation: { kind: 'markdown', value: markdown },
  }));
}
