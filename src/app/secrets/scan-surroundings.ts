// What lies beside an image: annotations of the documents that lead to it, and what BuildKit attached to it. Provenance
// with mode=max tells every build argument, variable and command of all stages, and the Dockerfile itself, also where
// nothing of it is left in the image.

import { LIMITS, MilleError } from '../../core/index.ts';
import type { ImageSurroundings, OpenedImage, OpenedStatement } from '../../oci/image/index.ts';
import {
  adviceFor,
  type Detector,
  type FoundSecret,
  findSecrets,
  mayHoldToken,
  scanCommand,
} from '../../secrets/index.ts';
import { createHasher } from '../../sys/index.ts';
import type { NewFinding } from './collect.ts';
import { type Piece, type Provenance, piecesOf } from './provenance.ts';
import { ofPair } from './scan-config.ts';
import { type DockerfileSecret, instructionAt, secretsOfDockerfile } from './scan-dockerfile.ts';
import type { FileFinding, FileScan, Skipped } from './scan-file.ts';

/** What to scan with. */
export interface SurroundingsScan {
  readonly detector: Detector;
  readonly files: FileScan;
}

interface Scanned {
  readonly findings: NewFinding[];
  readonly skipped: Skipped[];
}

/** Scans what lies beside an image. What cannot be read is said, and keeps nobody from the rest. */
export async function scanSurroundings(image: OpenedImage, scan: SurroundingsScan): Promise<Scanned> {
  const scanned: Scanned = { findings: [], skipped: [] };
  await unlessBroken('attestations', scanned, async () => {
    const surroundings = await image.surroundings?.();
    if (!surroundings) return;
    scanned.findings.push(...(await annotations(surroundings, scan)));
    const names = new Map<string, number>();
    for (const statement of surroundings.statements) {
      const kind = nameOf(statement);
      const count = (names.get(kind) ?? 0) + 1;
      names.set(kind, count);
      const name = count === 1 ? kind : `${kind} ${count}`;
      await unlessBroken(name, scanned, () => scanStatement({ name, statement }, scan, scanned));
    }
  });
  return scanned;
}

async function unlessBroken(path: string, { skipped }: Scanned, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof MilleError) || error.code === 'interrupted') throw error;
    skipped.push({ path, why: error.message });
  }
}

async function annotations(
  { annotated }: ImageSurroundings,
  { detector }: SurroundingsScan,
): Promise<NewFinding[]> {
  const findings: NewFinding[] = [];
  for (const { of, annotations } of annotated)
    for (const [name, value] of Object.entries(annotations)) {
      const found = typeof value === 'string' ? await ofPair(detector, name, value) : undefined;
      if (!found) continue;
      const { rule, severity, shown } = found;
      findings.push({
        ...{ rule, severity, shown, name, where: 'annotation', path: `${of} ${name}`, offset: 0 },
        visible: true,
        advice: adviceFor({ kind: 'annotation', name }),
      });
    }
  return findings;
}

function nameOf({ predicateType }: OpenedStatement): string {
  if (isProvenance(predicateType)) return 'provenance';
  return /spdx|cyclonedx/i.test(predicateType) ? 'sbom' : 'attestation';
}

function isProvenance(predicateType: string): boolean {
  return predicateType.startsWith('https://slsa.dev/provenance/');
}

interface Named {
  readonly name: string;
  readonly statement: OpenedStatement;
}

async function scanStatement({ name, statement }: Named, scan: SurroundingsScan, scanned: Scanned) {
  const { blob, open, predicateType } = statement;
  if (!open) {
    const why =
      'it is not there, for a store keeps none: look at the image where it came from (registry://NAME)';
    scanned.skipped.push({ path: name, why });
    return;
  }
  const provenance = isProvenance(predicateType) && blob.size <= LIMITS.manifest;
  const parts: Uint8Array[] = [];
  const found = { findings: [] as FileFinding[], skipped: scanned.skipped };
  scan.files.start(name, blob.size);
  await readBlob(statement, (chunk) => {
    if (provenance) parts.push(chunk.slice());
    else scan.files.feed(chunk);
  });
  const predicate = provenance ? predicateOf(Buffer.concat(parts).toString()) : undefined;
  if (predicate !== undefined) {
    scanned.findings.push(...(await scanProvenance(name, piecesOf(predicate), scan)));
    return;
  }
  for (const part of parts) scan.files.feed(part);
  await scan.files.end(found);
  for (const one of found.findings) scanned.findings.push(findingOf(one, { path: one.path }));
}

/** Reads it to the end. @throws MilleError `digest-mismatch` */
async function readBlob({ blob, open }: OpenedStatement, data: (chunk: Uint8Array) => void): Promise<void> {
  const hasher = createHasher();
  let received = 0;
  for await (const chunk of open!()) {
    received += chunk.length;
    if (received > blob.size) break;
    hasher.update(chunk);
    data(chunk);
  }
  if (received !== blob.size || hasher.digest() !== blob.digest)
    throw new MilleError('digest-mismatch', `it is not what its image says, ${blob.digest}`, {
      hint: 'it is damaged or was tampered with: fetch it again',
    });
}

function predicateOf(text: string): object | undefined {
  try {
    const { predicate } = JSON.parse(text) as { predicate?: unknown };
    return typeof predicate === 'object' && predicate !== null ? predicate : undefined;
  } catch {
    return undefined;
  }
}

/** Each value is told once, where it is best explained: the same one stands in arguments, variables and commands. */
async function scanProvenance(
  statement: string,
  provenance: Provenance,
  scan: SurroundingsScan,
): Promise<NewFinding[]> {
  const findings: NewFinding[] = [];
  const told = new Set<string>();
  const isNew = (value: string) => {
    const news = !told.has(value);
    told.add(value);
    return news;
  };
  const { dockerfile } = provenance;
  const inDockerfile = dockerfile ? await secretsOfDockerfile(dockerfile, scan.detector) : [];
  for (const piece of provenance.pieces) {
    if (piece.kind === 'dockerfile') {
      if (piece.text === dockerfile?.text)
        findings.push(...ofDockerfile(`${statement} ${piece.place}`, inDockerfile, isNew));
      continue;
    }
    const at = {
      path: `${statement} ${piece.place}`,
      ...instructionOf(piece, provenance, inDockerfile),
    };
    for (const one of await secretsOf(piece, scan))
      if (isNew(piece.text.slice(one.offset, one.offset + one.length))) findings.push(findingOf(one, at));
  }
  return findings;
}

async function secretsOf(
  piece: Piece,
  { detector, files }: SurroundingsScan,
): Promise<readonly FoundSecret[]> {
  const { kind, name = '', text } = piece;
  switch (kind) {
    case 'argument':
    case 'label':
    case 'variable': {
      const found = await ofPair(detector, name, text);
      return found ? [found] : [];
    }
    case 'command':
      return await scanCommand(text, detector);
    case 'file': {
      const found = { findings: [] as FileFinding[], skipped: [] };
      const bytes = Buffer.from(text);
      files.start(name.replace(/^\/+/, ''), bytes.length);
      files.feed(bytes);
      await files.end(found);
      return found.findings;
    }
    default:
      return mayHoldToken(text)
        ? await findSecrets([{ text, offset: 0 }], { detector, path: '', kind: 'other' })
        : [];
  }
}

function ofDockerfile(
  path: string,
  secrets: readonly DockerfileSecret[],
  isNew: (value: string) => boolean,
): NewFinding[] {
  return secrets.flatMap(({ found, span }) => {
    const { source, start, end } = span;
    if (!isNew(source.text.slice(start, end).replace(/^(["'])(.*)\1$/s, '$2'))) return [];
    const line = source.text.slice(0, start).split('\n').length;
    return [
      findingOf({ ...found, offset: start }, { path, line, ...shownInstruction(source, line, secrets) }),
    ];
  });
}

/** The instruction that a piece belongs to, where the provenance tells. */
function instructionOf(
  { line }: Piece,
  { dockerfile }: Provenance,
  secrets: readonly DockerfileSecret[],
): Pick<NewFinding, 'instruction'> {
  return line === undefined || !dockerfile ? {} : shownInstruction(dockerfile, line, secrets);
}

function shownInstruction(
  dockerfile: NonNullable<Provenance['dockerfile']>,
  line: number,
  secrets: readonly DockerfileSecret[],
): Pick<NewFinding, 'instruction'> {
  const text = instructionAt(dockerfile, line, secrets);
  return text === undefined
    ? {}
    : { instruction: { text, dockerfile: dockerfile.name, line, fromBase: false } };
}

function findingOf(
  { rule, severity, shown, name, offset }: FoundSecret,
  at: Pick<NewFinding, 'path' | 'instruction' | 'line'>,
): NewFinding {
  return {
    ...{ rule, severity, shown, where: 'attestation', offset, ...at, visible: true },
    ...(name === undefined ? {} : { name }),
    advice: adviceFor({ kind: 'attestation' }),
  };
}
