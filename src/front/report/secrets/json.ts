// What `mille secrets` found, for programs: as JSON of its own, and as SARIF 2.1.0.

import type { SecretFinding, SecretsResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { sarifDocument } from '../sarif.ts';

/** One JSON object. */
export function secretsJson({
  subject,
  findings,
  scanned,
  skipped,
  allowed,
  packaged,
}: SecretsResult): string {
  const document = { subject, findings: findings.map(findingJson), allowed, packaged, scanned, skipped };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Layers by the number that they have in their image, from 1. */
function findingJson({ layer, hidden, ...finding }: SecretFinding) {
  return {
    ...finding,
    ...(layer ? { layer: layer.index + 1, diffId: layer.diffId } : {}),
    ...(hidden ? { hidden: { ...hidden, layer: hidden.layer + 1 } } : {}),
  };
}

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF, as code hosts take it. What is hidden or only in the image says so in its message. */
export function secretsSarif({ findings }: SecretsResult): string {
  const rules = new Map(findings.map(({ rule, summary }) => [rule, summary]));
  return sarifDocument({
    rules: [...rules].map(([id, summary]) => ({ id, summary, tags: ['security', 'secret'] })),
    results: findings.map((finding) => ({
      ruleId: finding.rule,
      level: LEVEL[finding.severity],
      message: messageOf(finding),
      ...placeOf(finding),
      fingerprint: finding.fingerprint,
    })),
  });
}

function messageOf({
  summary,
  shown,
  name,
  path,
  where,
  layer,
  hidden,
  instruction,
  advice,
  attribute,
}: SecretFinding): string {
  const value = shown === '***' ? '' : ` (${oneLine(shown)})`;
  const inAttribute = attribute === undefined ? '' : ` in the extended attribute ${oneLine(attribute)}`;
  const named = name === undefined ? inAttribute : ` under the name ${oneLine(name)}`;
  const inLayer = layer ? ` in layer ${layer.index + 1}` : '';
  const by = instruction && instruction.text !== '' ? `, brought in by ${oneLine(instruction.text)}` : '';
  const gone = hidden ? ` It was ${hidden.how} by a later layer and can still be read.` : '';
  const at = where === 'context' || where === 'dockerfile' ? '' : ` at ${oneLine(path)}`;
  return `${summary}${value}${named}${at}${inLayer}${by}.${gone} Fix: ${advice.text}. Revoke it if anybody else could read it.`;
}

/** A file of the project where it is one: of an image the Dockerfile that is blamed, where it is known. */
function placeOf({ where, path, line, instruction }: SecretFinding) {
  const own = where === 'context' || where === 'dockerfile';
  const file = own ? path.replace(/!\/.*$/s, '') : instruction?.dockerfile;
  const startLine = own ? line : instruction?.line;
  return {
    ...(file === undefined ? {} : { file }),
    ...(file === undefined || startLine === undefined ? {} : { region: { startLine } }),
  };
}
