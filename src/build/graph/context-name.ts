// The names of named contexts. As in BuildKit they are image references in their short form, so that `python`,
// `python:latest` and `docker.io/library/python` are one name, and a context can stand for an image.

import { MilleError } from '../../core/index.ts';
import { formatReference, parseReference } from '../../oci/image/index.ts';

/** What a named context is: a tree of files, or an image with its config. */
export type ContextHolds = 'files' | 'image';

/** Named contexts by the one spelling of their names. */
export type NamedContexts = ReadonlyMap<string, ContextHolds>;

/** The one spelling of a context's name. @throws MilleError `reference-invalid` */
export function contextName(text: string): string {
  return formatReference(parseReference(text)).replace(/:latest$/, '');
}

/** The context that is meant by a name in a Dockerfile; undefined where there is none of that name. */
export function findContext(
  contexts: NamedContexts,
  text: string,
): { readonly name: string; readonly holds: ContextHolds } | undefined {
  if (contexts.size === 0) return undefined;
  try {
    const name = contextName(text);
    const holds = contexts.get(name);
    return holds && { name, holds };
  } catch (error) {
    if (error instanceof MilleError) return undefined;
    throw error;
  }
}
