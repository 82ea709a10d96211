// The outline of a Dockerfile: its stages, with their instructions.

import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import type { EditorView } from '../../app/index.ts';

type Line = EditorView['lines'][number];

/** The symbols of a file. Arguments before the first FROM stand beside the stages. */
export function symbolsOf({ lines, source }: EditorView): DocumentSymbol[] {
  const texts = source.text.split('\n');
  const symbols: DocumentSymbol[] = [];
  const lineRange = ({ line, endLine }: Pick<Line, 'line' | 'endLine'>) => ({
    start: { line: line - 1, character: 0 },
    end: { line: endLine - 1, character: (texts[endLine - 1] ?? '').replace(/\r$/, '').length },
  });
  for (const one of lines) {
    const range = lineRange(one);
    const isStage = one.keyword === 'FROM';
    const symbol: DocumentSymbol = {
      name: isStage ? (one.stage ?? one.text) : one.keyword,
      detail: one.text.slice(0, 120),
      kind: isStage ? SymbolKind.Module : (KINDS[one.keyword] ?? SymbolKind.Method),
      range,
      selectionRange: range,
      ...(isStage ? { children: [] } : {}),
    };
    const stage = symbols.at(-1);
    if (isStage || !stage?.children) symbols.push(symbol);
    else {
      stage.children.push(symbol);
      stage.range = { start: stage.range.start, end: range.end };
    }
  }
  return symbols;
}

const KINDS: Readonly<Record<string, SymbolKind>> = {
  ARG: SymbolKind.Variable,
  ENV: SymbolKind.Variable,
  LABEL: SymbolKind.Property,
  EXPOSE: SymbolKind.Property,
};
