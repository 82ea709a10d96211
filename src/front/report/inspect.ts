// Images in full: JSON as Docker prints it, or the facts that people look for, one a line.

import type { ImageDocument, RemoteInspected } from '../../app/index.ts';
import { sanitizeLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';
import { padText, textWidth } from './width.ts';

/** What `mille inspect` prints: an indented array, one array on a line (`json`), or facts (`table`). */
export function renderInspect(
  documents: readonly ImageDocument[],
  format: 'indented' | 'json' | 'table',
): string {
  if (format === 'table') return documents.map(facts).join('\n');
  return `${JSON.stringify(documents, undefined, format === 'indented' ? 4 : undefined)}\n`;
}

/** What `mille inspect --remote` prints: the same, with what the registry has for which platform. */
export function renderInspectRemote(
  documents: readonly RemoteInspected[],
  format: 'indented' | 'json' | 'table',
): string {
  if (format === 'table') return documents.map(remoteFacts).join('\n');
  return `${JSON.stringify(documents, undefined, format === 'indented' ? 4 : undefined)}\n`;
}

function remoteFacts({ Name, Digest, MediaType, Platforms, Attestations, Image }: RemoteInspected): string {
  const head = [`${sanitizeLine(Name)}: ${Digest}`, sanitizeLine(MediaType)];
  const rows = Platforms.map((one) => [
    sanitizeLine(one.Platform),
    one.Digest,
    String(one.Layers.length),
    formatSize(one.Size),
  ]);
  const table = renderTable(['PLATFORM', 'DIGEST', 'LAYERS', 'COMPRESSED'], rows);
  const attested = attestations(Attestations, Platforms);
  return `${head.join('\n')}\n\n${table}\n${attested}${facts(Image)}`;
}

/** What is said of which image, a line each; nothing where nothing is. */
function attestations(all: RemoteInspected['Attestations'], platforms: RemoteInspected['Platforms']): string {
  if (all.length === 0) return '';
  const rows = all.map(({ Digest, For, Predicates = [] }) => {
    const platform = platforms.find((one) => one.Digest === For)?.Platform ?? For ?? '';
    const what = Predicates.length === 0 ? 'unknown' : Predicates.map(predicateName).join(', ');
    return [sanitizeLine(platform), Digest, what];
  });
  return `${renderTable(['PLATFORM', 'ATTESTATION', 'STATES'], rows)}\n`;
}

const PREDICATE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^https:\/\/slsa\.dev\/provenance\/v?(.+)$/, 'provenance (SLSA $1)'],
  [/^https:\/\/spdx\.dev\/Document.*$/, 'inventory (SPDX)'],
  [/^https:\/\/cyclonedx\.org\/bom.*$/, 'inventory (CycloneDX)'],
];

function predicateName(type: string): string {
  const [pattern, name] = PREDICATE_NAMES.find(([one]) => one.test(type)) ?? [];
  return sanitizeLine(pattern && name ? type.replace(pattern, name) : type || 'unknown');
}

function facts(document: ImageDocument): string {
  const config = (document.Config ?? {}) as Readonly<Record<string, unknown>>;
  const layers = (document.RootFS as { Layers?: unknown } | undefined)?.Layers;
  const rows: [string, unknown][] = [
    ['Id', document.Id],
    ['Names', document.RepoTags],
    ['Created', document.Created],
    ['Platform', [document.Os, document.Architecture, document.Variant].filter(Boolean).join('/')],
    ['Size', typeof document.Size === 'number' ? formatSize(document.Size) : undefined],
    ['Author', document.Author],
    ['User', config.User],
    ['Workdir', config.WorkingDir],
    ['Entrypoint', command(config.Entrypoint)],
    ['Cmd', command(config.Cmd)],
    ['Ports', keys(config.ExposedPorts)],
    ['Volumes', keys(config.Volumes)],
    ['Stop signal', config.StopSignal],
    ['Health check', command((config.Healthcheck as { Test?: unknown } | undefined)?.Test)],
    ['Env', config.Env],
    ['Labels', pairs(config.Labels)],
    ['Layers', layers],
  ];
  const width = Math.max(...rows.map(([name]) => textWidth(name))) + 2;
  const lines = rows.flatMap(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).filter((v) => v !== undefined && v !== '');
    return values.map((v, i) => padText(i === 0 ? `${name}:` : '', width) + sanitizeLine(String(v)));
  });
  return `${lines.join('\n')}\n`;
}

/** A command in exec form is one fact, not a list of them. */
function command(value: unknown): string | undefined {
  return Array.isArray(value) ? JSON.stringify(value) : undefined;
}

function keys(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function pairs(value: unknown): string[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).map(([key, text]) => `${key}=${String(text)}`)
    : [];
}
