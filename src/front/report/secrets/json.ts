// What `mille secrets` found, for programs: as JSON of its own, and as SARIF 2.1.0.

import type { SecretFinding, SecretsResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';

/** One JSON object. */
export function secretsJson({
  subject,
  findings,
  scanned,
  skipped,
  allowed,
  packaged,
}: SecretsResult): string {
  const document = { subject, findings, allowed, packaged, scanned, skipped };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF, as code hosts take it. */
export function secretsSarif({ findings }: SecretsResult): string {
  const rules = [...new Map(findings.map(({ rule, summary }) => [rule, summary]))];
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mille secrets',
            rules: rules.map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        results: findings.map(resultOf),
      },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function resultOf(finding: SecretFinding) {
  const { rule, severity, fingerprint, visible, layer } = finding;
  return {
    ruleId: rule,
    level: LEVEL[severity],
    message: { text: messageOf(finding) },
    locations: [locationOf(finding)],
    partialFingerprints: { 'mille/v1': fingerprint },
    properties: { visible, ...(layer ? { layer: layer.diffId } : {}) },
  };
}

function messageOf({ summary, shown, name, hidden, instruction, advice }: SecretFinding): string {
  const value = shown === '***' ? '' : ` (${oneLine(shown)})`;
  const named = name === undefined ? '' : ` under the name ${oneLine(name)}`;
  const by = instruction && instruction.text !== '' ? ` Brought in by: ${oneLine(instruction.text)}.` : '';
  const gone = hidden ? ` It was ${hidden.how} by a later layer and can still be read.` : '';
  return `${summary}${value}${named}.${by}${gone} Fix: ${advice.text}. Revoke it if anybody else could read it.`;
}

/** A file of the project where it is one; else what the image calls the place. */
function locationOf({ where, path, line, instruction }: SecretFinding) {
  const blamed = where !== 'context' && where !== 'dockerfile' ? instruction : undefined;
  const uri = blamed?.dockerfile === undefined ? path.replace(/!\/.*$/, '') : blamed.dockerfile;
  const startLine = blamed ? blamed.line : line;
  return {
    physicalLocation: {
      artifactLocation: { uri: uri.split('/').map(encodeURIComponent).join('/') },
      ...(startLine === undefined ? {} : { region: { startLine } }),
    },
    logicalLocations: [{ fullyQualifiedName: oneLine(path) }],
  };
}
