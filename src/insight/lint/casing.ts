// Upper and lower case of keywords.

/** The two ways to write a keyword. */
export type Case = 'upper' | 'lower';

/** Whether a word is all in capitals or all in small letters. */
export function isOneCase(word: string): boolean {
  return word === word.toLowerCase() || word === word.toUpperCase();
}

/** A word in a case. */
export function changeCase(word: string, wanted: Case): string {
  return wanted === 'lower' ? word.toLowerCase() : word.toUpperCase();
}
