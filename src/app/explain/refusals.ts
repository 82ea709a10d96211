// What is said where there is nothing to explain, in the language of the pages.

import { displayPath, MilleError } from '../../core/index.ts';
import type { Language } from './types.ts';

/** There is no page about some words; perhaps that of another name was meant. */
export function noPage(
  words: readonly string[],
  suggestion: string | undefined,
  language: Language,
): MilleError {
  const { noPage, lists, didYouMean } = WORDS[language];
  const hint = suggestion === undefined ? lists : `${didYouMean(`mille explain ${suggestion}`)} ${lists}`;
  return new MilleError('usage', noPage(displayPath(words.join(' '))), { hint });
}

/** No instruction stands on a line. */
export function noInstruction(
  { file, line }: { readonly file: string; readonly line: number },
  nearest: { readonly keyword: string; readonly line: number } | undefined,
  language: Language,
): MilleError {
  const words = WORDS[language];
  const details = nearest ? { hint: words.nearest(nearest.keyword, nearest.line) } : {};
  return new MilleError('usage', words.noInstruction(`${file}:${line}`), details);
}

/** A directory that holds more than one Dockerfile. */
export function severalFiles(place: string, files: readonly string[], language: Language): MilleError {
  const words = WORDS[language];
  return new MilleError('usage', words.several(displayPath(place)), {
    hint: words.nameOne(files.slice(0, 5).map(displayPath).join(', ')),
  });
}

const WORDS = {
  en: {
    noPage: (name: string) => `there is no page about '${name}'`,
    lists: "'mille explain' lists what there is",
    didYouMean: (command: string) => `did you mean '${command}'?`,
    noInstruction: (place: string) => `there is no instruction at ${place}`,
    nearest: (keyword: string, line: number) => `the nearest is ${keyword}, at line ${line}`,
    several: (place: string) => `'${place}' holds several Dockerfiles`,
    nameOne: (files: string) => `name one of them: ${files}`,
  },
  fr: {
    noPage: (name: string) => `il n'y a pas de page sur « ${name} »`,
    lists: '« mille explain » donne la liste de ce qui existe',
    didYouMean: (command: string) => `vouliez-vous dire « ${command} » ?`,
    noInstruction: (place: string) => `il n'y a pas d'instruction à ${place}`,
    nearest: (keyword: string, line: number) => `la plus proche est ${keyword}, à la ligne ${line}`,
    several: (place: string) => `« ${place} » contient plusieurs Dockerfiles`,
    nameOne: (files: string) => `en nommer un : ${files}`,
  },
} as const;
