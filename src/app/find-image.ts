// Images as people name them: by a reference, by an id, or by the first digits of an id.

import { type Digest, MilleError, suggest } from '../core/index.ts';

import {
  canonicalName,
  familiarName,
  formatReference,
  parseReference,
  type Reference,
} from '../oci/image/index.ts';
import { hostPlatform, type Store } from '../oci/store/index.ts';
import { findByDigest } from './pull/pulled-digest.ts';

/** An image that was found. */
export interface FoundImage {
  readonly manifestDigest: Digest;
  /** The canonical name by which it was found; absent where it was an id or a digest. */
  readonly name?: string;
}

/**
 * Finds an image as Docker does: a whole id first, then a name, then the beginning of an id.
 * @throws MilleError `image-missing`, with near names; `reference-invalid`
 */
export function findImage(store: Store, text: string): FoundImage {
  const found = lookUpImage(store, text);
  if (found) return found;
  throw missing(store, text);
}

/** Like `findImage`; undefined where there is no such image. */
export function lookUpImage(store: Store, text: string): FoundImage | undefined {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(text)) return byId(store, text);
  const reference = parse(store, text);
  if ('found' in reference) return reference.found;
  if (reference.digest) {
    const manifestDigest = findByDigest(store, reference.digest, hostPlatform());
    return manifestDigest && { manifestDigest };
  }
  const name = canonicalName(reference);
  const named = store.resolveName(name);
  return named ? { manifestDigest: named, name } : byId(store, text);
}

function byId(store: Store, text: string): FoundImage | undefined {
  const manifestDigest = store.findById(text);
  return manifestDigest && { manifestDigest };
}

/** `sha256:` and a few digits may be more than a tag can hold, and is an id all the same. */
function parse(store: Store, text: string): Reference | { readonly found: FoundImage } {
  try {
    return parseReference(text);
  } catch (error) {
    const found = byId(store, text);
    if (found) return { found };
    throw error;
  }
}

const SHOWN = 5;

function missing(store: Store, text: string): MilleError {
  const names = store.imageEntries().flatMap((image) => image.names.map((name) => parseReference(name)));
  const wanted = /^sha256:/.test(text) ? text : formatReference(parseReference(text));
  return new MilleError('image-missing', `no such image: ${text}`, {
    hint: hintFor(text, wanted, names),
  });
}

function hintFor(text: string, wanted: string, names: readonly Reference[]): string {
  const repository = wanted.replace(/[:@].*$/, '');
  const sameName = names.filter((name) => familiarName(name) === repository).map(formatReference);
  const near = suggest(text, names.map(familiarName)) ?? suggest(wanted, names.map(formatReference));
  if (sameName.length > 0) return `there is ${sameName.slice(0, SHOWN).join(', ')}`;
  if (near !== undefined) return `did you mean ${near}?`;
  const bring = 'bring it with `mille load -i ARCHIVE`, or make one from packages with `mille bootstrap`';
  return names.length === 0 ? bring : `${bring}; \`mille images\` lists what there is`;
}
