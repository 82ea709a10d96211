// HTML whose texts are escaped by the way it is written: what is put into a template is text, unless it is markup itself.

import { sanitizeLine, wellFormed } from './sanitize.ts';

/** A piece of HTML. */
export interface Markup {
  readonly html: string;
}

/** What may stand in a template; nothing for what is not there. */
export type MarkupValue = string | number | undefined | Markup | readonly (Markup | undefined)[];

/** A template: html`<p>${text}</p>`. Attributes stand in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return { html: parts.map((part, i) => part + textOf(values[i])).join('') };
}

function textOf(value: MarkupValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((one) => one?.html ?? '').join('');
}

/** Between tags, and between double quotes. Control characters, and what turns the direction of text, are left out. */
function escapeHtml(text: string): string {
  return wellFormed(text.split('\n').map(sanitizeLine).join('\n'))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
