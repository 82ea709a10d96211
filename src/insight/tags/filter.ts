// Which tags somebody wants to see.

import type { DecodedTag } from './decoded.ts';
import { byCodename } from './distributions.ts';

/** All that is asked for has to be so. */
export interface TagFilter {
  /** A codename (`bookworm`), a name (`debian`, `alpine`), or both (`alpine3.22`, `debian:12`). */
  readonly distribution?: string;
  /** `3.12`: that or what is within it; `3.12.*`, `3.1?`: a pattern for the whole of the version. */
  readonly version?: string;
  /** Whether it says that there is less in it, or that it does not say so. */
  readonly slim?: boolean;
  /** Words that the tag must have: `fpm`, `jre`. */
  readonly variants?: readonly string[];
  /** Whether tags of what is not released yet are wanted as well. */
  readonly unreleased?: boolean;
}

/** Whether a tag is wanted. */
export function matchesTag(tag: DecodedTag, filter: TagFilter): boolean {
  const { distribution, version, slim, variants = [], unreleased = true } = filter;
  if (tag.attachment) return false;
  if (!unreleased && (tag.version?.pre !== undefined || tag.channel === 'rc')) return false;
  if (slim !== undefined && (tag.size !== undefined && tag.size !== 'full') !== slim) return false;
  if (distribution !== undefined && !isOf(tag, distribution.toLowerCase())) return false;
  if (version !== undefined && !isVersion(tag, version)) return false;
  const words = [...tag.flavors, ...tag.others, tag.size, tag.architecture];
  return variants.every((word) => words.includes(word));
}

function isOf({ distribution }: DecodedTag, wanted: string): boolean {
  if (!distribution) return false;
  const { name, release = '', codename } = distribution;
  const known = byCodename(wanted);
  if (known) return known.name === name && known.codename === codename;
  const [, word = '', number = ''] = /^([a-z]+)[-:]?(.*)$/.exec(wanted) ?? [];
  return word === name && (number === '' || release === number || release.startsWith(`${number}.`));
}

function isVersion({ version }: DecodedTag, wanted: string): boolean {
  if (!version) return false;
  if (/[*?]/.test(wanted)) return matchesPattern(version.text, wanted);
  return (
    version.text === wanted ||
    (version.text.startsWith(wanted) && /^[._-]/.test(version.text.slice(wanted.length)))
  );
}

/** `*` is any text, `?` a character; in time that grows with the product of both lengths at most. */
function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let from = 0;
  for (let i = 0; i < text.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      from = i;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++from;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** A text that every wanted tag has in its name, for servers that can look for one; undefined where there is none. */
export function serverHint({ distribution, version, variants = [] }: TagFilter): string | undefined {
  const literal = version?.split(/[*?]/)[0]?.replace(/[._-]+$/, '') ?? '';
  if (literal !== '' && /^\w[\w.-]*$/.test(literal)) return literal;
  const codename = distribution === undefined ? undefined : byCodename(distribution.toLowerCase())?.codename;
  return codename ?? variants.find((word) => /^\w+$/.test(word));
}
