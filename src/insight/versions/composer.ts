// Versions of Composer's packages: getcomposer.org, "Versions and constraints". Four numbers, a stability with numbers of
// its own, and whether it is the development of that. Names of branches (dev-main) are no versions that have an order.

import { compareDigits, compareLists, scheme } from './scheme.ts';

interface ComposerVersion {
  readonly numbers: readonly string[];
  /** In STABILITIES. */
  readonly stability: number;
  readonly of: readonly string[];
  readonly dev: boolean;
}

const FORM =
  /^v?([0-9]+(?:\.(?:[0-9]+|x|\*)){0,3})(?:[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?[0-9]+)*))?([.-]?dev)?)?$/;
/** From the earliest to the latest. */
const STABILITIES = ['dev', 'alpha', 'beta', 'rc', 'stable', 'patch'];
const SHORT: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', p: 'patch', pl: 'patch' };
/** As composer itself writes the x of 1.x-dev. */
const ANY = '9999999';

export const composer = scheme<ComposerVersion>({
  parse(text) {
    const plain = text
      .trim()
      .toLowerCase()
      .replace(/@[a-z]+$/, '')
      .replace(/\+[^\s]*$/, '');
    const match = FORM.exec(plain);
    if (!match) return undefined;
    const [, numbers, word = 'stable', own = '', dev] = match;
    const name = Object.hasOwn(SHORT, word) ? SHORT[word]! : word;
    const wild = /[x*]/.test(numbers!);
    if (wild && dev === undefined) return undefined;
    const list = numbers!.split('.').map((one) => (/[x*]/.test(one) ? ANY : one));
    while (wild && list.length < 4) list.push(ANY);
    return {
      numbers: list,
      stability: STABILITIES.indexOf(dev !== undefined && match[2] === undefined ? 'dev' : name),
      of: own.match(/[0-9]+/g) ?? [],
      dev: dev !== undefined,
    };
  },
  compare: (a, b) =>
    compareLists(a.numbers, b.numbers, compareDigits, '0') ||
    a.stability - b.stability ||
    compareLists<string | undefined>(a.of, b.of, compareOwn, undefined) ||
    Number(b.dev) - Number(a.dev),
});

function compareOwn(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareDigits(a, b);
}
