// The comparison as a page of its own: nothing is loaded from elsewhere, nothing runs in it.

import type { CompareBasesResult, ComparedBase } from '../../../app/index.ts';
import { html, type Markup } from '../html.ts';
import { htmlPage } from '../html-page.ts';
import { PAGE_STYLE } from '../optimize/html-style.ts';
import { formatSize } from '../size.ts';
import { supportNote } from '../tags/as-of.ts';
import { formatSeconds } from '../time.ts';
import { buildNotes, type FactCell, factRows, troublesOf } from './compare-facts.ts';

/** @param now milliseconds since the epoch */
export function comparedBasesHtml(result: CompareBasesResult, now: number): string {
  const { bases, dates } = result;
  return htmlPage({
    title: html`Bases compared: ${bases.map(({ name }) => name).join(', ')}`,
    style: PAGE_STYLE + STYLE,
    main: html`<header>
<p class="place">base images <span>side by side</span></p>
<h1>${headline(bases)}</h1>
</header>
${sizeBars(bases)}
${builtBars(bases)}
<section>
<h2>Measured</h2>
<div class="scroll"><table class="facts">
<thead><tr><th></th>${bases.map(({ name }) => html`<th><code>${name}</code></th>`)}</tr></thead>
<tbody>${factRows(result, now).map(
      ({ name, cells }) => html`
<tr><th scope="row">${name}</th>${cells.map(cellOf)}</tr>`,
    )}
</tbody></table></div>
</section>
${troubles(result)}
<section class="notes">${buildNotes(result).map((one) => html`<p>${one}</p>`)}<p>${supportNote(dates, now)}</p></section>
<footer>mille base compare</footer>`,
  });
}

function headline(bases: readonly ComparedBase[]): string {
  const known = bases.filter(({ bytes }) => bytes.compressed !== undefined);
  const sorted = known.toSorted((a, b) => a.bytes.compressed! - b.bytes.compressed!);
  const [smallest, largest] = [sorted[0], sorted.at(-1)];
  if (!smallest || !largest || smallest === largest) return `${bases.length} base images`;
  const times = largest.bytes.compressed! / Math.max(1, smallest.bytes.compressed!);
  return `${smallest.name} is the smallest: ${formatSize(smallest.bytes.compressed!)} to fetch, ${largest.name} is ${times.toPrecision(2)} times that`;
}

function sizeBars(bases: readonly ComparedBase[]): Markup | undefined {
  const most = Math.max(...bases.map(({ bytes }) => bytes.unpacked));
  if (!(most > 0)) return undefined;
  return html`<section>
<h2>Size</h2>
<div class="sizes">${bases.map(
    ({ name, bytes }) => html`
<div class="size"><code>${name}</code><div class="bar"><i class="unpacked" style="width: ${((bytes.unpacked / most) * 100).toFixed(1)}%"></i><i class="fetched" style="width: ${(((bytes.compressed ?? 0) / most) * 100).toFixed(1)}%"></i></div><b>${formatSize(bytes.unpacked)}</b></div>`,
  )}
</div>
<p class="legend"><span><i class="fetched"></i>compressed, as it is fetched</span><span><i class="unpacked"></i>unpacked</span></p>
</section>`;
}

function builtBars(bases: readonly ComparedBase[]): Markup | undefined {
  const built = bases.flatMap(({ name, on }) => (on?.outcome === 'built' ? [{ name, on }] : []));
  const most = Math.max(...built.map(({ on }) => on.seconds));
  if (built.length < 2 || !(most > 0)) return undefined;
  return html`<section>
<h2>Build from nothing</h2>
<div class="sizes">${built.map(
    ({ name, on }) => html`
<div class="size"><code>${name}</code><div class="bar"><i class="fetched" style="width: ${((on.seconds / most) * 100).toFixed(1)}%"></i></div><b>${formatSeconds(on.seconds)}</b></div>`,
  )}
</div>
</section>`;
}

function troubles(result: CompareBasesResult): Markup | undefined {
  const all = troublesOf(result);
  if (all.length === 0) return undefined;
  return html`<section>
<h2>What goes wrong, or may</h2>
${all.map(
  ({
    name,
    what,
    reasons,
    output,
    mild,
  }) => html`<div class="trouble"><h3>${name}</h3><p class="${mild ? 'warn' : 'bad'}">${what}</p>
<ul>${reasons.map(({ text, hint }) => html`<li>${text}${hint === undefined ? undefined : html`<p class="note">${hint}</p>`}</li>`)}</ul>
${output.length === 0 ? undefined : html`<pre>${output.map((line) => html`<span>${line}</span>`)}</pre>`}</div>`,
)}
</section>`;
}

function cellOf({ lines, tone }: FactCell): Markup {
  const shown = lines.map((line, i) => html`${i === 0 ? undefined : html`<br>`}${line}`);
  return html`<td class="${tone ?? 'plain'}">${shown}</td>`;
}

const STYLE = `
.facts th[scope="row"] { vertical-align: top; padding: .5rem 1.2rem .45rem 0; }
.facts thead th code { color: var(--ink); font-weight: 600; }
.facts td { white-space: nowrap; }
.bad { color: var(--bad); } .warn { color: var(--warn); } .faint { color: var(--soft); }
.sizes { display: grid; gap: .6rem; }
.size { display: grid; grid-template-columns: minmax(8rem, 16rem) 1fr 5rem; gap: .8rem; align-items: center; }
.size code { overflow-wrap: anywhere; }
.size b { text-align: right; font-variant-numeric: tabular-nums; }
.size .bar { position: relative; display: block; height: 1.4rem; background: none; }
.size .bar i { position: absolute; inset: 0 auto 0 0; border-radius: .2rem; }
i.unpacked { background: var(--base); } i.fetched { background: var(--run); }
.trouble { border: 1px solid var(--line); border-radius: .6rem; padding: .2rem 1.2rem .8rem; margin: 0 0 1rem; }
.trouble ul { padding-left: 1.1rem; margin: .4rem 0; } .trouble pre { background: var(--panel); border-radius: .4rem; }
.trouble .note { margin: 0; }
@media (max-width: 40rem) { .size { grid-template-columns: 1fr auto; } .size .bar { grid-row: 2; grid-column: 1 / -1; } }
`;
