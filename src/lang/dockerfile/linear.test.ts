// Time grows with the size of the text and no faster, whatever the text: eight times as much of anything must not take
// forty times as long (a quadratic reader takes sixty-four). Processor time is compared, which a busy machine disturbs
// less than time on the wall.

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import { expandHeredoc, expandWord, inspectDockerfile, parseTree, printTree, toJson } from './index.ts';

const SMALL = 1 << 12;
const LARGE = SMALL * 8;

/** What a text begins with, and what it goes on with as often as it takes. */
const heads = fc.constantFrom(
  ...[
    '',
    'RUN ',
    'COPY ',
    'COPY "',
    'ENV ',
    'ENV a=',
    'ARG ',
    'CMD [',
    'RUN ["',
    'RUN --',
    'RUN --mount=',
    'RUN <<',
  ],
  ...[
    'RUN <<a\n',
    'COPY <<-a ',
    'COPY <<-a <<-a <<-a b\n',
    'HEALTHCHECK ',
    'ONBUILD ',
    '# escape=`\nRUN ',
    '# ',
  ],
);
const pieces = fc.constantFrom(
  ...[
    'a',
    'a ',
    ' ',
    '\\',
    '\\\n',
    '\\\\',
    '"',
    "'",
    '$',
    '${',
    '${a:-',
    '}',
    '${a:-b}',
    '${a//b/c}',
    '${a/',
    '`',
  ],
  ...[
    '<<',
    '<<a ',
    '<<"',
    "<<'a' ",
    '<<-a',
    '[',
    '"a",',
    '{"a":',
    '=',
    'a=b ',
    'a="b c" ',
    '--',
    '--a ',
    '--a="',
  ],
  ...[
    '#\n',
    '# a b\nARG a\n',
    '\n',
    '\r',
    '\r\n',
    '\\\n#\n',
    '\\\n\n',
    'x\n',
    'RUN <<a\na\n',
    'ENV a\n',
    'ONBUILD ',
  ],
  ...[
    'COPY <<-a b\n\tx\na\n',
    '\u00a0',
    '😀',
    '\udc80',
    '\0',
    '\ufeff',
    '*',
    '\\*',
    '""',
    "''",
    '<<a\n',
    'a\\\n',
  ],
);

function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function read(text: string): void {
  const source = { name: 'Dockerfile', text };
  const tree = parseTree(source);
  expect(printTree(tree) === text).toBe(true);
  toJson(tree);
  inspectDockerfile(source);
}

function expand(text: string): void {
  const lookup = (name: string) => (name === 'a' ? 'value' : undefined);
  for (const expandText of [() => expandWord(text, { lookup }), () => expandHeredoc(text, lookup)]) {
    try {
      expandText();
    } catch (error) {
      if (!(error instanceof MilleError)) throw error;
    }
  }
}

test.each([
  ['reading', read],
  ['expanding', expand],
] as const)('%s', (_, work) => {
  fc.assert(
    fc.property(heads, fc.array(pieces, { minLength: 1, maxLength: 2 }), (head, some) => {
      const piece = some.join('');
      const run = (size: number) => {
        const text = head + piece.repeat(Math.ceil(size / piece.length));
        return processorTime(() => work(text));
      };
      const small = Math.max(5, run(SMALL));
      // Measured again where it seems slow: a collection of garbage may have come between.
      const large = [1, 2, 3].some(() => run(LARGE) < 40 * small);
      if (!large) throw new Error(`more than linear: ${JSON.stringify([head, piece])}`);
    }),
    { numRuns: 100 },
  );
});
