// Numbers that flags take.

import { MilleError } from '../../core/index.ts';

/** A whole number from 1, or the standard one where the flag is not given. @throws MilleError `usage` */
export function wholeNumber(
  flag: string,
  text: string | undefined,
  { standard, most }: { readonly standard: number; readonly most: number },
): number {
  if (text === undefined) return standard;
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= 1 && value <= most) return value;
  throw new MilleError('usage', `--${flag} can't be '${text}'`, {
    hint: `write a whole number from 1 to ${most}`,
  });
}
