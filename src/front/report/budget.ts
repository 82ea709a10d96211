// An image against its budget: a table for people, JSON, JUnit and annotations for continuous integration. SARIF has a
// file of its own.

import type { BudgetCheck, BudgetResult } from '../../app/index.ts';
import { formatPlace, formatSize, positionAt } from '../../core/index.ts';
import { oneLine, sanitizeLine } from './sanitize.ts';
import { makeStyle } from './style.ts';
import { renderTable } from './table.ts';

/** A table of all limits, and below it what is to be said of those that are exceeded. */
export function renderBudget(result: BudgetResult, options: { readonly color: boolean }): string {
  const { image, source, checks, notes } = result;
  const style = makeStyle(options.color);
  const over = checks.filter(({ passed }) => !passed);
  const rows = checks.map((check) => [
    oneLine(check.subject),
    (check.atLeast ? '≥ ' : '') + amount(check, check.limit),
    check.actual === undefined ? '?' : amount(check, check.actual),
    check.passed ? style.good('ok') : style.bad(excess(check)),
  ]);
  const lines = over.flatMap((check) => [
    `${style.bad('over:')} ${style.strong(budgetMessage(check))}`,
    ...blameLine(check),
    `  ${style.faint(`limit: ${formatPlace(check.span)}`)}`,
  ]);
  const count = `${over.length} of ${checks.length} ${checks.length === 1 ? 'limit' : 'limits'}`;
  const verdict =
    over.length === 0
      ? style.good(`${sanitizeLine(image)} is within ${sanitizeLine(source.name)}`)
      : style.bad(`${sanitizeLine(image)} exceeds ${count} of ${sanitizeLine(source.name)}`);
  return [
    renderTable(['LIMIT', 'ALLOWED', 'IS', ''], rows),
    ...(lines.length > 0 ? [`\n${lines.join('\n')}\n`] : []),
    ...notes.map((note) => `note: ${oneLine(note)}\n`),
    `\n${verdict}\n`,
  ].join('');
}

function blameLine({ blame }: BudgetCheck): string[] {
  if (!blame) return [];
  const place = blame.line === undefined ? '' : `${oneLine(blame.dockerfile ?? 'Dockerfile')}:${blame.line} `;
  return [`  ${place}${oneLine(blame.instruction)}`];
}

/** What a check came to, as a sentence. */
export function budgetMessage(check: BudgetCheck): string {
  const { subject, actual, limit, atLeast, detail } = check;
  const more = detail === undefined ? '' : `: ${oneLine(detail)}`;
  if (actual === undefined) return `${oneLine(subject)} cannot be told${more}`;
  const bound = check.passed ? '' : atLeast ? ', less than' : ', more than';
  const of = check.passed ? ', within' : bound;
  return `${oneLine(subject)}: ${amount(check, actual)}${of} ${amount(check, limit)}${more}`;
}

function excess(check: BudgetCheck): string {
  if (check.actual === undefined) return 'unknown';
  if (check.atLeast) return 'too low';
  return `over by ${amount(check, check.actual - check.limit)}`;
}

function amount({ unit }: BudgetCheck, value: number): string {
  if (unit === 'count') return String(value);
  if (unit === 'bytes') return value < 0 ? `-${formatSize(-value)}` : formatSize(value);
  if (!Number.isFinite(value)) return 'infinitely more';
  return `${Number((value * 100).toPrecision(3))}%`;
}

/** One JSON object. */
export function budgetJson({ image, source, sizes, checks, notes }: BudgetResult): string {
  const document = {
    image,
    file: source.name,
    sizes,
    passed: checks.every(({ passed }) => passed),
    checks: checks.map(({ span, ...check }) => ({ ...check, place: positionAt(span.source, span.start) })),
    notes,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** JUnit's XML: one test case a limit. */
export function budgetJunit({ image, source, checks }: BudgetResult): string {
  const failures = checks.filter(({ passed }) => !passed).length;
  const cases = checks.map((check) => {
    const name = `${check.rule}: ${oneLine(check.subject)}`;
    const open = `    <testcase classname="${xml(image)}" name="${xml(name)}"`;
    if (check.passed) return `${open}/>`;
    const text = [budgetMessage(check), ...blameLine(check), formatPlace(check.span)].join('\n');
    return `${open}>\n      <failure message="${xml(budgetMessage(check))}" type="${check.rule}">${xml(text)}</failure>\n    </testcase>`;
  });
  const counts = `tests="${checks.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mille budget" ${counts}>`,
    `  <testsuite name="${xml(source.name)}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Text for XML 1.0, which has no control characters, not even as references. */
function xml(text: string): string {
  return text
    .replace(
      /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Workflow commands of GitHub Actions: one line for each limit that is exceeded. */
export function budgetGithub({ checks }: BudgetResult): string {
  return checks
    .filter(({ passed }) => !passed)
    .map((check) => {
      const { file, line } = placeOf(check);
      const title = escapeProperty(`mille budget: ${check.rule}`);
      return `::error file=${escapeProperty(file)},line=${line},title=${title}::${escapeData(budgetMessage(check))}\n`;
    })
    .join('');
}

/** The line of the Dockerfile that is to blame, else that of the limit. */
export function placeOf({ blame, span }: BudgetCheck): { readonly file: string; readonly line: number } {
  if (blame?.line !== undefined) return { file: blame.dockerfile ?? 'Dockerfile', line: blame.line };
  return { file: span.source.name, line: positionAt(span.source, span.start).line };
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
