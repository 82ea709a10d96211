// What `mille explain` shows: a page, or the list of all.

import type { ExplainableRow, ExplainedPage, Language } from '../../app/index.ts';
import { type MarkdownOptions, renderMarkdown } from './markdown.ts';
import { makeStyle } from './style.ts';
import { cutText, padText, textWidth } from './width.ts';

export interface ExplainOptions extends MarkdownOptions {
  readonly format: 'text' | 'markdown' | 'json';
}

/** A page. */
export function renderExplained(page: ExplainedPage, options: ExplainOptions): string {
  if (options.format === 'json') return `${JSON.stringify(page, undefined, 2)}\n`;
  return options.format === 'markdown' ? page.markdown : renderMarkdown(page.markdown, options);
}

const HEADS: Readonly<Record<Language, Readonly<Record<ExplainableRow['kind'], string>>>> = {
  en: {
    instruction: 'Instructions',
    part: 'Beside them',
    topic: 'Questions',
    rule: 'Rules (mille lint)',
  },
  fr: {
    instruction: 'Instructions',
    part: 'À côté',
    topic: 'Questions',
    rule: 'Règles (mille lint ; en anglais)',
  },
};

/** The list of pages, for people grouped by what they are about. */
export function renderExplainable(
  rows: readonly ExplainableRow[],
  { format, color, columns, language }: ExplainOptions & { readonly language: Language },
): string {
  if (format === 'json') return `${JSON.stringify(rows, undefined, 2)}\n`;
  const style = makeStyle(color && format === 'text');
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const groups = kinds.map((kind) => {
    const group = rows.filter((row) => row.kind === kind);
    const width = Math.max(...group.map(({ name }) => textWidth(name)));
    const lines = group.map(({ name, summary, codes }) => {
      const text = codes ? `${summary} (${codes.join(', ')})` : summary;
      const room = Math.max(20, columns - width - 4);
      return `  ${padText(name, width)}  ${format === 'text' ? cutText(text, room) : text}`;
    });
    return `${style.strong(HEADS[language][kind])}\n${lines.join('\n')}\n`;
  });
  return groups.join('\n');
}
