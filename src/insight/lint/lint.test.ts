// What is looked at, what is left out, and what fixes make of a text.

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { MilleError, SourceText } from '../../core/index.ts';
import { inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { checkWords } from './choose-rules.ts';
import { HADOLINT_CODES } from './hadolint-codes.ts';
import {
  applyFixes,
  BUILD_RULES,
  coverage,
  DEFAULT_LINT_OPTIONS,
  type LintSettings,
  lintDockerfile,
  RULES,
} from './index.ts';
import { inspectForLint } from './inspect.ts';
import { LEFT_OUT } from './left-out.ts';
import { runLintRules } from './lint.ts';
import type { Rule } from './rule.ts';
import { SHELLCHECK_CODES } from './shellcheck-codes.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

const SETTINGS: LintSettings = {
  select: [],
  ignore: [],
  severities: [],
  options: DEFAULT_LINT_OPTIONS,
  pragmas: true,
  hadolint: false,
};

function lint(text: string, settings: Partial<LintSettings> = {}) {
  const request = {
    source: { name: 'Dockerfile', text },
    options: { hostPlatform: HOST },
    image: () => undefined,
  };
  return lintDockerfile(request, { ...SETTINGS, ...settings });
}

/** Finds each instruction of a kind, with a code for each. */
function finder(name: string, kind: string, more: Partial<Rule> = {}): Rule {
  return {
    name,
    severity: 'warning',
    summary: 's',
    page: '',
    examples: [],
    check: ({ dockerfile }) =>
      dockerfile.instructions
        .filter((one) => one.kind === kind)
        .map((one) => ({ message: 'm', span: one.span, at: one.node })),
    ...more,
  };
}

const RULES_FOR_TESTS = [
  finder('AboutRun', 'run', { codes: ['DL3008', 'SC2086'] }),
  finder('AboutUser', 'user', { codes: ['DL3002'] }),
  finder('Rare', 'user', { optional: true }),
  finder('New', 'run', { experimental: true }),
  finder('Ours', 'run'),
];

function find(
  text: string,
  settings: Partial<LintSettings> = {},
  skip: readonly string[] = [],
  rules: readonly Rule[] = RULES_FOR_TESTS,
) {
  const { subject } = inspectForLint({
    source: { name: 'Dockerfile', text },
    options: { hostPlatform: HOST },
    image: () => undefined,
  });
  const options = { skip, skipAll: false, experimental: [], experimentalAll: false, error: false };
  return runLintRules(rules, subject, { ...SETTINGS, ...settings, options });
}

const names = (...given: Parameters<typeof find>) =>
  find(...given).map(({ rule, lines }) => `${rule} ${lines.first}`);

describe('rules', () => {
  const text = 'FROM a\nRUN b\nUSER c';

  test('are chosen by name, code and beginning of codes', () => {
    expect(names(text)).toEqual(['AboutRun 2', 'Ours 2', 'AboutUser 3']);
    expect(names(text, { select: ['aboutuser'] })).toEqual(['AboutUser 3']);
    expect(names(text, { select: ['SC2086'] })).toEqual(['AboutRun 2']);
    expect(names(text, { select: ['DL300'] })).toEqual(['AboutRun 2', 'AboutUser 3']);
    expect(names(text, { select: ['default', 'Rare'] })).toEqual([
      'AboutRun 2',
      'Ours 2',
      'AboutUser 3',
      'Rare 3',
    ]);
    expect(names(text, { select: ['all'] })).toHaveLength(5);
    expect(names(text, { ignore: ['DL'] })).toEqual(['Ours 2']);
    expect(names(text, { ignore: ['DL3'] }, ['Ours'])).toEqual([]);
  });

  test('matter as much as is chosen', () => {
    const severities = [
      { rule: 'DL3008', severity: 'style' },
      { rule: 'aboutuser', severity: 'error' },
    ] as const;
    expect(find(text, { severities }).map(({ severity }) => severity)).toEqual(['style', 'warning', 'error']);
  });

  test('are hadolint’s, as it has them', () => {
    expect(find(text, { hadolint: true }).map(({ codes, severity }) => [codes?.[0], severity])).toEqual([
      ['DL3008', 'warning'],
      ['DL3002', 'warning'],
    ]);
  });

  test('of BuildKit have the codes of those that say the same, which are hadolint’s alone', () => {
    const both = [
      finder('Theirs', 'user', { codes: ['DL3000'] }),
      finder('Twin', 'user', { codes: ['DL3000'], overlaps: 'Theirs' }),
    ];
    const twice = (settings: Partial<LintSettings>) => names(text, settings, [], both);
    expect(twice({})).toEqual(['Theirs 3']);
    expect(twice({ select: ['all'] })).toEqual(['Theirs 3']);
    expect(twice({ select: ['DL3000'] })).toEqual(['Theirs 3']);
    expect(twice({ select: ['Twin'] })).toEqual(['Twin 3']);
    expect(twice({ ignore: ['DL3000'] })).toEqual([]);
    expect(twice({ hadolint: true })).toEqual(['Twin 3']);
    const [own] = find('FROM a\nCMD ["a"]\nCMD ["b"]', {}, [], RULES).filter(({ rule }) =>
      /Multiple/.test(rule),
    );
    expect(own?.codes).toEqual(['DL4003']);
  });

  test('that are off with hadolint are on where they have a severity', () => {
    const off = [finder('Off', 'user', { codes: ['DL3057'], optional: true })];
    expect(names(text, { hadolint: true }, [], off)).toEqual([]);
    const severities = [{ rule: 'DL3057', severity: 'error' }] as const;
    expect(names(text, { hadolint: true, severities }, [], off)).toEqual(['Off 3']);
  });

  test('that there are not are refused', () => {
    const refused = (word: string) => {
      try {
        checkWords([word], '--select', RULES);
        return undefined;
      } catch (error) {
        return (error as MilleError).hint;
      }
    };
    expect(refused('StageNameCase')).toBe('did you mean StageNameCasing?');
    for (const known of ['all', 'default', 'SC', 'SC2999', 'DL', 'DL3008', 'dl40', 'stagenamecasing'])
      expect(refused(known)).toBeUndefined();
    expect(refused('DL9999')).toBeDefined();
  });

  test('are told once for an instruction, as hadolint has it', () => {
    const codes = (hadolint: boolean) =>
      lint('FROM a:1\nRUN wget x && wget y', { hadolint, select: ['DL3047'] }).diagnostics.length;
    expect([codes(false), codes(true)]).toEqual([2, 1]);
  });
});

describe('comments', () => {
  test('are for the instruction below, the stage, or the file', () => {
    const own = 'FROM a\n# hadolint ignore=DL3008,AboutUser # why\nRUN b\nRUN c\nUSER d';
    expect(names(own, { ignore: ['Ours'] })).toEqual(['AboutRun 4', 'AboutUser 5']);
    expect(names(own, { ignore: ['Ours'], pragmas: false })).toHaveLength(3);
    expect(names('FROM a\n# hadolint ignore=DL3008\n\nRUN b', { select: ['DL'] })).toHaveLength(1);
    expect(names('FROM a\n# hadolint ignore=DL3008\n# more\nRUN b', { select: ['DL'] })).toEqual([]);
    const stage = '# hadolint stage ignore=DL3008\nFROM a\nRUN b\nRUN c\nFROM d\nRUN e';
    expect(names(stage, { select: ['DL'] })).toEqual(['AboutRun 6']);
    expect(names('FROM a\nRUN b\n# hadolint global ignore = SC2086\nUSER c', { select: ['DL'] })).toEqual([
      'AboutUser 4',
    ]);
  });

  test('of BuildKit take names and codes', () => {
    expect(names('FROM a\n# check=skip=DL3008,Ours\nRUN b\nRUN c')).toEqual(['AboutRun 4', 'Ours 4']);
    expect(names('FROM a\n# check=experimental=New\nRUN b\nRUN c', { select: [] })).toContain('New 3');
    expect(lint('# check=skip=all\nFROM scratch AS A').diagnostics).toEqual([]);
  });
});

describe('a file that cannot be built', () => {
  test('has its error among the findings', () => {
    const { diagnostics, error } = lint('FROM scratch as a\nFOO');
    expect(error).toBeUndefined();
    expect(diagnostics.map(({ rule, codes, lines }) => [rule, codes, lines.first])).toEqual([
      ['FromAsCasing', undefined, 1],
      ['unknown-instruction', ['DL1000'], 2],
    ]);
  });

  test('has it too where there is nothing in it', () => {
    const { diagnostics, error } = lint('# a comment\n');
    expect(error).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { rule: 'dockerfile-empty', severity: 'error', lines: { first: 1, last: 1 } },
    ]);
  });

  test('for want of build arguments alone has a rule that says so', () => {
    const rules = (text: string, hadolint = false) =>
      lint(text, { hadolint }).diagnostics.map(({ rule, severity }) => `${severity} ${rule}`);
    expect(rules('ARG BASE\nFROM $BASE')).toEqual(['warning InvalidDefaultArgInFrom']);
    expect(rules('ARG BASE\nFROM $BASE', true)).toEqual([]);
    expect(rules('FROM scratch AS a\nCOPY --from=5 /a /b')).toContain('error unknown-stage');
    expect(rules('FROM scratch AS a\nCOPY --from=5 /a /b', true)).toEqual(['warning CopyFromKnownStage']);
  });
});

describe('codes of others', () => {
  test('are covered or left out, not both and not neither', () => {
    for (const code of [...Object.keys(HADOLINT_CODES), ...Object.keys(SHELLCHECK_CODES)])
      expect(`${code} ${coverage(code, RULES, BUILD_RULES)}`).not.toContain('not yet');
    for (const code of Object.keys(LEFT_OUT)) {
      expect(code).toMatch(/^(DL|SC)\d{4}$/);
      expect(RULES.filter(({ codes = [] }) => codes.includes(code))).toEqual([]);
    }
  });

  test('that rules have are codes that there are', () => {
    for (const code of RULES.flatMap(({ codes = [] }) => codes)) {
      expect(code).toMatch(/^(DL|SC)\d{4}$/);
      if (code.startsWith('DL')) expect(Object.keys(HADOLINT_CODES)).toContain(code);
      expect(coverage(code, RULES, BUILD_RULES)).toContain('](');
    }
  });
});

describe('fixes', () => {
  /** Writes `to` in the place of the first `from`. */
  const replacer =
    (from: string, to: string, fixClass: 'safe' | 'unsafe' = 'safe') =>
    (source: SourceText) => {
      const start = source.text.indexOf(from);
      if (start < 0) return [];
      const end = start + from.length;
      return [
        {
          rule: from,
          severity: 'info' as const,
          summary: '',
          message: '',
          span: { source, start, end },
          lines: { first: 1, last: 1 },
          fix: { title: `write ${to}`, edits: [{ start, end, text: to }], fixClass },
        },
      ];
    };
  const fix = (text: string, which: 'safe' | 'all', ...finders: ReturnType<typeof replacer>[]) =>
    applyFixes({ name: 'D', text }, (source) => finders.flatMap((one) => one(source)), which);

  test('are made until nothing is left', () => {
    const { text, applied } = fix('FROM a\nRUN b b', 'safe', replacer('b', 'c'), replacer('c c', 'd'));
    expect(text).toBe('FROM a\nRUN d');
    expect(applied.map(({ title }) => title)).toEqual(['write c', 'write c', 'write d']);
  });

  test('keep the line ends of Windows where all lines have them', () => {
    const two = replacer('b', 'x \\\n && c');
    expect(fix('FROM a\r\nRUN b\r\n', 'safe', two).text).toBe('FROM a\r\nRUN x \\\r\n && c\r\n');
    expect(fix('FROM a\nRUN b\r\n', 'safe', two).text).toBe('FROM a\nRUN x \\\n && c\r\n');
  });

  test('that overlap are made one after the other', () => {
    expect(fix('FROM a\nRUN b c', 'safe', replacer('b c', 'x c'), replacer(' c', ' y')).text).toBe(
      'FROM a\nRUN x y',
    );
  });

  test('that are not safe are not made unless all are', () => {
    const unsafe = replacer('b', 'c', 'unsafe');
    expect(fix('FROM a\nRUN b', 'safe', unsafe).applied).toEqual([]);
    expect(fix('FROM a\nRUN b', 'all', unsafe).text).toBe('FROM a\nRUN c');
  });

  test('that undo one another end', () => {
    expect(fix('FROM a\nRUN b', 'safe', replacer('b', 'c'), replacer('c', 'b')).text).toMatch(/RUN [bc]/);
  });

  test('after which the file cannot be read are not made', () => {
    const { text } = fix('FROM a\nRUN b\nUSER c', 'safe', replacer('RUN', 'RAN'), replacer('c', 'd'));
    expect(text).toBe('FROM a\nRUN b\nUSER d');
  });

  test('leave a file readable, and find nothing more to do the second time', () => {
    const line = fc.constantFrom(
      ...[
        'from a as B',
        'FROM a AS b',
        'run apt-get install curl',
        'RUN apt-get update && \\\n  apt-get install curl',
      ],
      ...[
        'ENV A b c',
        'LABEL x y',
        'CMD x',
        'MAINTAINER me',
        '# c',
        '',
        'EXPOSE 80/TCP',
        'ADD a /b',
        'RUN cd /x && y',
      ],
      ...[
        'RUN a && \\\n\n  b',
        'RUN <<EOF\napt-get install x\nEOF',
        'RUN pip install x # y',
        'RUN apk add x; sudo y',
      ],
      ...[
        'WORKDIR x',
        'USER root',
        'COPY a b c',
        'RUN wget x && curl y',
        'RUN apt update \\\n# c\n  && apt install -y x',
      ],
    );
    const file = fc
      .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(
        ([lines, end, bom]) => (bom ? '\ufeff' : '') + ['FROM x', ...lines].join('\n').replaceAll('\n', end),
      );
    fc.assert(
      fc.property(file, fc.constantFrom('safe' as const, 'all' as const), (text, which) => {
        const source = { name: 'Dockerfile', text };
        const find = (one: SourceText) => lint(one.text).diagnostics;
        const once = applyFixes(source, find, which);
        const errors = (one: string) => inspectDockerfile({ ...source, text: one }).errors.length;
        expect(errors(once.text)).toBeLessThanOrEqual(errors(text));
        expect(applyFixes({ ...source, text: once.text }, find, which).text).toBe(once.text);
        // Line ends and byte order mark are those of the file.
        expect(once.text.startsWith('\ufeff')).toBe(text.startsWith('\ufeff'));
        if (text.includes('\r\n')) expect(once.text.replaceAll('\r\n', '')).not.toContain('\n');
        else expect(once.text).not.toContain('\r');
        const comments = (one: string) => one.split(/\r?\n/).filter((each) => each.trim().startsWith('#'));
        expect(comments(once.text)).toEqual(comments(text));
      }),
      { numRuns: 50 },
    );
  }, 120_000);
});
