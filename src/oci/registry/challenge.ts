// What a server asks for before it answers: the header `WWW-Authenticate` (RFC 9110, 11.6.1).

/** One way to authenticate. */
export interface Challenge {
  /** Lower case: `basic`, `bearer`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
/** What stands for a parameter in schemes like Negotiate; nothing here uses it. */
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))/y;

/** The challenges of a header; of one that is malformed, those before that place. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match[1] ?? match[0];
  };
  const skip = (pattern: RegExp) => {
    take(pattern);
  };
  for (;;) {
    skip(/[\s,]*/y);
    const word = take(TOKEN);
    if (word === undefined) return challenges;
    skip(/\s*/y);
    const current = challenges.at(-1);
    if (current && header[at] === '=') {
      at++;
      skip(/\s*/y);
      const value = header[at] === '"' ? take(QUOTED)?.replace(/\\(.)/g, '$1') : take(TOKEN);
      if (value === undefined) return challenges;
      current.parameters[word.toLowerCase()] ??= value;
    } else {
      challenges.push({ scheme: word.toLowerCase(), parameters: Object.create(null) });
      const rest = at;
      // Either a value of its own, or the first parameter: which ends in '=' as well.
      if (take(TOKEN68) !== undefined && /^\s*[^\s,]/.test(header.slice(at))) at = rest;
    }
  }
}
