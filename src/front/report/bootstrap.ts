// The packages of a base made from packages: what each weighs, and why it is in. A table, or JSON.

import type { BaseExplanation, BootstrapResult, ExplainedPackage } from '../../app/index.ts';
import { oneLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';
import { cutText } from './width.ts';

const WHY_COLUMNS = 70;

/** What `mille bootstrap --explain` prints: the heaviest first. */
export function renderBaseExplanation(result: BaseExplanation): string {
  const { packages, omitted, otherBytes, suite, profile, architecture, locked } = result;
  const made = otherBytes !== undefined;
  const sorted = [...packages].sort((a, b) => weightOf(b) - weightOf(a) || (a.name < b.name ? -1 : 1));
  const rows = sorted.map((one) => [
    oneLine(one.name),
    oneLine(one.version),
    formatSize(weightOf(one)),
    formatSize(one.downloadBytes),
    cutText(oneLine(whyOf(one)), WHY_COLUMNS),
  ]);
  const table = renderTable(['PACKAGE', 'VERSION', made ? 'IN IMAGE' : 'INSTALLED', 'DOWNLOAD', 'WHY'], rows);
  const total = formatSize(sum(packages.map(weightOf)));
  const download = formatSize(sum(packages.map(({ downloadBytes }) => downloadBytes)));
  const others = made ? `, and ${formatSize(otherBytes)} of other files` : '';
  const count = packages.length === 1 ? '1 package' : `${packages.length} packages`;
  const of = `${suite} for ${architecture}${profile === 'standard' ? '' : `, ${profile}`}`;
  const lines = [
    `${oneLine(of)}${locked ? ', as locked' : ''}: ${count}, ${total}${others} (${download} to download).`,
    ...omittedLines(omitted),
  ];
  return `${table}\n${lines.join('\n')}\n`;
}

/** By what they are, since that is the reason. */
function omittedLines(omitted: BaseExplanation['omitted']): string[] {
  if (omitted.length === 0) return [];
  const kinds = new Map<string, string[]>();
  for (const { name, why } of omitted) {
    const known = kinds.get(why);
    if (known) known.push(name);
    else kinds.set(why, [name]);
  }
  const bytes = sum(omitted.map(({ installedBytes }) => installedBytes));
  return [
    `Left out, though dependencies name it (${formatSize(bytes)}):`,
    ...[...kinds].map(([why, names]) => `  ${oneLine(names.join(', '))}: ${why}`),
  ];
}

function weightOf({ imageBytes, installedBytes }: ExplainedPackage): number {
  return imageBytes ?? installedBytes;
}

function whyOf({ reason, chain, text }: ExplainedPackage): string {
  if (reason === 'asked') return 'asked for';
  if (reason === 'essential') return 'essential';
  if (reason === 'profile') return text ?? 'part of every base';
  return chain.slice(0, -1).join(' → ');
}

/** One object; with `image` where one was made. */
export function baseExplanationJson(result: BaseExplanation, image?: BootstrapResult): string {
  const made = image && {
    image: { id: image.imageId, manifest: image.manifest, names: image.names, bytes: image.bytes },
  };
  return `${JSON.stringify({ ...made, ...result })}\n`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
