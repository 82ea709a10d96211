// SARIF 2.1.0 (OASIS): findings for code scanning services and editors.

import { wellFormed } from './sanitize.ts';

/** How much a finding matters to SARIF. */
export type SarifLevel = 'error' | 'warning' | 'note';

/** A rule that results refer to. */
export interface SarifRule {
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown. */
  readonly help?: string;
  readonly url?: string;
  readonly tags?: readonly string[];
}

/** Lines and columns from 1; the end column is exclusive. */
export interface SarifRegion {
  readonly startLine: number;
  readonly startColumn?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** Characters of a file and what stands in their place. */
export interface SarifReplacement {
  readonly region: SarifRegion;
  readonly text: string;
}

/** A finding. */
export interface SarifResult {
  readonly ruleId: string;
  readonly level: SarifLevel;
  readonly message: string;
  /** A path, relative to the root of the project where it can be; none for what is about no file. */
  readonly file?: string;
  readonly region?: SarifRegion;
  readonly fix?: { readonly title: string; readonly replacements: readonly SarifReplacement[] };
  /** What stays the same when lines move. */
  readonly fingerprint?: string;
}

/** What a document says. */
export interface SarifContent {
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
}

/** The document. Rules that no result refers to may stand in it. */
export function sarifDocument({ rules, results }: SarifContent): string {
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'mille', rules: rules.map(ruleJson) } },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => resultJson(result, index.get(result.ruleId))),
      },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function ruleJson({ id, summary, help, url, tags }: SarifRule) {
  return {
    id,
    shortDescription: { text: summary },
    ...(url === undefined ? {} : { helpUri: url }),
    ...(help === undefined ? {} : { help: { text: help, markdown: help } }),
    ...(tags && tags.length > 0 ? { properties: { tags } } : {}),
  };
}

function resultJson(result: SarifResult, ruleIndex: number | undefined) {
  const { ruleId, level, message, file, region, fix, fingerprint } = result;
  const artifactLocation = file === undefined ? undefined : { uri: fileUri(file) };
  return {
    ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level,
    message: { text: message },
    ...(artifactLocation
      ? { locations: [{ physicalLocation: { artifactLocation, ...(region ? { region } : {}) } }] }
      : {}),
    ...(fingerprint === undefined ? {} : { partialFingerprints: { 'mille/v1': fingerprint } }),
    ...(fix && fix.replacements.length > 0 && artifactLocation
      ? {
          fixes: [
            {
              description: { text: fix.title },
              artifactChanges: [
                {
                  artifactLocation,
                  replacements: fix.replacements.map(({ region: deletedRegion, text }) => ({
                    deletedRegion,
                    ...(text === '' ? {} : { insertedContent: { text } }),
                  })),
                },
              ],
            },
          ],
        }
      : {}),
  };
}

/** A path as a URI: relative ones stay relative. */
function fileUri(path: string): string {
  const encoded = path
    .replace(/^\.\//, '')
    .split('/')
    .map((part) => encodeURIComponent(wellFormed(part)))
    .join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
