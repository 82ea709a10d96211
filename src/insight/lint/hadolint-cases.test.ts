// What hadolint and ShellCheck report of small Dockerfiles, and what they do not, held against our rules of the same
// codes. The cases were given to hadolint 2.15.1 itself: `finds` have the code there and `passes` have not. Where we
// differ on purpose docs/lint.md says so.

import { describe, expect, test } from 'bun:test';
import type { Diagnostic, Severity } from '../../core/index.ts';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import { withoutTwins } from './choose-rules.ts';
import { DEFAULT_LINT_OPTIONS, type LintOptions, lintDockerfile, RULES } from './index.ts';
import CASES from './testdata/hadolint.json';

interface Cases {
  /** How much it matters to them. */
  readonly severity: Severity;
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

const kept = new Map<string, readonly Diagnostic[]>();

/** What `--compat hadolint` says under a code; looked for once. */
function found(text: string, code: string, options?: Partial<LintOptions>): readonly Diagnostic[] {
  const key = `${code} ${text}`;
  const known = kept.get(key) ?? look(text, code, options);
  kept.set(key, known);
  return known;
}

function look(text: string, code: string, options: Partial<LintOptions> = {}): readonly Diagnostic[] {
  const { diagnostics } = lintDockerfile(
    {
      source: { name: 'Dockerfile', text: whole(text) },
      options: { hostPlatform: HOST },
      image: () => undefined,
    },
    {
      select: [code],
      ignore: [],
      // It is off in hadolint unless it is given a severity.
      severities: code === 'DL3057' ? [{ rule: code, severity: 'info' }] : [],
      options: { ...DEFAULT_LINT_OPTIONS, ...options },
      pragmas: true,
      hadolint: true,
    },
  );
  return diagnostics.filter(({ codes }) => codes?.includes(code));
}

for (const [code, { severity, finds, passes, options }] of Object.entries(CASES as Record<string, Cases>)) {
  describe(code, () => {
    test('is reported', () => {
      expect(finds.filter((text) => found(text, code, options).length === 0)).toEqual([]);
    });

    test('matters as much', () => {
      const ours = finds.flatMap((text) => found(text, code, options));
      expect(new Set(ours.map((one) => one.severity))).toEqual(new Set([severity]));
    });

    test('is not reported', () => {
      expect(passes.filter((text) => found(text, code, options).length > 0)).toEqual([]);
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
