// What was found, for programs: one function a form.

import type { LintedFile } from '../../../app/index.ts';
import { type Diagnostic, type Fix, positionAt, type Severity, type TextEdit } from '../../../core/index.ts';
import { type SarifLevel, type SarifRule, sarifDocument } from '../sarif.ts';
import { xmlDocument } from '../xml.ts';
import { findingsOf, fingerprint, type LintFinding, type LintStyle } from './finding.ts';

/** The text of a form. */
export type LintForm = (files: readonly LintedFile[], style: LintStyle) => string;

/** The forms, by their names. */
export const LINT_FORMS = {
  json,
  sarif,
  github,
  checkstyle,
  codeclimate,
  gitlab_codeclimate: gitlabCodeclimate,
  gnu,
  junit,
  codacy,
  sonarqube,
} as const satisfies Record<string, LintForm>;

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

/** One line a finding, as hadolint writes it. */
export function hadolintLines(files: readonly LintedFile[], style: LintStyle): string {
  return lines(
    findingsOf(files, style).map(({ file, line, id, message, diagnostic }) =>
      // What cannot be read has its column, and no code.
      diagnostic.codes?.[0] === 'DL1000'
        ? `${file}:${line}:${positionAt(diagnostic.span.source, diagnostic.span.start).column} ${message}`
        : `${file}:${line} ${id} ${diagnostic.severity}: ${message}`,
    ),
  );
}

function json(files: readonly LintedFile[], style: LintStyle): string {
  const all = findingsOf(files, style);
  if (style.hadolint) {
    return `${JSON.stringify(
      all.map(({ file, line, column, id, message, diagnostic }) => ({
        code: id,
        column,
        file,
        level: diagnostic.severity,
        line,
        message,
      })),
    )}\n`;
  }
  const document = {
    files: files.map(({ name, missingImages }) => ({ file: style.shownPath ?? name, missingImages })),
    findings: all.map(findingJson),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function findingJson({ file, line, column, endLine, endColumn, message, diagnostic }: LintFinding) {
  const { rule, codes = [], severity, summary, url, fix, cost } = diagnostic;
  return {
    file,
    line,
    column,
    endLine,
    endColumn,
    instruction: { first: diagnostic.lines.first, last: diagnostic.lines.last },
    severity,
    rule,
    codes,
    message,
    summary,
    ...(url === undefined ? {} : { url }),
    ...(cost ? { cost } : {}),
    ...(fix ? { fix: fixJson(fix) } : {}),
  };
}

function fixJson({ title, fixClass = 'safe', edits, addedLines }: Fix) {
  return { title, class: fixClass, edits, ...(addedLines ? { addedLines } : {}) };
}

const LEVELS: Readonly<Record<Severity, SarifLevel>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  style: 'note',
};

function sarif(files: readonly LintedFile[], style: LintStyle): string {
  const all = findingsOf(files, style);
  const rules = new Map<string, SarifRule>();
  for (const { id, diagnostic } of all) {
    const { codes = [], summary, url, rule } = diagnostic;
    const tags = [rule, ...codes].filter((name) => name !== id);
    rules.set(id, { id, summary, ...(url === undefined ? {} : { url }), tags });
  }
  return sarifDocument({
    rules: [...rules.values()],
    results: all.map((finding) => ({
      ruleId: finding.id,
      level: LEVELS[finding.diagnostic.severity],
      message: finding.message,
      file: finding.file,
      region: regionOf(finding),
      fingerprint: fingerprint(finding),
      ...sarifFix(finding.diagnostic),
    })),
  });
}

function regionOf({ line, column, endLine, endColumn }: Omit<LintFinding, 'diagnostic'>) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function sarifFix({ fix, span: { source } }: Diagnostic) {
  if (!fix) return {};
  const replacement = ({ start, end, text }: TextEdit) => {
    const from = positionAt(source, start);
    const to = positionAt(source, end);
    const region = {
      startLine: from.line,
      startColumn: from.column,
      endLine: to.line,
      endColumn: to.column,
    };
    return { region, text };
  };
  return { fix: { title: fix.title, replacements: fix.edits.map(replacement) } };
}

/** Commands of the workflow log of GitHub Actions, which become annotations. */
function github(files: readonly LintedFile[], style: LintStyle): string {
  const text = (value: string) => value.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const property = (value: string) => text(value).replace(/:/g, '%3A').replace(/,/g, '%2C');
  const levels = { error: 'error', warning: 'warning', info: 'notice', style: 'notice' } as const;
  return lines(
    findingsOf(files, style).map(({ file, line, column, endLine, endColumn, id, message, diagnostic }) => {
      // Columns are for annotations of one line only.
      const columns = line === endLine ? `,col=${column},endColumn=${endColumn}` : '';
      const place = `file=${property(file)},line=${line},endLine=${endLine}${columns}`;
      return `::${levels[diagnostic.severity]} ${place},title=${property(id)}::${text(message)}`;
    }),
  );
}

/** Files with their findings; those without any too. */
function byFile(files: readonly LintedFile[], style: LintStyle) {
  return files.map((file) => ({ name: style.shownPath ?? file.name, findings: findingsOf([file], style) }));
}

function checkstyle(files: readonly LintedFile[], style: LintStyle): string {
  return xmlDocument({
    name: 'checkstyle',
    attributes: { version: '4.3' },
    children: byFile(files, style).map(({ name, findings }) => ({
      name: 'file',
      attributes: { name },
      children: findings.map(({ line, column, id, message, diagnostic }) => ({
        name: 'error',
        attributes: { line, column, severity: diagnostic.severity, message, source: id },
      })),
    })),
  });
}

function junit(files: readonly LintedFile[], style: LintStyle): string {
  const suites = byFile(files, style);
  const failures = suites.reduce((sum, { findings }) => sum + findings.length, 0);
  const tests = suites.reduce((sum, { findings }) => sum + Math.max(1, findings.length), 0);
  return xmlDocument({
    name: 'testsuites',
    attributes: { name: 'mille lint', tests, failures },
    children: suites.map(({ name, findings }) => ({
      name: 'testsuite',
      attributes: { name, tests: Math.max(1, findings.length), failures: findings.length },
      children:
        findings.length === 0
          ? [{ name: 'testcase', attributes: { name, classname: 'mille lint' } }]
          : findings.map(({ line, column, id, message, diagnostic }) => ({
              name: 'testcase',
              attributes: { name: `${id} at ${name}:${line}:${column}`, classname: id, file: name, line },
              children: [
                {
                  name: 'failure',
                  attributes: { type: diagnostic.severity, message },
                  text: `${name}:${line}:${column}: ${diagnostic.severity}: ${message}`,
                },
              ],
            })),
    })),
  });
}

const IMPACTS: Readonly<Record<Severity, string>> = {
  error: 'blocker',
  warning: 'major',
  info: 'info',
  style: 'minor',
};

function issueOf(finding: LintFinding) {
  return {
    type: 'issue',
    check_name: finding.id,
    description: finding.message,
    categories: ['Bug Risk'],
    location: { path: finding.file, lines: { begin: finding.line, end: finding.endLine } },
    severity: IMPACTS[finding.diagnostic.severity],
    fingerprint: fingerprint(finding),
  };
}

/** One document a finding, each ended by a zero byte, as engines of Code Climate write them. */
function codeclimate(files: readonly LintedFile[], style: LintStyle): string {
  return findingsOf(files, style)
    .map((finding) => `${JSON.stringify(issueOf(finding))}\0`)
    .join('');
}

/** GitLab wants a list. */
function gitlabCodeclimate(files: readonly LintedFile[], style: LintStyle): string {
  return `${JSON.stringify(findingsOf(files, style).map(issueOf), undefined, 2)}\n`;
}

/** What editors and compilers' users know. */
function gnu(files: readonly LintedFile[], style: LintStyle): string {
  return lines(
    findingsOf(files, style).map(({ file, line, column, id, message, diagnostic: { severity } }) =>
      style.hadolint
        ? `hadolint:${file}:${line}: ${id} ${severity}: ${message}`
        : `${file}:${line}:${column}: ${severity}: ${message} [${id}]`,
    ),
  );
}

function codacy(files: readonly LintedFile[], style: LintStyle): string {
  return lines(
    findingsOf(files, style).map(({ file, line, id, message }) =>
      JSON.stringify({ filename: file, patternId: id, message, line }),
    ),
  );
}

/** Generic issues of SonarQube. */
function sonarqube(files: readonly LintedFile[], style: LintStyle): string {
  const severities = { error: 'CRITICAL', warning: 'MAJOR', info: 'MINOR', style: 'INFO' } as const;
  const issues = findingsOf(files, style).map(({ file, line, endLine, id, message, diagnostic }) => ({
    engineId: 'mille',
    ruleId: id,
    severity: severities[diagnostic.severity],
    type: diagnostic.severity === 'error' ? 'BUG' : 'CODE_SMELL',
    primaryLocation: { message, filePath: file, textRange: { startLine: line, endLine } },
  }));
  return `${JSON.stringify({ issues }, undefined, 2)}\n`;
}
