// No text, however odd, makes a rule fail, point outside of the file, or offer a fix that cannot be made.

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { applyEdits } from '../../lang/dockerfile/index.ts';
import { DEFAULT_LINT_OPTIONS, inspectForLint, RULES, readRuns } from './index.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

const OPTIONS = {
  ...DEFAULT_LINT_OPTIONS,
  trustedRegistries: ['docker.io'],
  labelSchema: { a: 'semver', b: 'email' },
  today: '2026-08-01',
} as const;

const PIECES = [
  ...['apt-get', 'apt', 'apk', 'pip', 'npm', 'yarn', 'go', 'gem', 'yum', 'dnf', 'zypper', 'wget', 'curl'],
  ...[
    'cd',
    'rm',
    'chown',
    'chmod',
    'find',
    'xargs',
    'echo',
    'printf',
    'export',
    'set',
    'sh',
    'bash',
    'sudo',
    'ln',
  ],
  ...[
    'install',
    'add',
    'update',
    'clean',
    '-y',
    '-rf',
    '-R',
    '-c',
    '-e',
    '-o',
    'pipefail',
    '--',
    '-',
    '--x=y',
  ],
  ...[
    '$X',
    '"$X"',
    '${X:-y}',
    '${X',
    '$(ls)',
    '`ls`',
    '$((1+1))',
    "'a'",
    '"a',
    "'",
    '*',
    '/srv',
    '/srv/*',
    'a=b',
    'a=',
  ],
  ...[
    '&&',
    '||',
    ';',
    '|',
    '&',
    '(',
    ')',
    '{',
    '}',
    '>',
    '<<E',
    '<<<',
    '&>',
    '2>&1',
    '!',
    '[[',
    ']]',
    '[',
    ']',
    '==',
  ],
  ...[
    'if',
    'then',
    'fi',
    'for i in',
    'do',
    'done',
    'while',
    'case',
    'esac',
    '\\\n',
    '\\',
    '# c',
    '\n',
    'é',
    '😀',
  ],
];

const shell = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(' '));

const line = fc.oneof(
  shell.map((text) => `RUN ${text}`),
  shell.map((text) => `ONBUILD RUN ${text}`),
  shell.map((text) => `RUN <<E\n${text}\nE`),
  shell.map((text) => `RUN --mount=type=cache,target=/a ${text}`),
  shell.map((text) => `CMD ${text}`),
  fc.array(fc.constantFrom(...PIECES)).map((words) => `RUN ${JSON.stringify(words)}`),
  fc
    .tuple(
      fc.constantFrom(
        'COPY',
        'ADD',
        'ENV',
        'ARG',
        'LABEL',
        'USER',
        'WORKDIR',
        'EXPOSE',
        'VOLUME',
        'HEALTHCHECK CMD',
        'FROM',
        'SHELL',
        'ENTRYPOINT',
        'MAINTAINER',
        'COPY --from=0',
        'FROM debian:8 AS',
        'STOPSIGNAL',
      ),
      fc.array(
        fc.oneof(
          fc.constantFrom(...PIECES),
          fc.constantFrom('.', 'a/', '/b', 'a=1', 'b="x y"', '80', 'root', 'x:latest', '["a", "b"]'),
        ),
        {
          maxLength: 4,
        },
      ),
    )
    .map(([keyword, words]) => `${keyword} ${words.join(' ')}`),
  fc.string({ maxLength: 20 }),
);

test('any text', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const source = { name: 'Dockerfile', text: ['FROM debian:12 AS a', ...lines].join('\n') };
      const { subject } = inspectForLint({
        source,
        options: { hostPlatform: HOST },
        image: () => undefined,
        lint: { options: OPTIONS, readRuns },
      });
      for (const rule of RULES) {
        for (const { span, message, fix } of rule.check(subject)) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(source.text.length);
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(message).not.toContain('undefined');
          if (fix) expect(applyEdits(source, fix.edits).text).not.toBe(source.text);
        }
      }
    }),
    { numRuns: Number(process.env.MILLE_LINT_RUNS ?? 150) },
  );
}, 120_000);
