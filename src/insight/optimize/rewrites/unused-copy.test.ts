// Which COPY at the end of a stage goes, and which stays.

import { describe, expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import { unusedCopy } from './unused-copy.ts';

const STAGE = 'FROM base AS build\nRUN make\nCOPY src /app/src\nCOPY lib /app/lib\n';
const context = { 'src/a': 1, 'src/b': 1, 'lib/c': 1 };

/** The first stage, with these lines below it. */
function left(last: string, stage = STAGE): string {
  const { draft, around } = evidenceFor({ before: `${stage}\n${last}`, after: '', context });
  const { text } = propose(draft, around, { rewrites: [unusedCopy] }).draft.source;
  expect(text.endsWith(`\n${last}`)).toBe(true);
  return text.slice(0, text.length - last.length - 1);
}

test('what nobody takes anything of goes', () => {
  expect(left('FROM base\nCOPY --from=build /out /out\n')).toBe('FROM base AS build\nRUN make\n');
  expect(left('FROM base\nCOPY --from=build /app/source /app/other /x/\n')).toBe(
    'FROM base AS build\nRUN make\n',
  );
});

test('what somebody takes, or takes something of, stays', () => {
  const cases = {
    '/app/lib': 'COPY lib /app/lib\n',
    '/app/src/b': 'COPY src /app/src\n',
    '/app': 'COPY src /app/src\nCOPY lib /app/lib\n',
    '/': 'COPY src /app/src\nCOPY lib /app/lib\n',
    '/out/*': 'COPY src /app/src\nCOPY lib /app/lib\n',
  };
  for (const [path, kept] of Object.entries(cases))
    expect(left(`FROM base\nCOPY --from=build ${path} /x/\n`)).toBe(`FROM base AS build\nRUN make\n${kept}`);
});

test('comments above it go to where the same is copied, unless something is said there', () => {
  const stage = 'FROM base AS build\nRUN make\n# the sources\n# of all\nCOPY src /app/src\n';
  const last = (above: string) =>
    `FROM base\nCOPY --from=build /out /out\n${above}COPY src /app/src\nCMD x\n`;
  const rewritten = (below: string) => {
    const { draft, around } = evidenceFor({ before: `${stage}\n${below}`, after: '', context });
    return propose(draft, around, { rewrites: [unusedCopy] }).draft.source.text;
  };
  const kept = 'FROM base AS build\nRUN make\n\n';
  expect(rewritten(last(''))).toBe(`${kept}${last('# the sources\n# of all\n')}`);
  expect(rewritten(last('# again\n'))).toBe(`${kept}${last('# again\n')}`);
});

describe('all stays', () => {
  const last = 'FROM base\nCOPY --from=build /out /out\n';
  const cases: Readonly<Record<string, readonly [string, string?]>> = {
    'where a command stands below it': [last, `${STAGE}RUN make again\n`],
    'where a stage stands on this one': [`FROM build AS next\n\n${last}COPY --from=next /o /o\n`],
    'where a command mounts the stage': [`${last}RUN --mount=from=build,target=/m true\n`],
    'in the stage that is built': ['FROM build\nRUN true\n'],
    'where it makes something else of its sources': [
      last,
      'FROM base AS build\nRUN make\nADD a.tar.gz /app/\nCOPY <<x /app/y\nz\nx\n',
    ],
  };
  for (const [why, [below, stage = STAGE]] of Object.entries(cases))
    test(why, () => expect(left(below, stage)).toBe(stage));
});
