// What `mille rebase` prints.

import type { RebaseResult } from '../../app/index.ts';
import { sanitizeLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { makeStyle, type Style } from './style.ts';

type Concern = RebaseResult['concerns'][number];

/** What was found and made, for people. @param dryRun nothing was to be made */
export function renderRebase(
  result: RebaseResult,
  { color, dryRun }: { readonly color: boolean; readonly dryRun: boolean },
): string {
  const { image, from, onto, own, config, concerns } = result;
  const style = makeStyle(color);
  const ownBytes = own.reduce((sum, { bytes }) => sum + bytes, 0);
  const names = (some: readonly string[]) => some.map(sanitizeLine).join(', ');
  const facts: [string, string][] = [
    ['stands on', `${sanitizeLine(from.title)}, ${layers(from.layers)}, ${formatSize(from.bytes)}`],
    ['onto', `${sanitizeLine(onto.title)}, ${layers(onto.layers)}, ${formatSize(onto.bytes)}`],
    ['own', `${layers(own.length)}, ${formatSize(ownBytes)}`],
    ['from base', names(config.taken)],
    ['its own', names(config.kept)],
    [
      'rewritten',
      config.rewoven.length === 0
        ? ''
        : `${names(config.rewoven)}: the new base's value in the old one's place`,
    ],
  ];
  return [
    `${style.strong(sanitizeLine(image.title))}\n`,
    ...facts
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `  ${style.faint(name.padEnd(11))}${text}\n`),
    ...concerns.map((one) => concernText(one, style)),
    ...(result.checks ?? []).map((one) => checkText(one, style)),
    `${ending(result, dryRun, style)}\n`,
  ].join('');
}

/** The same as one line of JSON. */
export function rebaseJson(result: RebaseResult): string {
  return `${JSON.stringify(result)}\n`;
}

type Check = NonNullable<RebaseResult['checks']>[number];

function checkText({ command, from, outcome, why, after, before }: Check, style: Style): string {
  const told = outcome === 'alike' ? style.good('alike'.padEnd(11)) : style.bad(outcome.padEnd(11));
  const whose = from === 'user' ? '' : ` (${from === 'healthcheck' ? 'its HEALTHCHECK' : 'its own command'})`;
  const reason = why === undefined ? '' : `: ${sanitizeLine(why)}`;
  const output = outcome === 'alike' ? [] : (after ?? before).output.slice(-SHOWN);
  const lines = output.map((line) => `    ${style.faint(`| ${sanitizeLine(line)}`)}\n`);
  return `  ${told}${sanitizeLine(command)}${whose}${reason}\n${lines.join('')}`;
}

const SHOWN = 5;

function concernText({ level, text, instruction, paths, count }: Concern, style: Style): string {
  const paint = level === 'breaks' ? style.bad : style.warn;
  const by = instruction === undefined ? '' : `    by ${sanitizeLine(instruction).slice(0, 100)}\n`;
  const shown = paths.slice(0, SHOWN).map((path) => `    ${style.faint(sanitizeLine(path))}\n`);
  const more = count > SHOWN ? `    ${style.faint(`and ${count - SHOWN} more`)}\n` : '';
  return `  ${paint(level.padEnd(11))}${sanitizeLine(text)}\n${by}${shown.join('')}${more}`;
}

function ending(result: RebaseResult, dryRun: boolean, style: Style): string {
  const { made, safe, concerns } = result;
  const breaks = concerns.filter(({ level }) => level === 'breaks').length;
  const said = safe
    ? concerns.length === 0
      ? 'nothing speaks against it'
      : 'nothing breaks, as far as can be seen'
    : `${breaks} ${breaks === 1 ? 'thing breaks' : 'things break'}`;
  if (made) {
    const names = made.names.length === 0 ? '' : ` as ${made.names.map(sanitizeLine).join(', ')}`;
    return `${style.good('rebased')}: ${made.imageId}${names} (${said})`;
  }
  if (dryRun) return said;
  if (result.alike === false)
    return `${style.bad('not rebased')}: ${said}, but what was asked does not end well, and alike, in both; --force takes it as it is`;
  return `${style.bad('not rebased')}: ${said}; build it anew on the new base, or take it as it is with --force`;
}

function layers(count: number): string {
  return `${count} ${count === 1 ? 'layer' : 'layers'}`;
}
