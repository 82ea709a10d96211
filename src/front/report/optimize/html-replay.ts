// The replay in the page: a mark for each commit's rebuild before and after, joined, the oldest on the left.

import type { OptimizeResult } from '../../../app/index.ts';
import { html, type Markup } from '../html.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { formatSeconds } from '../time.ts';
import { counted } from './proof.ts';
import { kindName, replayedKinds } from './replay.ts';
import { replaySentences } from './replay-told.ts';

type Replay = NonNullable<OptimizeResult['replay']>;
type Commit = Replay['commits'][number];

const WIDTH = 960;
const HEIGHT = 260;
const LEFT = 52;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 26;
/** Lines across, at most. */
const LINES = 5;

/** The section; nothing where nothing was replayed. */
export function replaySection(result: OptimizeResult): Markup | undefined {
  const { replay } = result;
  if (!replay || replay.commits.length === 0) return undefined;
  const { failed } = replay;
  return html`<section>
<h2>The last ${counted(replay.commits.length, 'commit')}, built with both</h2>
<p class="legend"><span><i class="dot before"></i>before</span> <span><i class="dot after"></i>after</span>${replay.commits.some(({ limit }) => limit !== undefined) ? html` <span><i class="dot limit"></i>the least that it could be</span>` : undefined}</p>
${plot(replay)}
${kindTable(replay)}
${replaySentences(result).map((one) => html`<p class="note">${one}</p>`)}
${commitTable(replay)}
${failed.length === 0 ? undefined : html`<details class="refused"><summary>${counted(failed.length, 'commit')} could not be built</summary><ul>${failed.map(({ id, subject, why }) => html`<li><code>${id.slice(0, 10)}</code> ${oneLine(subject)}: ${oneLine(why)}</li>`)}</ul></details>`}
</section>`;
}

function plot({ commits }: Replay): Markup {
  const most = Math.max(...commits.flatMap(({ before, after }) => [before.seconds, after.seconds]), 0.1);
  const step = niceStep(most / LINES);
  const top = Math.ceil(most / step) * step;
  const y = (seconds: number) => HEIGHT - BOTTOM - (seconds / top) * (HEIGHT - TOP - BOTTOM);
  const room = (WIDTH - LEFT - RIGHT) / commits.length;
  const x = (index: number) => LEFT + room * (index + 0.5);
  const radius = Math.max(1.5, Math.min(5, room / 3));
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  return html`<div class="scroll"><svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Seconds of each commit's rebuild, before and after">
${lines.map((value) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(value))}" y2="${at(y(value))}"/><text class="tick" x="${LEFT - 8}" y="${at(y(value) + 4)}" text-anchor="end">${tick(value)}</text>`)}
${commits.map((commit, i) => mark(commit, { x: x(i), y, radius }))}
<text class="tick" x="${LEFT}" y="${HEIGHT - 6}">oldest</text><text class="tick" x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">newest</text>
</svg></div>`;
}

function mark(
  commit: Commit,
  { x, y, radius }: { readonly x: number; readonly y: (seconds: number) => number; readonly radius: number },
): Markup {
  const { id, subject, stratum, before, after, limit } = commit;
  const title = `${id.slice(0, 10)} ${oneLine(subject)}\n${kindName(stratum)}: ${formatSeconds(before.seconds)} → ${formatSeconds(after.seconds)}`;
  const least =
    limit === undefined
      ? undefined
      : html`<line class="limit" x1="${at(x - radius)}" x2="${at(x + radius)}" y1="${at(y(limit))}" y2="${at(y(limit))}"/>`;
  return html`<g><title>${title}</title><line class="stem" x1="${at(x)}" x2="${at(x)}" y1="${at(y(before.seconds))}" y2="${at(y(after.seconds))}"/>${least}<circle class="before" cx="${at(x)}" cy="${at(y(before.seconds))}" r="${at(radius)}"/><circle class="after" cx="${at(x)}" cy="${at(y(after.seconds))}" r="${at(radius)}"/></g>
`;
}

function kindTable(replay: Replay): Markup {
  return html`<div class="scroll"><table>
<thead><tr><th>commits to</th><th class="number"></th><th class="number" colspan="3">rebuild (median)</th><th class="number" colspan="3">to push (median)</th></tr></thead>
<tbody>${replayedKinds(replay).map(
    ({ kind, count, seconds, bytes }) => html`
<tr><td>${kind}</td><td class="number">${count}</td><td class="number"><s>${seconds.before}</s></td><td class="number"><b>${seconds.after}</b></td><td class="number">${seconds.change}</td><td class="number"><s>${bytes.before}</s></td><td class="number"><b>${bytes.after}</b></td><td class="number">${bytes.change}</td></tr>`,
  )}
</tbody></table></div>`;
}

function commitTable({ commits }: Replay): Markup {
  return html`<details><summary>All commits</summary><div class="scroll"><table>
<thead><tr><th>commit</th><th></th><th>touches</th><th class="number" colspan="2">rebuild</th><th class="number" colspan="2">to push</th></tr></thead>
<tbody>${commits.map(
    ({ id, subject, stratum, before, after }) => html`
<tr><td><code>${id.slice(0, 10)}</code></td><td class="step">${oneLine(subject)}</td><td>${kindName(stratum)}</td><td class="number"><s>${formatSeconds(before.seconds)}</s></td><td class="number">${formatSeconds(after.seconds)}</td><td class="number"><s>${formatSize(before.bytes)}</s></td><td class="number">${formatSize(after.bytes)}</td></tr>`,
  )}
</tbody></table></div></details>`;
}

/** 1, 2 or 5 times a power of ten, not less than a number. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((one) => one * power >= least) ?? 10);
}

function tick(seconds: number): string {
  return seconds < 60 ? `${Number(seconds.toPrecision(3))} s` : formatSeconds(seconds);
}

function at(value: number): string {
  return value.toFixed(1);
}
