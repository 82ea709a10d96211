// The build in the page: what each layer weighs, and what each step takes, with how often commits make it run again;
// before and after to one scale.

import type { Measured, OptimizeResult, Picture, PictureStep } from '../../../app/index.ts';
import { html, type Markup } from '../html.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { formatSeconds } from '../time.ts';

interface Side {
  readonly name: string;
  readonly picture: Picture;
  readonly measured?: Measured;
}

/** What a picture shows of a step. */
interface Quantity {
  readonly of: (step: PictureStep) => number;
  readonly format: (value: number) => string;
  /** The class of a step's bar, and how strong its colour is: 0 to 1. */
  readonly look: (step: PictureStep) => { readonly kind: string; readonly strength?: number };
}

/** Pictures of both builds; nothing where nobody knows the steps. */
export function buildSection({ before, after, reckoned }: OptimizeResult): Markup | undefined {
  const sides: Side[] = [];
  for (const [name, measured, dry] of [
    ['before', before, reckoned?.before],
    ['after', after, reckoned?.after],
  ] as const) {
    const picture = measured?.picture ?? dry;
    if (picture) sides.push({ name, picture, ...(measured ? { measured } : {}) });
  }
  if (sides.length === 0) return undefined;
  const only = sides.length === 1 ? [{ ...sides[0]!, name: 'now' }] : sides;
  return html`<section>
${layers(only)}
<h2>What a commit rebuilds</h2>
<p class="note">Each step as long as it takes. The stronger its colour, the more commits make it run again${assumed(only) ? ', as commits are in most projects' : ''}; what stays pale comes from the cache.</p>
${bars(only, SECONDS, perCommit)}
<details class="steps"><summary>All steps</summary><div class="sides">${only.map(stepTable)}</div></details>
</section>`;
}

/** Of a dry run the layers are not known. */
function layers(sides: readonly Side[]): Markup | undefined {
  if (sides.some(({ measured }) => !measured)) return undefined;
  return html`<h2>Layers</h2>
${bars(sides, BYTES, ({ measured }) => formatSize(measured?.bytes ?? 0))}
${ownLayers(sides)}
${legend(sides)}`;
}

/** Where the base is most of it, the rest once more, in a scale of its own. */
function ownLayers(sides: readonly Side[]): Markup | undefined {
  const bytes = (side: Side) => side.picture.steps.reduce((sum, step) => sum + BYTES.of(step), 0);
  const own = (side: Side) => side.picture.steps.reduce((sum, step) => sum + OWN_BYTES.of(step), 0);
  const isSmall = sides.every((side) => own(side) > 0 && own(side) < bytes(side) * SMALL_SHARE);
  if (!isSmall) return undefined;
  return html`<p class="note">Without the base image:</p>
${bars(sides, OWN_BYTES, (side) => formatSize(own(side)))}`;
}

const SMALL_SHARE = 0.25;

const BYTES: Quantity = {
  of: ({ inImage, bytes = 0 }) => (inImage ? bytes : 0),
  format: formatSize,
  look: ({ kind }) => ({ kind }),
};

const OWN_BYTES: Quantity = {
  ...BYTES,
  of: (step) => (step.kind === 'base' ? 0 : BYTES.of(step)),
};

const SECONDS: Quantity = {
  of: ({ seconds = 0 }) => seconds,
  format: formatSeconds,
  look: ({ rebuilt }) => ({ kind: 'share', strength: rebuilt }),
};

function assumed(sides: readonly Side[]): boolean {
  return sides.some(({ picture }) => picture.assumed);
}

function perCommit({ measured, picture }: Side): string {
  return `${formatSeconds(measured?.secondsPerCommit ?? picture.secondsPerCommit)} a commit`;
}

/** One bar a side, as long as it is among them, made of its steps. */
function bars(sides: readonly Side[], quantity: Quantity, end: (side: Side) => string): Markup {
  const total = ({ picture }: Side) => picture.steps.reduce((sum, step) => sum + quantity.of(step), 0);
  const most = Math.max(...sides.map(total), Number.MIN_VALUE);
  return html`<div class="bars">${sides.map((side) => {
    const width = ((total(side) / most) * 100).toFixed(2);
    return html`
<div class="side"><span class="name">${side.name}</span><div class="track"><div class="bar" style="width:${width}%">${side.picture.steps.map((step) => segment(step, quantity))}</div></div><span class="end">${end(side)}</span></div>`;
  })}
</div>`;
}

function segment(step: PictureStep, { of, format, look }: Quantity): Markup | undefined {
  const value = of(step);
  if (value <= 0) return undefined;
  const { kind, strength } = look(step);
  const tone = strength === undefined ? '' : `--share:${Math.round(strength * 100)}%;`;
  const title = `${oneLine(step.instruction)}\n${format(value)}${step.kind === 'base' ? '' : `, rebuilt by ${share(step)} of commits`}`;
  // Whoever is small is seen all the same.
  return html`<span class="seg ${kind}" style="${tone}flex:${value.toPrecision(4)} 1 0" title="${title}"><span>${wordOf(step)}</span></span>`;
}

/** What a bar is called where there is room. */
function wordOf({ kind, instruction }: PictureStep): string {
  const words = oneLine(instruction).split(' ');
  const rest = words.slice(1).filter((word) => !word.startsWith('--'));
  return kind === 'base' ? (rest[0] ?? '') : `${words[0] ?? ''} ${rest.slice(0, 3).join(' ')}`;
}

function share({ rebuilt }: PictureStep): string {
  return `${Math.round(rebuilt * 100)} %`;
}

const KINDS: readonly (readonly [PictureStep['kind'], string])[] = [
  ['base', 'base image'],
  ['run', 'RUN'],
  ['copy', 'COPY'],
  ['add', 'ADD'],
  ['workdir', 'WORKDIR'],
];

function legend(sides: readonly Side[]): Markup {
  const used = new Set(
    sides
      .flatMap(({ picture }) => picture.steps.filter((step) => BYTES.of(step) > 0))
      .map(({ kind }) => kind),
  );
  return html`<p class="legend">${KINDS.filter(([kind]) => used.has(kind)).map(([kind, name]) => html`<span><i class="${kind}"></i>${name}</span> `)}</p>`;
}

function stepTable({ name, picture: { steps } }: Side): Markup {
  return html`<div class="scroll"><table>
<caption>${name}</caption>
<thead><tr><th>step</th><th class="number">layer</th><th class="number">takes</th><th class="number">rebuilt by</th></tr></thead>
<tbody>${steps.map((step) => {
    const { kind, instruction, stage, bytes, seconds, inImage } = step;
    const base = kind === 'base';
    return html`
<tr><td class="step"><i class="chip ${kind}"></i><code title="${oneLine(instruction)}">${oneLine(instruction)}</code>${stage === undefined ? undefined : html` <span class="stage">${stage}</span>`}</td><td class="number">${bytes === undefined || bytes === 0 ? '' : inImage ? formatSize(bytes) : html`<span class="aside">${formatSize(bytes)}</span>`}</td><td class="number">${seconds === undefined ? '' : formatSeconds(seconds)}</td><td class="number"><span class="meter${base ? ' none' : ''}" style="--share:${Math.round(step.rebuilt * 100)}%">${base ? '' : share(step)}</span></td></tr>`;
  })}
</tbody></table></div>`;
}
