// conda's packages: a file of metadata each in the environment they are installed in.

import { broken, DOCUMENT_LIMIT, NOTHING, type PackageReader, word } from './types.ts';

/** `conda-meta/<name>-<version>-<build>.json`. */
export const condaMetadata: PackageReader = {
  type: 'conda',
  listsAll: false,
  limit: DOCUMENT_LIMIT,
  matches: ({ path }) => /(?:^|\/)conda-meta\/[^/]+\.json$/.test(path),
  read: ({ path, bytes }, { text }) => {
    let document: unknown;
    try {
      document = JSON.parse(text(bytes));
    } catch {
      return broken(path, 'is no JSON');
    }
    if (typeof document !== 'object' || document === null) return NOTHING;
    const { name: givenName, version: givenVersion, license, subdir } = document as Record<string, unknown>;
    const textOf = (value: unknown) => word(typeof value === 'string' ? value : undefined);
    const [name, version, spelt, architecture] = [givenName, givenVersion, license, subdir].map(textOf);
    if (!name || !version) return NOTHING;
    return {
      packages: [
        {
          ...({ type: 'conda', name, version } as const),
          ...(architecture === undefined ? {} : { architecture }),
          ...(spelt === undefined ? {} : { licenses: [spelt] }),
        },
      ],
      notes: [],
    };
  },
};
