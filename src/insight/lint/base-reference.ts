// What the base of a FROM says: repository, tag and digest as they are written, variables and all.

/** A reference taken apart. Parts that are not written are absent. */
export interface WrittenReference {
  /** Registry and path. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Takes a reference apart without judging it. A colon inside `${NAME:-value}` is no tag's. */
export function writtenReference(text: string): WrittenReference {
  const flat = text.replaceAll(/\$\{[^}]*\}/g, (variable) => variable.replaceAll(/[:@/]/g, '\u0000'));
  const at = flat.indexOf('@');
  const named = at < 0 ? flat : flat.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const end = hasTag ? colon : named.length;
  return {
    name: text.slice(0, end),
    ...(hasTag ? { tag: text.slice(colon + 1, named.length) } : {}),
    ...(at < 0 ? {} : { digest: text.slice(at + 1) }),
  };
}

/** The registry of a reference, by the rule that every tool has: what has a dot, a colon or is localhost. */
export function writtenRegistry({ name }: Pick<WrittenReference, 'name'>): string {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io';
}
