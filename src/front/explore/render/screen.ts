// The whole screen as lines, each of exactly as many columns as there are.

import { formatSize, makeStyle, oneLine, type Style, sanitizeLine, textWidth } from '../../report/index.ts';
import { layoutOf } from '../layout.ts';
import type { ExplorerState, Prompt } from '../state.ts';
import { renderDetails } from './details.ts';
import { renderFiles } from './files.ts';
import { renderLayers } from './layers.ts';
import { line } from './line.ts';
import { renderHelp, renderViewer, renderWaste } from './overlays.ts';

/** What is to be seen. */
export interface Screen {
  /** As many as there are rows. */
  readonly lines: readonly string[];
  /** Where something is typed, from 0; otherwise no cursor is seen. */
  readonly cursor?: { readonly column: number; readonly row: number };
}

/** Draws a state. */
export function renderScreen(state: ExplorerState, options: { readonly color: boolean }): Screen {
  const style = makeStyle(options.color);
  const { columns, rows } = state.size;
  const layout = layoutOf(state);
  if (layout.kind === 'tiny') {
    const lines = Array<string>(rows).fill(' '.repeat(columns));
    return { lines: [line(['the terminal is too small'], columns), ...lines.slice(1)] };
  }
  const body = bodyLines(state, style);
  while (body.length < rows - 1) body.push(' '.repeat(columns));
  const { text, cursor } = lastLine(state, style);
  return {
    lines: [...body.slice(0, rows - 1), text],
    ...(cursor === undefined ? {} : { cursor: { column: cursor, row: rows - 1 } }),
  };
}

function bodyLines(state: ExplorerState, style: Style): string[] {
  if (state.help !== undefined) return renderHelp(state, state.help, style);
  if (state.viewer) return renderViewer(state, state.viewer, style);
  if (state.waste) return renderWaste(state, state.waste, style);
  return [title(state, style), ...panes(state, style)];
}

function panes(state: ExplorerState, style: Style): string[] {
  const layout = layoutOf(state);
  const { left, right, layers, details, files } = layout;
  if (layout.kind === 'one') {
    const place = { columns: left, lines: layers };
    if (state.pane === 'layers') return renderLayers(state, place, style);
    return state.pane === 'files' ? renderFiles(state, place, style) : renderDetails(state, place, style);
  }
  const leftLines = [
    ...renderLayers(state, { columns: left, lines: layers }, style),
    ...(details > 0 ? renderDetails(state, { columns: left, lines: details }, style) : []),
  ];
  const rightLines = renderFiles(state, { columns: right, lines: files }, style);
  // A column by its number: a terminal that takes another width for some character keeps the panes apart all the same.
  const border = `\x1b[${left + 1}G${style.faint('│')}`;
  return rightLines.map((text, i) => `${leftLines[i] ?? ' '.repeat(left)}${border}${text}`);
}

function title({ image, size, foldBase }: ExplorerState, style: Style): string {
  const { layers, waste } = image;
  const { own, mixed, base } = waste.byScope;
  const based = layers.some(({ origin }) => origin === 'base');
  const count = `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`;
  const words = [
    oneLine(image.platform),
    count,
    `${formatSize(waste.contentBytes)} of files`,
    `${formatSize(own + mixed)} wasted${based ? ' by own layers' : ''}`,
    ...(base > 0 && !foldBase ? [`${formatSize(base)} by the base's`] : []),
  ];
  return line([' ', [oneLine(image.title), style.strong], `  ${words.join(' · ')}`], size.columns);
}

function lastLine(state: ExplorerState, style: Style): { readonly text: string; readonly cursor?: number } {
  const { columns } = state.size;
  const { prompt, question, busy, message } = state;
  if (question) return { text: line([[` ${sanitizeLine(question.text)} y/N`, style.warn]], columns) };
  if (busy !== undefined) return { text: line([[` ${busy} …  escape gives up`, style.active]], columns) };
  if (message) {
    return { text: line([[` ${oneLine(message.text)}`, message.bad ? style.bad : style.good]], columns) };
  }
  if (prompt) return promptLine(state, prompt, style);
  return { text: style.faint(line([` ${hints(state)}`], columns)) };
}

function promptLine(
  state: ExplorerState,
  prompt: Prompt,
  style: Style,
): { readonly text: string; readonly cursor: number } {
  const { columns } = state.size;
  const label = {
    filter: state.filterText.regex ? ' filter (regular expression): ' : ' filter: ',
    search: ' search: ',
    extract: ' write to: ',
  }[prompt.purpose.kind];
  const room = Math.max(4, columns - textWidth(label) - 1);
  // What does not fit goes out of sight on the left.
  let before = prompt.text.slice(0, prompt.cursor);
  while (textWidth(before) >= room) before = before.slice(1);
  const shown = before + prompt.text.slice(prompt.cursor);
  const hint = prompt.purpose.kind === 'filter' ? '   control-r: regular expression' : '';
  const used = textWidth(label) + textWidth(shown);
  const text = line(
    [[label, style.strong], sanitizeLine(shown), [used + hint.length < columns ? hint : '', style.faint]],
    columns,
  );
  return { text, cursor: Math.min(columns - 1, textWidth(label) + textWidth(before)) };
}

function hints(state: ExplorerState): string {
  if (state.help !== undefined) return 'q back';
  if (state.viewer) return 'q back  ? help  space page  / search  [ ] other layers  b bytes  x extract';
  if (state.waste) return 'q back  ? help  enter go to the file  b without the base';
  const own = state.pane === 'files' ? '→← open  v view  x extract' : '↑↓ move  tab pane';
  return `q quit  ? help  ${own}  / filter  c changed  w wasted  i waste  s sort  a layer alone`;
}
