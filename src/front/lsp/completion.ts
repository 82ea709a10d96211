// What can stand where the cursor is: an instruction at the beginning of a line, its flags behind it, a stage behind FROM and
// --from=, a kind of mount behind --mount=type= and its fields behind that.

import {
  type CompletionItem,
  CompletionItemKind,
  type Position,
  Range,
  TextEdit,
} from 'vscode-languageserver/node';
import type { Editor, EditorView } from '../../app/index.ts';

type Choices = Pick<Editor, 'instructions' | 'flags' | 'mounts'>;

/** The items for a place. In a line that goes on from the one above there are no instructions. */
export function completionsAt(
  { instructions, flags, mounts }: Choices,
  { source, lines }: EditorView,
  { line, character }: Position,
): CompletionItem[] {
  const texts = source.text.split('\n');
  const text = (texts[line] ?? '').slice(0, character);
  if (/--mount=type=\w*$/.test(text)) return mounts.types.map(itemOf(CompletionItemKind.EnumMember));
  if (/--mount=\S+,\w*$/.test(text)) return mounts.fields.map(itemOf(CompletionItemKind.Field));
  if (/--from=\w*$/.test(text) || /^\s*from\s+(?:--\S+\s+)*\w*$/i.test(text)) {
    const stages = lines.filter((one) => one.keyword === 'FROM' && one.endLine < line + 1);
    return stages.flatMap(({ stage }) =>
      stage === undefined ? [] : [{ label: stage, kind: CompletionItemKind.Module }],
    );
  }
  const above = joinedAbove(texts, line);
  const [, keyword, begun] =
    /^\s*(?:onbuild\s+)?([a-z]+)\s+(?:--\S+\s+)*(--?[\w-]*)$/i.exec(above + text) ?? [];
  if (keyword !== undefined && begun !== undefined) {
    // Editors differ in whether dashes belong to the word that is replaced.
    const range = Range.create({ line, character: character - begun.length }, { line, character });
    return flags(keyword).map((choice) => ({
      ...itemOf(CompletionItemKind.Property)(choice),
      filterText: choice.name,
      textEdit: TextEdit.replace(range, choice.name),
    }));
  }
  if (!/^\s*\w*$/.test(text) || above !== '') return [];
  const lower = /^\s*[a-z]/.test(text);
  return instructions.map((one) => ({
    ...itemOf(CompletionItemKind.Keyword)(one),
    label: lower ? one.name.toLowerCase() : one.name,
  }));
}

/** The lines above that go on in this one, joined; '' where there are none. */
function joinedAbove(texts: readonly string[], line: number): string {
  let joined = '';
  for (let i = line - 1; i >= 0; i--) {
    const text = (texts[i] ?? '').trimEnd();
    if (!text.endsWith('\\')) break;
    joined = `${text.slice(0, -1)} ${joined}`;
  }
  return joined;
}

const itemOf =
  (kind: CompletionItemKind) =>
  ({ name, summary, markdown }: Editor['instructions'][number]): CompletionItem => ({
    ...{ label: name, kind, detail: summary },
    documentation: { kind: 'markdown', value: markdown },
  });
