// The report as a page of its own: nothing is loaded from elsewhere, nothing runs in it.

import type { ChangedText, OptimizeChange, OptimizeResult } from '../../../app/index.ts';
import { html, type Markup } from '../html.ts';
import { htmlPage } from '../html-page.ts';
import { hunkHead } from '../unified-diff.ts';
import { type Figure, figuresOf, gainsOf } from './figures.ts';
import { buildSection } from './html-build.ts';
import { replaySection } from './html-replay.ts';
import { PAGE_STYLE } from './html-style.ts';
import { proofOf, refusalOf } from './proof.ts';
import { headlineWords, isDry, leftAsItIs, outcomeWord, remarks, sorted, trades } from './summary.ts';

/** The page. */
export function optimizeHtml(result: OptimizeResult): string {
  const name = result.dockerfile.name;
  const place = result.context.split('/').filter(Boolean).at(-1) ?? '';
  return htmlPage({
    title: html`${place}: ${name}, optimised`,
    style: PAGE_STYLE,
    main: html`<header>
<p class="place">${place} <span>${name}</span></p>
<h1>${headlineWords(result)}</h1>
${figureCards(result)}
</header>
${buildSection(result)}
${replaySection(result)}
${changesSection(result)}
${diffSection(result)}
${proofSection(result)}
${refusedSection(result)}
${leftSection(result)}
${notesSection(result)}
<footer>mille optimize</footer>`,
  });
}

function figureCards(result: OptimizeResult): Markup | undefined {
  const figures = figuresOf(result);
  if (figures.length === 0) return undefined;
  return html`<dl class="cards">${figures.map(figureCard)}</dl>`;
}

function figureCard({ what, before, after, change, better, basis }: Figure): Markup {
  const tone = better === undefined ? 'even' : better ? 'good' : 'worse';
  const values = after === '' ? html`<b>${before}</b>` : html`<s>${before}</s> <b>${after}</b>`;
  return html`
<div class="card"><dt>${what}</dt><dd class="values">${values}</dd><dd class="${tone}">${change}</dd>${basis === undefined ? undefined : html`<dd class="basis">${basis}</dd>`}</div>`;
}

function changesSection(result: OptimizeResult): Markup | undefined {
  if (result.changes.length === 0) return undefined;
  const dry = isDry(result);
  const all = result.changes.map((change, i) => ({ change, i, gains: gainsOf(change, result) }));
  const measured = all.some(({ gains }) => gains.measured !== '');
  return html`<section>
<h2>Changes</h2>
<div class="scroll"><table class="changes">
<thead><tr><th></th><th>change</th><th class="number">size</th>${measured ? html`<th class="number">measured</th>` : undefined}<th class="number">a commit</th><th>proof</th></tr></thead>
<tbody>${all.map(
    ({ change, i, gains }) => html`
<tr><td class="number">${i + 1}</td><td><code class="rewrite">${change.rewrite}</code> ${change.title}</td><td class="number">${gains.bytes}</td>${measured ? html`<td class="number">${gains.measured}</td>` : undefined}<td class="number">${gains.seconds}</td><td><span class="badge ${change.outcome}">${outcomeWord(change, dry)}</span></td></tr>`,
  )}
</tbody></table></div>
${trades(result).map((one) => html`<p class="note">${one}</p>`)}
</section>`;
}

function diffSection(result: OptimizeResult): Markup | undefined {
  if (result.files.length === 0) return undefined;
  const told = new Set<number>();
  return html`<section>
<h2>Difference</h2>
${result.files.map((file) => diffOf(file, result.changes, told))}
</section>`;
}

function diffOf(file: ChangedText, changes: readonly OptimizeChange[], told: Set<number>): Markup {
  const created = file.before === undefined ? html` <span class="badge">new</span>` : undefined;
  return html`<h3>${file.name}${created}</h3>
${file.hunks.map((hunk) => {
  const reasons = hunk.changes.map((index) => reasonOf(changes[index]!, index, told));
  return html`<div class="hunk"><ol class="reasons">${reasons}</ol>
<pre><span class="range">${hunkHead(hunk)}</span>${hunk.lines.map(
    ({ sign, text }) =>
      html`<span class="${sign === '+' ? 'added' : sign === '-' ? 'removed' : 'kept'}"><i>${sign}</i>${text.replace(/\n.*/s, '')}</span>`,
  )}</pre></div>`;
})}`;
}

function reasonOf(change: OptimizeChange, index: number, told: Set<number>): Markup {
  const again = told.has(index);
  told.add(index);
  const { rewrite, title, reason, risk } = change;
  return html`<li value="${index + 1}"><code class="rewrite">${rewrite}</code> <b>${title}</b>${again ? undefined : html`<p>${reason}</p>${risk === undefined ? undefined : html`<p class="risk">To be known: ${risk}</p>`}`}</li>`;
}

function proofSection(result: OptimizeResult): Markup | undefined {
  const statements = proofOf(result);
  if (statements.length === 0) return undefined;
  return html`<section>
<h2>Proof</h2>
<ul class="proof">${statements.map(
    ({ text, details }) => html`
<li>${text}${details.length === 0 ? undefined : html`<ul>${details.map((one) => html`<li>${one}</li>`)}</ul>`}</li>`,
  )}
</ul>
</section>`;
}

function refusedSection(result: OptimizeResult): Markup | undefined {
  const { refused } = sorted(result);
  if (refused.length === 0) return undefined;
  return html`<section>
<h2>Refused</h2>
<p class="note">Tried, built, and not made: something else would be different, too.</p>
${refused.map(
  (
    change,
  ) => html`<details class="refused"><summary>${result.changes.indexOf(change) + 1} <code class="rewrite">${change.rewrite}</code> ${change.title}</summary>
<p>${change.reason}</p><ul>${refusalOf(change).map((one) => html`<li>${one}</li>`)}</ul></details>`,
)}
</section>`;
}

function leftSection(result: OptimizeResult): Markup | undefined {
  const left = leftAsItIs(result);
  if (left.length === 0) return undefined;
  return html`<section>
<h2>Left as it is</h2>
<ul class="left">${left.map(
    ({ rewrite, place, what, why }) => html`
<li><code class="rewrite">${rewrite}</code> ${place} <b>${what}</b><p>${why}.</p></li>`,
  )}
</ul>
</section>`;
}

function notesSection(result: OptimizeResult): Markup | undefined {
  const all = remarks(result);
  if (all.length === 0) return undefined;
  return html`<section class="notes">${all.map((one) => html`<p>${one}</p>`)}</section>`;
}
