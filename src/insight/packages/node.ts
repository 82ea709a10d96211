// Node's packages: the manifest of each directory in node_modules.

import { broken, DOCUMENT_LIMIT, NOTHING, type PackageReader, word } from './types.ts';

/** `node_modules/<name>/package.json`, with a scope or without; what lies deeper in a package describes no package. */
export const nodePackage: PackageReader = {
  type: 'npm',
  listsAll: false,
  limit: DOCUMENT_LIMIT,
  matches: ({ path }) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path),
  read: ({ path, bytes }, { text }) => {
    let manifest: unknown;
    try {
      manifest = JSON.parse(text(bytes).replace(/^\ufeff/, ''));
    } catch {
      return broken(path, 'is no JSON');
    }
    if (typeof manifest !== 'object' || manifest === null) return NOTHING;
    const { name: givenName, version: givenVersion, license, licenses } = manifest as Record<string, unknown>;
    const name = word(textOf(givenName));
    const version = word(textOf(givenVersion));
    // A link to a part of a project, or a test's own directory: not a package of any registry.
    if (!name || !version) return NOTHING;
    const all = [license, ...(Array.isArray(licenses) ? licenses : [])].flatMap(
      (one) => licenseOf(one) ?? [],
    );
    return {
      packages: [{ type: 'npm', name, version, ...(all.length === 0 ? {} : { licenses: all }) }],
      notes: [],
    };
  },
};

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A text today; packages of old have objects with a type. */
function licenseOf(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) return word(textOf((value as { type?: unknown }).type));
  return word(textOf(value));
}
