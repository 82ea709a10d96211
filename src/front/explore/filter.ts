// What a filter says: words that must all be in the path, sizes (`>10MB`, `<1kB`), or a regular expression.

import { parseDiskSize } from '../../core/index.ts';

/** A filter as typed. */
export interface FilterText {
  readonly text: string;
  /** The words are one regular expression. */
  readonly regex: boolean;
}

/** A filter that was understood. */
export interface Filter {
  /** Whether a path, with a slash before it, is meant. */
  readonly matchesPath: (path: string) => boolean;
  /** Bytes that a file has at least, at most; directories are kept for what they hold. */
  readonly least: number;
  readonly most: number;
}

/** Reads a filter; what is wrong with it, in words; or undefined for one that says nothing. */
export function parseFilter({ text, regex }: FilterText): Filter | { readonly problem: string } | undefined {
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  const words: string[] = [];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const size = /^([<>])=?(\d.*)$/.exec(word);
    if (!size) {
      words.push(word);
      continue;
    }
    const bytes = parseDiskSize(size[2]!);
    if (bytes === undefined) return { problem: `'${size[2]}' is no size: write 10MB, 512KiB` };
    if (size[1] === '>') least = bytes;
    else most = bytes;
  }
  if (words.length === 0 && least === 0 && most === Number.POSITIVE_INFINITY) return undefined;
  // Upper case is meant where it is written, as in less and vim.
  const exact = /\p{Lu}/u.test(words.join(''));
  if (regex) {
    try {
      const pattern = new RegExp(words.join(' '), exact ? 'u' : 'iu');
      return { matchesPath: (path) => pattern.test(path), least, most };
    } catch (error) {
      return { problem: (error as Error).message.replace(/^Invalid regular expression: /, '') };
    }
  }
  const wanted = exact ? words : words.map((word) => word.toLowerCase());
  const matchesPath = (path: string) => {
    const subject = exact ? path : path.toLowerCase();
    return wanted.every((word) => subject.includes(word));
  };
  return { matchesPath, least, most };
}
