// Ruby's gems: their specifications, Ruby programs that only ever assign texts.

import { baseName } from '../../core/index.ts';
import { DOCUMENT_LIMIT, NOTHING, type PackageReader, word } from './types.ts';

/** `specifications/[default/]<name>-<version>.gemspec`. */
export const gemSpecification: PackageReader = {
  type: 'gem',
  listsAll: false,
  limit: DOCUMENT_LIMIT,
  matches: ({ path }) => /(?:^|\/)specifications\/(?:default\/)?[^/]+\.gemspec$/.test(path),
  read: ({ path, bytes }, { text }) => {
    const program = text(bytes);
    const assigned = (field: string) =>
      word(new RegExp(`^\\s*\\w+\\.${field}\\s*=\\s*(["'])(.*?)\\1`, 'm').exec(program)?.[2]);
    const [, nameInFile, versionInFile] =
      /^(.+?)-([0-9][0-9A-Za-z.]*)(?:-[^/]*)?\.gemspec$/.exec(baseName(path)) ?? [];
    const name = assigned('name') ?? word(nameInFile);
    const version = assigned('version') ?? word(versionInFile);
    if (!name || !version) return NOTHING;
    const list = /^\s*\w+\.licenses\s*=\s*\[([^\]]*)\]/m.exec(program)?.[1] ?? '';
    const several = [...list.matchAll(/(["'])(.*?)\1/g)].flatMap((match) => word(match[2]) ?? []);
    const one = assigned('license');
    const licenses = several.length > 0 ? several : one === undefined ? [] : [one];
    return {
      packages: [{ type: 'gem', name, version, ...(licenses.length === 0 ? {} : { licenses }) }],
      notes: [],
    };
  },
};
