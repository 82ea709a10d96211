// What the user has looked at and lets pass: by the name of a variable or rule, by a path, by a finding's fingerprint.

import { MilleError, type SourceText } from '../core/index.ts';

/** What can be allowed of a finding. */
export interface Allowable {
  readonly rule: string;
  readonly name?: string;
  readonly path?: string;
  readonly fingerprint?: string;
}

/** Decides what passes. */
export interface Allowed {
  passes(finding: Allowable): boolean;
  /** Patterns that let nothing pass: most likely stale. */
  unused(): readonly string[];
}

/** A list of patterns: `*` is anything within a name, `**` anything in a path. */
export function allowList(patterns: readonly string[]): Allowed {
  const made = patterns.map((pattern) => ({ pattern, matches: matcherOf(pattern) }));
  const used = new Set<string>();
  return {
    passes(finding) {
      const match = made.find(({ matches }) => matches(finding));
      if (match) used.add(match.pattern);
      return match !== undefined;
    },
    unused: () => patterns.filter((pattern) => !used.has(pattern)),
  };
}

function matcherOf(pattern: string): (finding: Allowable) => boolean {
  if (/^[0-9a-f]{12}$/.test(pattern)) return ({ fingerprint }) => fingerprint === pattern;
  const clean = pattern.replace(/^\.?\//, '');
  const expression = new RegExp(
    `^${clean.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replace(/\*\*\/?|\*/g, (stars) => (stars === '*' ? '[^/]*' : '.*'))}$`,
  );
  return ({ name, path, rule }) =>
    (name !== undefined && expression.test(name)) ||
    (path !== undefined && matchesPath(path, expression)) ||
    rule === pattern;
}

/** A pattern means a file, or a directory with all that is in it, at any depth. */
function matchesPath(path: string, expression: RegExp): boolean {
  const clean = path.replace(/^\//, '');
  const parts = clean.split('/');
  return parts.some((_, from) =>
    parts.some((__, to) => to >= from && expression.test(parts.slice(from, to + 1).join('/'))),
  );
}

/**
 * The patterns of an allow file: one a line, `#` begins a comment.
 * @throws MilleError `file-format`
 */
export function parseAllowFile(source: SourceText): readonly string[] {
  const patterns: string[] = [];
  let at = 0;
  for (const line of source.text.split('\n')) {
    const pattern = line.replace(/(?:^|\s)#.*$/, '').trim();
    if (/\s/.test(pattern)) {
      throw new MilleError('file-format', `'${pattern}' is no pattern: it has a blank in it`, {
        span: { source, start: at, end: at + line.length },
        hint: 'write one name, path or fingerprint a line; # begins a comment',
      });
    }
    if (pattern !== '') patterns.push(pattern);
    at += line.length + 1;
  }
  return patterns;
}
