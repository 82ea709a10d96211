// .NET's packages: what the publisher wrote down of an application's dependencies.

import {
  broken,
  DOCUMENT_LIMIT,
  type FoundPackage,
  MOST_PACKAGES,
  type PackageReader,
  word,
} from './types.ts';

/** `<application>.deps.json`. */
export const nugetDependencies: PackageReader = {
  type: 'nuget',
  listsAll: false,
  limit: 4 * DOCUMENT_LIMIT,
  matches: ({ path }) => path.endsWith('.deps.json'),
  read: ({ path, bytes }, { text }) => {
    let document: unknown;
    try {
      document = JSON.parse(text(bytes).replace(/^\ufeff/, ''));
    } catch {
      return broken(path, 'is no JSON');
    }
    const libraries = (document as { libraries?: unknown } | null)?.libraries;
    const entries = typeof libraries === 'object' && libraries !== null ? Object.entries(libraries) : [];
    const packages = entries.slice(0, MOST_PACKAGES).flatMap(([key, value]): FoundPackage[] => {
      // Others are projects of one's own, and assemblies that came with something else.
      if ((value as { type?: unknown } | null)?.type !== 'package') return [];
      const [name, version] = key.split('/').map(word);
      return name && version ? [{ type: 'nuget', name, version }] : [];
    });
    return { packages, notes: [] };
  },
};
