// Editors show files in the middle of being written: whatever is in them, looking at them must not fail.

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { applyEdits } from '../../lang/dockerfile/index.ts';
import { addLines, type ContextFacts, DEFAULT_LINT_OPTIONS, lintDockerfile } from '../lint/index.ts';
import { lineFacts } from './line-facts.ts';
import { composeLine } from './line-page.ts';

const TEXT = `# syntax=docker/dockerfile:1
ARG TAG=22
FROM --platform=$BUILDPLATFORM node:\${TAG} AS build
ENV DIR=/app OLD form
COPY --exclude=*.md ["a b", "/x/"]
COPY . \${DIR:?no}
ADD --checksum=sha256:abc https://example.com/x.tgz git@example.com:a/b.git /
RUN --mount=type=cache,target=/c --mount=source=src <<EOF
set -e
npm ci && rm -rf "$DIR"
EOF
ONBUILD COPY [a*] /
HEALTHCHECK --interval=5s CMD ["x"]
SHELL ["/bin/bash", "-c"]
FROM build
COPY --from=build --link /app/out /out
CMD node app.js
`;

const CONTEXT: ContextFacts = {
  files: ['.env', 'a b', '.git/HEAD', 'src/x.js', 'README.md'].map((path) => ({ path, bytes: 9_000_000 })),
  directories: ['.git', 'src'],
  hidden: ['dist'],
  more: false,
  ignoreFile: { path: '.dockerignore', exists: true },
};

const SETTINGS = {
  ...{ select: ['all'], ignore: [], severities: [], pragmas: true, hadolint: false },
  options: DEFAULT_LINT_OPTIONS,
};

const PIECE = fc.constantFrom(
  ...[
    '',
    '\n',
    '\\\n',
    '\r\n',
    '"',
    "'",
    '[',
    ']',
    '$',
    '${',
    '}',
    '<<E\n',
    '--from=',
    '--mount=',
    '=',
    ',',
    '#',
    ' ',
    '\ufeff',
    '\0',
  ],
  ...['FROM ', 'COPY ', 'RUN ', 'ONBUILD ', 'ARG ', 'é', '\ud800', '../', '*', '?', '(', '|', '`'],
);

test('a file with pieces taken out and put in is looked at, and every place is in it', () => {
  const edit = fc.record({ at: fc.nat(TEXT.length), length: fc.nat(40), text: PIECE });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let source = { name: 'Dockerfile', text: TEXT };
      for (const { at, length, text } of edits) {
        const start = Math.min(at, source.text.length);
        const end = Math.min(start + length, source.text.length);
        source = applyEdits(source, [{ start, end, text }]);
      }
      const { diagnostics, subject } = lintDockerfile(
        {
          ...{ source, context: CONTEXT, image: () => undefined },
          options: { buildArgs: {}, hostPlatform: { os: 'linux', architecture: 'amd64' } },
        },
        SETTINGS,
      );
      const lines = source.text.split('\n').length;
      for (const { span, fix, lines: at } of diagnostics) {
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeLessThanOrEqual(source.text.length);
        expect(at.last).toBeLessThanOrEqual(lines);
        for (const { start, end } of fix?.edits ?? []) {
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(source.text.length);
        }
      }
      for (const facts of lineFacts(subject, new Map())) {
        expect(facts.endLine).toBeLessThanOrEqual(lines);
        expect(
          composeLine(facts, { language: 'fr', file: 'Dockerfile', findings: diagnostics, now: 0 }),
        ).not.toBe('');
      }
    }),
    { numRuns: 100 },
  );
});

test('lines are added once', () => {
  const line = fc.stringMatching(/^[a-z*/!.]{1,8}$/);
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), fc.array(line), (text, lines) => {
      const once = addLines(text, lines);
      expect(addLines(once, lines)).toBe(once);
      expect(once.startsWith(text ?? '')).toBe(true);
      for (const one of lines) expect(once.split(/\r?\n/).map((each) => each.trim())).toContain(one);
    }),
  );
});
