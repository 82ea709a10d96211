// What is meant by the words after `mille explain`: a page, a rule, flags of an instruction, or nothing that there is.

import { suggest } from '../../core/index.ts';
import { RULES, type Rule } from '../lint/index.ts';
import { type FoundFlags, findFlags, nearestFlag } from './flags/find-flag.ts';
import type { Page } from './page.ts';
import { PAGES } from './pages.ts';
import { codesOf, findRule } from './rules-about.ts';

/** What was found; or what was perhaps meant. */
export type Found =
  | { readonly page: Page }
  | { readonly rule: Rule }
  | { readonly flags: FoundFlags }
  | { readonly suggestion: string | undefined };

/** Finds what some words mean: `CMD`, `arg or env`, `RUN --mount=type=cache`, `COPY --chown`, `DL3020`. */
export function findPage(words: readonly string[]): Found {
  const flags = isAboutMounts(words) ? undefined : findFlags(words);
  if (flags) return { flags };
  const asked = keyOf(words.join(' '));
  const page = PAGES.find((one) => keysOf(one).includes(asked));
  if (page) return { page };
  const rule = findRule(words.join(' ').trim());
  if (rule) return { rule };
  const mount = /^run-mount(-.*)?$/.test(asked) ? PAGES.find(({ name }) => name === 'run-mount') : undefined;
  if (mount) return { page: mount };
  return { suggestion: nearestFlag(words) ?? nearest(asked) };
}

/** Mounts have a page of their own. */
function isAboutMounts(words: readonly string[]): boolean {
  return words.every((word) => /^(run|--mount(=.*)?)$/i.test(word));
}

function nearest(asked: string): string | undefined {
  const names = new Map<string, string>();
  for (const page of PAGES) for (const key of keysOf(page)) names.set(key, page.name);
  for (const rule of RULES) for (const name of [rule.name, ...codesOf(rule)]) names.set(keyOf(name), name);
  const near = suggest(asked, [...names.keys()], Math.min(3, Math.max(1, Math.floor(asked.length / 3))));
  if (near !== undefined) return names.get(near);
  const part = asked.length < 3 ? undefined : [...names.keys()].find((key) => key.includes(asked));
  return part === undefined ? undefined : names.get(part);
}

function keysOf({ name, aliases = [] }: Page): readonly string[] {
  return [name, ...aliases].map(keyOf);
}

/** Case, accents and punctuation do not matter; `vs` and `ou` are `or`. */
function keyOf(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .replace(/-(?:vs|ou|versus)-/g, '-or-');
}
