// What `mille explain` shows: a page, or the list of all.

import type { ExplainableRow, ExplainedFile, ExplainedPage, Language, LineFacts } from '../../app/index.ts';
import { formatSize } from '../../core/index.ts';
import { type MarkdownOptions, renderMarkdown } from './markdown.ts';
import { sanitizeLine } from './sanitize.ts';
import { makeStyle } from './style.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './time.ts';
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
    flag: 'Flags of instructions',
    rule: 'Rules (mille lint)',
    rewrite: 'Rewrites (mille optimize)',
  },
  fr: {
    instruction: 'Instructions',
    part: 'À côté',
    topic: 'Questions',
    flag: 'Options des instructions',
    rule: 'Règles (mille lint)',
    rewrite: 'Réécritures (mille optimize)',
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

const COLUMNS: Readonly<Record<Language, readonly string[]>> = {
  en: ['LINE', 'LAYER', 'LAST TIME', 'FOUND', 'INSTRUCTION'],
  fr: ['LIGNE', 'COUCHE', 'DERNIÈRE FOIS', 'TROUVÉ', 'INSTRUCTION'],
};

const LAYERS: Readonly<Record<Language, Readonly<Record<LineFacts['layer'], string>>>> = {
  en: { always: 'yes', 'new-directory': 'if new', never: '', base: 'base' },
  fr: { always: 'oui', 'new-directory': 'si neuf', never: '', base: 'base' },
};

/** A Dockerfile: one instruction in words, several as a table. */
export function renderExplainedFile(
  { file, lines }: ExplainedFile,
  options: ExplainOptions & { readonly language: Language; readonly whole: boolean },
): string {
  const { format, color, columns, language, whole } = options;
  if (format === 'json') {
    const rows = lines.map(({ facts, findings }) => ({
      ...facts,
      findings: findings.map(({ rule, severity, message }) => ({ rule, severity, message })),
    }));
    return `${JSON.stringify({ file, lines: rows }, undefined, 2)}\n`;
  }
  if (!whole || format === 'markdown') {
    const markdown = lines.map((line) => line.markdown).join('\n');
    return format === 'markdown' ? markdown : renderMarkdown(markdown, { color, columns });
  }
  const rows = lines.map(({ facts, findings }) => [
    String(facts.line),
    LAYERS[language][facts.layer],
    facts.cost ? costWords(facts.cost) : '',
    findings.length === 0 ? '' : String(findings.length),
    sanitizeLine(facts.text),
  ]);
  const table = renderTable(COLUMNS[language], rows);
  return table
    .split('\n')
    .map((line) => cutText(line, Math.max(60, columns)))
    .join('\n');
}

function costWords({ seconds, bytes }: NonNullable<LineFacts['cost']>): string {
  return [formatSeconds(seconds), ...(bytes === undefined ? [] : [formatSize(bytes)])].join(', ');
}
