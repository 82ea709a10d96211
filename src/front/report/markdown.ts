// Markdown of our own pages → text for a terminal: headings, paragraphs, lists, tables, code. No more of the language is
// understood than those pages use.

import { makeStyle, type Style } from './style.ts';
import { padText, textWidth } from './width.ts';

/** How wide, and with colours or without. */
export interface MarkdownOptions {
  readonly color: boolean;
  readonly columns: number;
}

/** Renders pages; ends with a line break. */
export function renderMarkdown(markdown: string, options: MarkdownOptions): string {
  const style = makeStyle(options.color);
  const columns = Math.max(30, Math.min(options.columns, 100));
  const lines = blocksOf(markdown).flatMap((block, i) => [
    ...(i === 0 ? [] : ['']),
    ...renderBlock(block, { style, columns, color: options.color }),
  ]);
  return `${lines.join('\n')}\n`;
}

interface Page {
  readonly style: Style;
  readonly columns: number;
  readonly color: boolean;
}

/** Lines that belong together: code in fences with its empty lines, else what stands between empty lines. */
function blocksOf(markdown: string): string[][] {
  const blocks: string[][] = [];
  let block: string[] = [];
  let fenced = false;
  for (const line of markdown.trim().split('\n')) {
    if (line === '' && !fenced) {
      if (block.length > 0) blocks.push(block);
      block = [];
      continue;
    }
    if (line.startsWith('```')) fenced = !fenced;
    block.push(line);
  }
  return block.length > 0 ? [...blocks, block] : blocks;
}

function renderBlock(block: readonly string[], page: Page): string[] {
  const [first = ''] = block;
  const [, depth, heading] = /^(#+) (.*)$/.exec(first) ?? [];
  if (heading !== undefined) {
    return [headingLine(heading, { ...page, title: depth === '#' }), ...restOf(block.slice(1), page)];
  }
  if (first.startsWith('```')) return block.slice(1, -1).map((line) => (line === '' ? '' : `    ${line}`));
  if (first.startsWith('|')) return renderTable(block, page);
  if (first.startsWith('- ')) return itemsOf(block).flatMap((item) => wrap(item, page, ['- ', '  ']));
  return wrap(block.join(' '), page, ['', '']);
}

/** Bold, without the marks of code. Where there is no bold, in capitals, but for a title, which may be a name. */
function headingLine(text: string, { color, style, title }: Page & { readonly title: boolean }): string {
  if (title && !color) return text;
  return color ? style.strong(text.replaceAll('`', '')) : text.replaceAll(/[^`]+|`[^`]*`/g, capitals);
}

function capitals(part: string): string {
  return part.startsWith('`') ? part : part.toUpperCase();
}

function restOf(lines: readonly string[], page: Page): string[] {
  return lines.length === 0 ? [] : renderBlock(lines, page);
}

function itemsOf(lines: readonly string[]): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (line.startsWith('- ')) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items;
}

const SHORT_CODE = 50;

/** Stands for a space that does not break. */
const HELD = '\0';

/** Words, with short code in them whole. Only ordinary spaces break: those that must not are others. */
function wordsOf(text: string): readonly string[] {
  const held = text.replaceAll(/`[^`]*`/g, (code) =>
    code.length > SHORT_CODE ? code : code.replaceAll(' ', HELD),
  );
  return held.split(/[ \n]+/).flatMap((word) => (word === '' ? [] : [word.replaceAll(HELD, ' ')]));
}

function wrap(text: string, page: Page, [head, hang]: readonly [string, string]): string[] {
  const lines: string[] = [];
  let line = head;
  let empty = true;
  for (const word of wordsOf(text)) {
    if (!empty && textWidth(`${line} ${word}`) > page.columns) {
      lines.push(line);
      line = hang;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return paintCode([...lines, line], page);
}

/** Without colours the marks of code stay, for nothing else would show what is to be typed. */
function paintCode(lines: readonly string[], page: Page): string[] {
  if (!page.color) return [...lines];
  let inside = false;
  return lines.map((line) => {
    const parts = line.split('`');
    const painted = parts.map((part, i) => {
      const code = i === 0 ? inside : !inside;
      if (i > 0) inside = !inside;
      return code ? page.style.active(part) : part;
    });
    return painted.join('');
  });
}

function renderTable(block: readonly string[], page: Page): string[] {
  const rows = block
    .filter((line) => !/^\|[\s|-]+\|$/.test(line) || !line.includes('---'))
    .map((line) =>
      line
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    );
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => padText(cell, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return paintCode(lines, page);
}
