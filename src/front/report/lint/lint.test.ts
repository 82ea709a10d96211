// Findings in every form: what services and editors will read.

import { describe, expect, test } from 'bun:test';
import type { LintedFile } from '../../../app/index.ts';
import type { Diagnostic } from '../../../core/index.ts';
import { hadolintLines, LINT_FORMS, makeStyle, renderLint, unifiedDiff } from '../index.ts';
import { sarifDocument } from '../sarif.ts';
import { xmlDocument } from '../xml.ts';

const source = { name: 'a b/Dockerfile', text: 'FROM a\nRUN apt-get \\\n  install x\n' };
const start = source.text.indexOf('install');

const found: Diagnostic = {
  rule: 'AptAssumeYes',
  codes: ['DL3014'],
  severity: 'warning',
  summary: 'apt-get does not ask',
  url: 'https://example.com/a',
  message: 'this asks: "<50%>", \x1b[31mreally',
  span: { source, start, end: start + 7 },
  lines: { first: 2, last: 3 },
  fix: { title: 'add -y', edits: [{ start: start + 7, end: start + 7, text: ' -y' }] },
};
const other: Diagnostic = {
  ...found,
  rule: 'Spelt',
  codes: ['DL1000'],
  severity: 'error',
  message: 'no',
  span: { source, start: 5, end: 5 },
  lines: { first: 1, last: 1 },
  fix: { title: 'x', edits: [], fixClass: 'unsafe' },
};

const files: readonly LintedFile[] = [
  { name: 'a b/Dockerfile', source, diagnostics: [other, found], missingImages: ['a'] },
  { name: 'clean', source: { name: 'clean', text: '' }, diagnostics: [], missingImages: [] },
];
const PLAIN = { hadolint: false };
const THEIRS = { hadolint: true };

describe('for people', () => {
  test('in their places, with a count', () => {
    expect(renderLint(files, { color: false })).toBe(
      [
        'ERROR: Spelt (DL1000) - https://example.com/a',
        'no',
        'a b/Dockerfile:1:6',
        '> 1 | FROM a',
        '    |      ^',
        'fix: x (--fix=all)',
        '',
        'WARNING: AptAssumeYes (DL3014) - https://example.com/a',
        'this asks: "<50%>", really',
        'a b/Dockerfile:3:3',
        '  1 | FROM a',
        '  2 | RUN apt-get \\',
        '> 3 |   install x',
        '    |   ^^^^^^^',
        'fix: add -y',
        '',
        '2 findings in 2 files: 1 error, 1 warning; --fix fixes 1, --fix=all 1 more',
        '',
      ].join('\n'),
    );
    expect(renderLint(files.slice(1), { color: false })).toBe('nothing found in 1 file\n');
  });
});

test('a line is shown without the secret in it, as logs are read by many', () => {
  const text = 'FROM a\nENV PORT=80 DB_PASSWORD=hunter22\n';
  const leaky = { name: 'Dockerfile', text };
  const at = text.indexOf('DB_PASSWORD');
  const diagnostic: Diagnostic = {
    ...other,
    span: { source: leaky, start: at, end: at + 11 },
    message: 'no',
  };
  const file = { name: 'Dockerfile', source: leaky, diagnostics: [diagnostic], missingImages: [] };
  const shown = renderLint([file], { color: false });
  expect(shown).toContain('> 2 | ENV PORT=80 DB_PASSWORD=********\n    |             ^^^^^^^^^^^\n');
  for (const form of Object.values(LINT_FORMS)) expect(form([file], PLAIN)).not.toContain('hunter22');
});

describe('for programs', () => {
  test('JSON', () => {
    const { findings } = JSON.parse(LINT_FORMS.json(files, PLAIN));
    expect(findings[1]).toEqual({
      file: 'a b/Dockerfile',
      line: 3,
      column: 3,
      endLine: 3,
      endColumn: 10,
      instruction: { first: 2, last: 3 },
      severity: 'warning',
      rule: 'AptAssumeYes',
      codes: ['DL3014'],
      message: 'this asks: "<50%>", really',
      summary: 'apt-get does not ask',
      url: 'https://example.com/a',
      fix: { title: 'add -y', class: 'safe', edits: [{ start: start + 7, end: start + 7, text: ' -y' }] },
    });
    expect(JSON.parse(LINT_FORMS.json(files, THEIRS))[1]).toEqual({
      file: 'a b/Dockerfile',
      line: 2,
      column: 1,
      level: 'warning',
      code: 'DL3014',
      message: 'this asks: "<50%>", really',
    });
  });

  test('SARIF', () => {
    const document = JSON.parse(LINT_FORMS.sarif(files, PLAIN));
    expect(document.version).toBe('2.1.0');
    const [run] = document.runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['Spelt', 'AptAssumeYes']);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(['error', 'warning', 'note', 'none']).toContain(result.level);
      expect(result.partialFingerprints['mille/v1']).toMatch(/^[0-9a-f]{32}$/);
      const [{ physicalLocation }] = result.locations;
      expect(physicalLocation.artifactLocation.uri).toBe('a%20b/Dockerfile');
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
      expect(startLine).toBeGreaterThanOrEqual(1);
      expect(endLine * 1000 + endColumn).toBeGreaterThan(startLine * 1000 + startColumn);
    }
    expect(run.results[1].fixes[0].artifactChanges[0].replacements).toEqual([
      {
        deletedRegion: { startLine: 3, startColumn: 10, endLine: 3, endColumn: 10 },
        insertedContent: { text: ' -y' },
      },
    ]);
    // An edit of nothing is no fix.
    expect(run.results[0].fixes).toBeUndefined();
    expect(
      sarifDocument({ rules: [], results: [{ ruleId: 'x', level: 'note', message: 'm' }] }),
    ).not.toContain('locations');
  });

  test('annotations of GitHub', () => {
    expect(LINT_FORMS.github(files, PLAIN).split('\n')[1]).toBe(
      '::warning file=a b/Dockerfile,line=3,endLine=3,col=3,endColumn=10,title=AptAssumeYes::this asks: "<50%25>", really',
    );
  });

  test('lines of compilers, and of hadolint', () => {
    expect(LINT_FORMS.gnu(files, PLAIN)).toContain('a b/Dockerfile:3:3: warning: this asks');
    expect(LINT_FORMS.gnu(files, THEIRS)).toContain('hadolint:a b/Dockerfile:2: DL3014 warning: this asks');
    expect(hadolintLines(files, THEIRS)).toBe(
      'a b/Dockerfile:1:6 no\na b/Dockerfile:2 DL3014 warning: this asks: "<50%>", really\n',
    );
    expect(hadolintLines(files, { ...THEIRS, shownPath: 'x' })).toContain('x:2 DL3014');
  });

  test('XML', () => {
    const message = 'this asks: &quot;&lt;50%&gt;&quot;, really';
    expect(LINT_FORMS.checkstyle(files, PLAIN)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<checkstyle version="4.3">',
        '  <file name="a b/Dockerfile">',
        '    <error line="1" column="6" severity="error" message="no" source="Spelt"/>',
        `    <error line="3" column="3" severity="warning" message="${message}" source="AptAssumeYes"/>`,
        '  </file>',
        '  <file name="clean"/>',
        '</checkstyle>',
        '',
      ].join('\n'),
    );
    const junit = LINT_FORMS.junit(files, PLAIN);
    expect(junit).toContain('<testsuites name="mille lint" tests="3" failures="2">');
    expect(junit).toContain('<testcase name="clean" classname="mille lint"/>');
    expect(xmlDocument({ name: 'a', attributes: { b: '\0\ud800&' } })).toContain('<a b="\ufffd&amp;"/>');
  });

  test('services', () => {
    const issues = LINT_FORMS.codeclimate(files, PLAIN).split('\0');
    expect(issues).toHaveLength(3);
    expect(JSON.parse(issues[0] ?? '')).toMatchObject({ type: 'issue', severity: 'blocker' });
    expect(JSON.parse(LINT_FORMS.gitlab_codeclimate(files, PLAIN))[1]).toMatchObject({
      check_name: 'AptAssumeYes',
      severity: 'major',
      location: { path: 'a b/Dockerfile', lines: { begin: 3, end: 3 } },
    });
    expect(JSON.parse(LINT_FORMS.codacy(files, PLAIN).split('\n')[1] ?? '').patternId).toBe('AptAssumeYes');
    expect(JSON.parse(LINT_FORMS.sonarqube(files, PLAIN)).issues).toHaveLength(2);
  });
});

describe('differences', () => {
  const diff = (before: string, after: string) =>
    unifiedDiff({ name: 'a', text: before }, { name: 'b', text: after }, makeStyle(false));

  test('are those of diff -u', () => {
    expect(diff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nx\n6\n7\n8\n9\n10\n')).toBe(
      '--- a\n+++ b\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n 9\n+10\n',
    );
    expect(diff('a\nb\nc\n', 'b\nc\nd\n')).toBe('--- a\n+++ b\n@@ -1,3 +1,3 @@\n-a\n b\n c\n+d\n');
    expect(diff('a\n', 'a\n')).toBe('');
    expect(diff('', 'a\n')).toBe('--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n');
    expect(diff('a', 'a\n')).toBe('--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n');
  });
});
