// Two images compared: sizes, config, packages, and files by the line that caused the difference.

import type {
  ChangeGroup,
  ConfigChange,
  DiffResult,
  DiffSide,
  FileChange,
  PackageChange,
  TextComparison,
} from '../../app/index.ts';
import { displayPath } from '../../core/index.ts';
import { causeText } from './layer-cause.ts';
import { oneLine, sanitizeLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { makeStyle, type Style } from './style.ts';
import { cutText, padText, textWidth } from './width.ts';

/** How to show it. */
export interface DiffStyle {
  /** Every file, none folded or left out. */
  readonly files: boolean;
  readonly color: boolean;
}

/** Files of a group, and packages, that are shown. */
const MOST_FILES = 10;
const MOST_PACKAGES = 40;
const CAUSE_COLUMNS = 70;
const VALUE_COLUMNS = 70;

/** What `mille diff` prints. */
export function renderDiff(result: DiffResult, { files, color }: DiffStyle): string {
  const style = makeStyle(color);
  if (result.text) return renderText(result, result.text, style);
  const blocks = [
    head(result, style),
    configBlock(result.config, style),
    packagesBlock(result, files, style),
    ...result.groups.map((group) => groupBlock(result, group, { files, style })),
    ends(result),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function head({ before, after, sharedLayers }: DiffResult, style: Style): string[] {
  const title = `${nameOf(before)} → ${nameOf(after)}`;
  const own = (side: DiffSide) => side.layers.length - sharedLayers;
  const layers =
    own(before) === 0 && own(after) === 0
      ? `the same ${sharedLayers}`
      : `${sharedLayers} in common, then ${own(before)} → ${own(after)}`;
  return [
    style.strong(title),
    `  size    ${moved(before.tree.bytes, after.tree.bytes)} in ${before.tree.files} → ${after.tree.files} files`,
    `  stored  ${moved(before.sent, after.sent)}`,
    `  layers  ${layers}`,
  ];
}

function nameOf({ image }: DiffSide): string {
  return oneLine(image.title);
}

function moved(before: number, after: number): string {
  return `${formatSize(before)} → ${formatSize(after)} (${signed(after - before)})`;
}

function signed(bytes: number): string {
  if (bytes === 0) return 'the same';
  return bytes > 0 ? `+${formatSize(bytes)}` : `-${formatSize(-bytes)}`;
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function sign(kind: FileChange['kind'], style: Style): string {
  const paint = kind === 'added' ? style.good : kind === 'removed' ? style.bad : style.warn;
  return paint(SIGNS[kind]);
}

function configBlock(changes: readonly ConfigChange[], style: Style): string[] {
  if (changes.length === 0) return [];
  const value = (text: string | undefined) => cutText(oneLine(text ?? ''), VALUE_COLUMNS);
  return [
    style.strong('Config'),
    ...changes.map(({ what, kind, before, after, secret }) => {
      const name = `  ${sign(kind, style)} ${oneLine(what)}`;
      if (secret) return `${name}: not shown, its name sounds as if it kept a secret`;
      if (kind === 'changed') return `${name}: ${value(before)} → ${value(after)}`;
      return `${name}: ${value(kind === 'added' ? after : before)}`;
    }),
  ];
}

function packagesBlock({ packages, before, after }: DiffResult, all: boolean, style: Style): string[] {
  if (packages.length === 0) return [];
  const shown = all || packages.length <= MOST_PACKAGES + 1 ? packages : packages.slice(0, MOST_PACKAGES);
  const count = (kind: PackageChange['kind']) => packages.filter((one) => one.kind === kind).length;
  const rows = shown.map((one) => {
    const layers = one.cause.side === 'after' ? after.layers : before.layers;
    return [
      `  ${SIGNS[one.kind]} ${one.type}`,
      oneLine(one.name),
      versions(one),
      sizeMove(one),
      `${causeText(layers[one.cause.layer]!, CAUSE_COLUMNS)}${one.cause.side === 'after' ? '' : ` (in ${nameOf(before)})`}`,
    ];
  });
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => textWidth(row[i]!))));
  const counts = (['added', 'removed', 'changed'] as const).flatMap((kind) =>
    count(kind) === 0 ? [] : [`${count(kind)} ${kind}`],
  );
  return [
    `${style.strong('Packages')}: ${counts.join(', ')}`,
    ...rows.map((row, i) => {
      const line = row.map((cell, j) => (j === row.length - 1 ? cell : padText(cell, widths[j]!))).join('  ');
      return line.replace(SIGNS[shown[i]!.kind], sign(shown[i]!.kind, style));
    }),
    ...(shown.length < packages.length ? [`  … ${packages.length - shown.length} more (--files)`] : []),
  ];
}

function versions({ kind, before, after }: PackageChange): string {
  const [old, now] = [before.map(oneLine).join(', '), after.map(oneLine).join(', ')];
  return kind === 'changed' ? `${old} → ${now}` : kind === 'added' ? now : old;
}

function sizeMove({ beforeBytes, afterBytes }: PackageChange): string {
  return beforeBytes === undefined && afterBytes === undefined
    ? ''
    : signed((afterBytes ?? 0) - (beforeBytes ?? 0)).replace('the same', '');
}

function groupBlock(
  { before, after }: DiffResult,
  group: ChangeGroup,
  { files, style }: { readonly files: boolean; readonly style: Style },
): string[] {
  const { side, layer } = group.cause;
  const layers = side === 'after' ? after.layers : before.layers;
  const whose = side === 'after' ? '' : ` (only in ${nameOf(before)})`;
  const counts = (['added', 'removed', 'changed'] as const).flatMap((kind) =>
    group[kind] === 0 ? [] : [`${SIGNS[kind]}${group[kind]}`],
  );
  const grown = group.afterBytes - group.beforeBytes;
  const figures = [...counts, ...(grown === 0 ? [] : [signed(grown)])].join(' ');
  const title = `${style.strong(causeText(layers[layer]!, CAUSE_COLUMNS))}${whose}${figures === '' ? '' : `: ${figures}`}`;
  const { shown } = group;
  const most = files ? shown.length : shown.length <= MOST_FILES + 1 ? shown.length : MOST_FILES;
  const rest = shown.length - most;
  return [
    title,
    ...shown.slice(0, most).map((one) => {
      const { change } = one;
      const inside = one.files === undefined ? '' : '/';
      const text = `  ${sign(change.kind, style)} /${oneLine(displayPath(change.path))}${inside}`;
      const details = detailsOf(one);
      return details === '' ? text : `${text}  ${style.faint(details)}`;
    }),
    ...(rest === 0 ? [] : [style.faint(`  … ${rest} more (--files)`)]),
  ];
}

function detailsOf({ change, files, beforeBytes, afterBytes }: ChangeGroup['shown'][number]): string {
  const { kind, aspects, before, after } = change;
  if (files === 0) return '';
  if (files !== undefined)
    return `${files} ${files === 1 ? 'file' : 'files'}, ${formatSize(Math.max(beforeBytes, afterBytes))}`;
  const only = (after ?? before)!;
  if (kind !== 'changed')
    return only.type === 'file'
      ? formatSize(only.size)
      : only.type === 'symlink'
        ? `→ ${oneLine(displayPath(only.link ?? ''))}`
        : '';
  return aspects.map((aspect) => aspectText(aspect, change)).join(', ');
}

function aspectText(aspect: FileChange['aspects'][number], { before, after }: FileChange): string {
  const [a, b] = [before!, after!];
  switch (aspect) {
    case 'type':
      return `${a.type} → ${b.type}`;
    case 'content':
      return a.size === b.size
        ? `other content, ${formatSize(b.size)} as before`
        : `${formatSize(a.size)} → ${formatSize(b.size)}`;
    case 'mode':
      return `mode ${a.mode.toString(8)} → ${b.mode.toString(8)}`;
    case 'owner':
      return `owner ${a.uid}:${a.gid} → ${b.uid}:${b.gid}`;
    case 'link':
      return `→ ${oneLine(displayPath(b.link ?? ''))}, was ${oneLine(displayPath(a.link ?? ''))}`;
    case 'device':
      return `device ${a.major},${a.minor} → ${b.major},${b.minor}`;
    default:
      return aspect;
  }
}

function ends({ equal, timesOnly, bytecodeOnly, notes, before, after }: DiffResult): string[] {
  const same = before.image.imageId === after.image.imageId ? 'They are the same image.' : 'Nothing differs.';
  return [
    ...(equal ? [timesOnly + bytecodeOnly === 0 ? same : 'Nothing differs but times.'] : []),
    ...(timesOnly === 0
      ? []
      : [
          `${timesOnly} ${timesOnly === 1 ? 'path differs' : 'paths differ'} in times alone, which are not listed.`,
        ]),
    ...(bytecodeOnly === 0
      ? []
      : [
          `${bytecodeOnly} compiled ${bytecodeOnly === 1 ? 'module of Python differs' : 'modules of Python differ'} in the time of the source alone.`,
        ]),
    ...notes.map((note) => `note: ${oneLine(note)}`),
  ];
}

/** One file as `diff -u` shows it. */
function renderText({ before, after }: DiffResult, text: TextComparison, style: Style): string {
  const path = `/${oneLine(displayPath(text.path))}`;
  if (text.equal) return `${path} is the same in both\n`;
  const name = (side: DiffSide, there: boolean) => (there ? `${nameOf(side)}:${path}` : '/dev/null');
  const lines = [`--- ${name(before, text.inBefore)}`, `+++ ${name(after, text.inAfter)}`];
  if (text.withheld !== undefined) lines.push(`${path} differs; not shown: ${text.withheld}`);
  for (const line of text.lines ?? []) {
    const clean = line[0] + sanitizeLine(line.slice(1));
    const paint = line.startsWith('@@')
      ? style.active
      : line[0] === '+'
        ? style.good
        : line[0] === '-'
          ? style.bad
          : undefined;
    lines.push(paint ? paint(clean) : clean);
  }
  return `${lines.join('\n')}\n`;
}
