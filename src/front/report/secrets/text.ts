// What `mille secrets` found, for people: each finding with where it is, who brought it in, and what to do.

import type { SecretFinding, SecretInstruction, SecretsResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { makeStyle, type Style } from '../style.ts';
import { formatSeconds } from '../time.ts';
import { cutText } from '../width.ts';

/** How to show it. */
export interface SecretsStyle {
  readonly color: boolean;
  /** Findings of this severity and above; the others are counted. */
  readonly severity: SecretFinding['severity'];
}

const RANK = { error: 0, warning: 1, info: 2 } as const;
const REVOKE =
  'Revoke every secret that anybody else could read: building again, or a new layer over it, does not take it back.';

/** Whether a finding is of a severity or above. */
export function isAtLeast(finding: SecretFinding, severity: SecretFinding['severity']): boolean {
  return RANK[finding.severity] <= RANK[severity];
}

/** All of it. */
export function renderSecrets(result: SecretsResult, { color, severity }: SecretsStyle): string {
  const style = makeStyle(color);
  const shown = result.findings.filter((finding) => isAtLeast(finding, severity));
  const lines: string[] = [];
  const told = new Set<string>();
  for (const finding of shown) lines.push(...findingLines(finding, style, told), '');
  lines.push(...summary(result, shown));
  if (shown.length > 0) lines.push(REVOKE);
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: SecretFinding, style: Style, told: Set<string>): string[] {
  const { severity, summary: what, shown, fingerprint } = finding;
  const paint = severity === 'error' ? style.bad : severity === 'warning' ? style.warn : style.faint;
  const value = shown === '***' ? '' : `: ${oneLine(shown)}`;
  return [
    `${paint(severity.toUpperCase())} ${style.strong(`${what}${value}`)} ${style.faint(`[${fingerprint}]`)}`,
    `  ${placeOf(finding)}`,
    ...(finding.instruction ? [`  brought in by ${blame(finding.instruction)}`] : []),
    ...(finding.hidden
      ? [
          `  ${finding.hidden.how} by ${blame(finding.hidden.instruction)}: no container sees it, and everybody who has the image can read it`,
        ]
      : []),
    ...fixLines(finding, style, told),
  ];
}

/** `/app/.env:2 (API_TOKEN) in layer 3`. */
function placeOf(finding: SecretFinding): string {
  const { where, path, line, offset, layer, name, attribute } = finding;
  const named =
    attribute !== undefined
      ? ` (extended attribute ${oneLine(attribute)})`
      : name === undefined || path.endsWith(` ${name}`)
        ? ''
        : ` (${oneLine(name)})`;
  if (where === 'history' || where === 'config') return `in the image's ${where}: ${oneLine(path)}${named}`;
  if (where === 'attestation' || where === 'annotation')
    return `in an ${where} of the image: ${oneLine(path)}${named}`;
  const inside = line === undefined && offset > 0 && attribute === undefined;
  const at = line !== undefined ? `:${line}` : inside ? ` at byte ${offset}` : '';
  const root = layer ? '/' : '';
  const stage = ' in a stage that is not in the image: a cache with mode=max takes it along';
  const ofCache = where === 'cache' ? ' of the cache' : '';
  const inLayer =
    where === 'stage'
      ? stage
      : layer
        ? ` in layer ${layer.index + 1}, ${layer.diffId.slice(0, 19)}${ofCache}`
        : '';
  return `${root}${oneLine(path)}${at}${named}${inLayer}`;
}

function blame({ dockerfile, line, text, fromBase }: SecretInstruction): string {
  const file = dockerfile === undefined ? '' : dockerfile.slice(dockerfile.lastIndexOf('/') + 1);
  const place = file === '' ? '' : `${oneLine(file)}${line === undefined ? '' : `:${line}`} `;
  const unknown = line === undefined ? 'an instruction that the history does not name' : '';
  const words = cutText(oneLine(text), 90) || unknown;
  return `${`${place}${words}`.trimEnd()}${fromBase ? ', of the base image' : ''}`;
}

function fixLines({ advice }: SecretFinding, style: Style, told: Set<string>): string[] {
  const { text, patch = [] } = advice;
  const key = JSON.stringify(advice);
  if (told.has(key)) return [];
  told.add(key);
  return [
    `  ${style.active('fix:')} ${oneLine(text)}`,
    ...patch.map((line) => `    ${line.startsWith('@') ? line.slice(2) : `  ${oneLine(line)}`}`),
  ];
}

function summary(
  { findings, allowed, packaged, scanned, skipped }: SecretsResult,
  shown: readonly SecretFinding[],
): string[] {
  const count = (severity: SecretFinding['severity']) =>
    findings.filter((one) => one.severity === severity).length;
  const found =
    findings.length === 0
      ? 'No secrets found'
      : `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
  const others = findings.length - shown.length;
  const more = [
    ...(others === 0 ? [] : [`${others} below the severity asked for (--severity info shows all)`]),
    ...(packaged === 0 ? [] : [`${packaged} in files that are as their package brought them`]),
    ...(allowed === 0 ? [] : [`${allowed} allowed`]),
  ];
  const size = `${plural(scanned.files, 'file')}, ${formatSize(scanned.bytes)}, in ${formatSeconds(scanned.seconds)}`;
  return [
    `${found} in ${size}${more.length === 0 ? '' : `; not shown: ${more.join(', ')}`}.`,
    ...skipped.slice(0, 5).map(({ path, why }) => `not looked into: ${oneLine(path)}: ${oneLine(why)}`),
    ...(skipped.length > 5 ? [`and ${skipped.length - 5} more that were not looked into`] : []),
  ];
}

function plural(count: number, word: string): string {
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;
}
