// The script that stands in quotes after `sh -c`.

import { parseAt } from './parse-script.ts';
import { alignEscapes, type Place, pieced } from './place.ts';
import { shellDialect } from './shells.ts';
import type { Script, ShellWord, WordPart } from './tree.ts';

/** The script that a command gives to a shell; undefined where it gives none, or one that only a variable knows. */
export function scriptOfWord(
  { name, args }: { readonly name: string; readonly args: readonly ShellWord[] },
  outer: Place,
  exact: boolean,
): Script | undefined {
  const word = scriptArgument(name, args);
  if (!word || word.parts.every(({ kind }) => kind !== 'literal')) return undefined;
  const offsets: number[] = [];
  let text = '';
  for (const part of word.parts) {
    const piece = readPiece(part);
    if (!piece) return undefined;
    text += piece.text;
    offsets.push(...piece.offsets);
  }
  return parseAt(pieced({ ...outer, exact: outer.exact && exact }, text, offsets));
}

function scriptArgument(name: string, args: readonly ShellWord[]): ShellWord | undefined {
  const dialect = shellDialect([name]);
  if (name === 'busybox' || ['powershell', 'cmd', 'other'].includes(dialect)) return undefined;
  let asked = false;
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as ShellWord;
    if (!/^[-+]/.test(word.value)) return asked ? word : undefined;
    if (!/^-[^-]/.test(word.value)) continue;
    if (word.value.includes('c')) asked = true;
    if (word.value.endsWith('o')) index++;
  }
  return undefined;
}

/** What the inner shell reads of a part, and where each character of it stands. */
function readPiece(part: WordPart): { text: string; offsets: readonly number[] } | undefined {
  const within = (text: string, from: number) => ({
    text,
    offsets: Array.from({ length: text.length }, (_, index) => part.start + from + index),
  });
  if (part.kind !== 'literal') return within(part.text, 0);
  if (part.dollar) return undefined;
  if (part.quoting === 'single') return within(part.value, 1);
  const offsets = alignEscapes(part.text, part.value);
  return offsets && { text: part.value, offsets: offsets.map((offset) => part.start + offset) };
}
