// PHP's packages: what Composer installed, in one file of each project.

import {
  broken,
  DOCUMENT_LIMIT,
  type FoundPackage,
  MOST_PACKAGES,
  type PackageReader,
  word,
} from './types.ts';

/** `vendor/composer/installed.json`. */
export const composerInstalled: PackageReader = {
  type: 'composer',
  listsAll: true,
  limit: 4 * DOCUMENT_LIMIT,
  matches: ({ path }) => /(?:^|\/)composer\/installed\.json$/.test(path),
  read: ({ path, bytes }, { text }) => {
    let document: unknown;
    try {
      document = JSON.parse(text(bytes));
    } catch {
      return broken(path, 'is no JSON');
    }
    // Composer 1 wrote the list alone.
    const inner = (document as { packages?: unknown } | null)?.packages;
    const list = Array.isArray(document) ? document : Array.isArray(inner) ? inner : [];
    return { packages: list.slice(0, MOST_PACKAGES).flatMap((one) => readOne(one) ?? []), notes: [] };
  },
};

function readOne(value: unknown): FoundPackage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name: givenName, version: givenVersion, license } = value as Record<string, unknown>;
  const textOf = (given: unknown) => word(typeof given === 'string' ? given : undefined);
  const [name, version] = [textOf(givenName), textOf(givenVersion)];
  if (!name || !version) return undefined;
  const licenses = (Array.isArray(license) ? license : [license]).flatMap((one) => textOf(one) ?? []);
  return {
    ...({ type: 'composer', name, version: version.replace(/^v(?=[0-9])/, '') } as const),
    ...(licenses.length === 0 ? {} : { licenses }),
  };
}
