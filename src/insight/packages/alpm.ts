// pacman: Arch Linux. A directory a package, with a file of %SECTIONS%.

import { DOCUMENT_LIMIT, NOTHING, type PackageReader, word } from './types.ts';

/** `var/lib/pacman/local/<name>-<version>/desc`. */
export const alpmDescription: PackageReader = {
  type: 'alpm',
  listsAll: false,
  limit: DOCUMENT_LIMIT,
  matches: ({ path }) => /^var\/lib\/pacman\/local\/[^/]+\/desc$/.test(path),
  read: ({ bytes }, { text }) => {
    const sections = new Map<string, string[]>();
    for (const part of text(bytes).split(/\n\n+/)) {
      const [head = '', ...values] = part.trim().split('\n');
      const name = /^%([A-Z0-9]+)%$/.exec(head)?.[1];
      if (name) sections.set(name, values);
    }
    const value = (section: string) => word(sections.get(section)?.[0]);
    const [name, version] = [value('NAME'), value('VERSION')];
    if (!name || !version) return NOTHING;
    const [base, architecture, size] = [value('BASE'), value('ARCH'), value('SIZE')];
    const licenses = (sections.get('LICENSE') ?? []).flatMap((license) => word(license) ?? []);
    return {
      packages: [
        {
          ...({ type: 'alpm', name, version } as const),
          ...(base === undefined || base === name ? {} : { source: { name: base, version } }),
          ...(architecture === undefined ? {} : { architecture }),
          ...(licenses.length === 0 ? {} : { licenses }),
          ...(size !== undefined && /^[0-9]{1,15}$/.test(size) ? { size: Number(size) } : {}),
        },
      ],
      notes: [],
    };
  },
};
