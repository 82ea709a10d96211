// Generated ignore files and patterns with the answers of BuildKit's own matcher, recorded in `testdata/buildkit.jsonl`, a
// case a line. A small Go program asked github.com/moby/patternmatcher v0.6.1 (`ignorefile.ReadAll`, then
// `MatchesUsingParentResults` from directory to directory, as the context transfer of BuildKit v0.34.2 does) for
// the files, and `filepath.Match` of Go 1.26 for the patterns.

import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MilleError } from '../../core/index.ts';
import { createIgnoreMatcher, matchPattern, parseIgnore } from './index.ts';

interface Case {
  readonly text?: string;
  readonly pattern?: string;
  readonly error?: true;
  readonly paths?: Readonly<Record<string, boolean>>;
}

const cases = readFileSync(join(import.meta.dir, 'testdata/buildkit.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

test.each(cases)('%j', ({ text, pattern, error, paths = {} }) => {
  const decide = (): ((path: string) => boolean) => {
    if (pattern !== undefined) return (path) => matchPattern(pattern, path);
    return createIgnoreMatcher(parseIgnore({ name: '.dockerignore', text: text ?? '' })).isIgnored;
  };
  if (error) expect(() => decide()('a')).toThrow(MilleError);
  else expect(Object.fromEntries(Object.keys(paths).map((path) => [path, decide()(path)]))).toEqual(paths);
});
