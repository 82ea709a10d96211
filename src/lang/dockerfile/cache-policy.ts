// `# mille: cache=1d` in the comments above an instruction: what this program is told and every other builder ignores.
// The comments are those that `# check=…` may stand in too: since the last instruction or empty comment.

import { parseAge, suggest } from '../../core/index.ts';

/** When what a step made earlier may be used again. */
export type CachePolicy =
  /** The step runs in each build. What follows is still found where it makes the same. */
  | { readonly kind: 'never' }
  /** Nothing but its inputs decides: not its age, and not `--no-cache`. */
  | { readonly kind: 'always' }
  /** Until it is that old. */
  | { readonly kind: 'for'; readonly milliseconds: number; readonly text: string };

/** What is wrong in a comment: offsets into it. */
export interface CommentProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** What a comment tells this program. */
export interface MilleComment {
  readonly cache?: CachePolicy;
  readonly problems: readonly CommentProblem[];
}

const SETTINGS = ['cache'];
const EXAMPLES = 'never, always, or an age such as 1d, 12h, 2w';

/** Reads a comment, with or without its `#`; undefined where it is meant for people. */
export function readMilleComment(text: string): MilleComment | undefined {
  const head = /^[#\s]*mille(:|\s+(?=cache\s*=))/i.exec(text);
  if (!head) return undefined;
  const problems: CommentProblem[] = [];
  const blame = (start: number, end: number, message: string) => problems.push({ start, end, message });
  const end = text.trimEnd().length;
  if (head[1] !== ':') {
    blame(head[0].search(/mille/i), end, "a colon is missing: write '# mille: cache=…'");
    return { problems };
  }
  let cache: CachePolicy | undefined;
  const words = [...text.slice(head[0].length).matchAll(/\S+/g)];
  if (words.length === 0)
    blame(head[0].search(/mille/i), end, `nothing is said: write 'cache=' and ${EXAMPLES}`);
  for (const { 0: word, index } of words) {
    const start = head[0].length + index;
    const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(word)!;
    const problem = (message: string) => blame(start, start + word.length, message);
    if (!SETTINGS.includes(name.toLowerCase())) problem(unknown(name));
    else {
      if (cache) problem(`${name} is said twice: the last counts`);
      const policy = policyOf(value ?? '');
      if (!policy) problem(`cache can't be '${value ?? ''}': write ${EXAMPLES}`);
      cache = policy ?? cache;
    }
  }
  return { ...(cache ? { cache } : {}), problems };
}

function unknown(name: string): string {
  const near = suggest(name.toLowerCase(), SETTINGS);
  return `'${name}' is no setting of mille${near === undefined ? ': there is cache=' : `: did you mean ${near}=?`}`;
}

function policyOf(value: string): CachePolicy | undefined {
  if (value === 'never' || value === 'always') return { kind: value };
  const milliseconds = parseAge(value);
  return milliseconds === undefined || milliseconds === 0
    ? undefined
    : { kind: 'for', milliseconds, text: value };
}

/** What the comments above an instruction say of its cache: the last that says something. */
export function cachePolicyOf(comments: readonly string[]): CachePolicy | undefined {
  return comments
    .map((comment) => readMilleComment(comment)?.cache)
    .findLast((policy) => policy !== undefined);
}
