// What hadolint and ShellCheck report of small Dockerfiles, and what they do not, held against our rules of the same
// codes. The cases were given to hadolint 2.15.1 itself: `finds` have the code there and `passes` have not. Where we
// differ on purpose docs/lint.md says so.

import { describe, expect, test } from 'bun:test';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import { withoutTwins } from './choose-rules.ts';
import { DEFAULT_LINT_OPTIONS, inspectForLint, type LintOptions, RULES, readRuns } from './index.ts';
import CASES from './testdata/hadolint.json';

interface Cases {
  readonly finds: readonly string[];
  readonly passes: readonly string[];
  readonly options?: Partial<LintOptions>;
}

/** The rules as hadolint has them. */
const THEIRS = withoutTwins(RULES, { select: [], hadolint: true });

const HOST = { os: 'linux', architecture: 'amd64' };

/** A case without a FROM of its own stands on Debian. */
function whole(text: string): string {
  return /^FROM /m.test(text) ? text : `FROM debian:12\n${text}`;
}

function codesOf(text: string, code: string, options: Partial<LintOptions> = {}): readonly string[] {
  const { subject } = inspectForLint({
    source: { name: 'Dockerfile', text: whole(text) },
    options: { hostPlatform: HOST },
    image: () => undefined,
    lint: { options: { ...DEFAULT_LINT_OPTIONS, ...options }, readRuns },
  });
  return THEIRS.filter(({ codes }) => codes?.includes(code)).flatMap((rule) =>
    rule.check(subject).flatMap(({ codes }) => codes ?? rule.codes ?? []),
  );
}

for (const [code, { finds, passes, options }] of Object.entries(CASES as Record<string, Cases>)) {
  describe(code, () => {
    test('is reported', () => {
      expect(finds.filter((text) => !codesOf(text, code, options).includes(code))).toEqual([]);
    });

    test('is not reported', () => {
      expect(passes.filter((text) => codesOf(text, code, options).includes(code))).toEqual([]);
    });
  });
}

describe('the cases', () => {
  test('are enough, for enough rules', () => {
    const rules = Object.keys(CASES).filter((code) => code.startsWith('DL'));
    expect(rules.length).toBeGreaterThanOrEqual(60);
    for (const { finds, passes } of Object.values(CASES)) {
      expect(finds.length).toBeGreaterThan(0);
      expect(passes.length).toBeGreaterThan(0);
    }
  });

  test('can be read, but for those about what cannot', () => {
    const unreadable = new Set(['DL3043', 'DL3061']);
    for (const [code, { finds, passes }] of Object.entries(CASES)) {
      if (unreadable.has(code)) continue;
      for (const text of [...finds, ...passes]) parseDockerfile({ name: code, text: whole(text) });
    }
  });

  test('are of rules that there are', () => {
    const codes = new Set(THEIRS.flatMap((rule) => rule.codes ?? []));
    expect(Object.keys(CASES).filter((code) => !codes.has(code))).toEqual([]);
  });
});
