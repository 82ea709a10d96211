// For tests: what would have been observed of an example's Dockerfile, made from the few facts that the example states.

import type { Digest } from '../../core/index.ts';
import type { Entry, ImageConfig, TableOfContents } from '../../oci/image/index.ts';
import { lineage } from '../lint/index.ts';
import { type ContextCopy, contextCopies, directoriesOf } from './context-copies.ts';
import type {
  DistributionEvidence,
  Evidence,
  ObservedImage,
  StepEvidence,
  StepReadsOfContext,
} from './evidence.ts';
import { distributionOf, packagesOfLine } from './evidence-for-packages.ts';
import { knownOfOriginal } from './index.ts';
import type { Goal, RewriteExample } from './rewrite.ts';
import { type Draft, lookAt, makesLayer, type Subject, type Surroundings } from './subject.ts';

const HOST = { os: 'linux', architecture: 'amd64' };
const NONE = `sha256:${'0'.repeat(64)}` as Digest;
const IMAGE: ImageConfig = {
  ...HOST,
  config: { Env: ['PATH=/usr/bin:/bin'] },
  rootfs: { type: 'layers', diff_ids: [] },
};

/** What a rewrite is tried with. */
export interface MadeEvidence {
  readonly draft: Draft;
  readonly around: Surroundings;
}

/** More than an example has. */
export interface EvidenceOptions {
  readonly goal?: Goal;
  /** Nothing was built: no step is known. */
  readonly unbuilt?: true;
  /** What RUN of a line writes: paths of the image, and what their content stands for. */
  readonly writes?: Readonly<Record<number, Readonly<Record<string, string>>>>;
  /** Paths of the image that RUN of a line lists, or looks for and does not find. */
  readonly listed?: Readonly<Record<number, readonly string[]>>;
  readonly missing?: Readonly<Record<number, readonly string[]>>;
  /** Of RUN of a line: paths of the image that it reads. */
  readonly readsInImage?: Readonly<Record<number, readonly string[]>>;
  /** How behaviour can be asked, and what programs need: of examples with packages. */
  readonly asked?: DistributionEvidence['asked'] | 'not';
  readonly needs?: Readonly<Record<string, readonly string[]>>;
}

/** Makes the evidence. */
export function evidenceFor(example: RewriteExample, options: EvidenceOptions = {}): MadeEvidence {
  const { before, context = {}, steps = {}, commits, ignoreFile, packages, programs, nodeProjects } = example;
  const empty: Evidence = {
    steps: [],
    image: { imageId: NONE, config: IMAGE, diffIds: [], tables: [], bytes: 0, sent: 0 },
    noise: new Set(),
    context: Object.entries(context).map(([path, bytes]) => ({ path, bytes, tracked: true })),
    ...(programs ? { programs: new Map(Object.entries(programs)) } : {}),
    ...(commits ? { history: { commits, days: 30 } } : {}),
    ...(nodeProjects ? { nodeProjects } : {}),
  };
  const draft: Draft = {
    source: { name: 'Dockerfile', text: before },
    ...(ignoreFile === undefined ? {} : { ignoreText: ignoreFile }),
    known: new Map(),
  };
  const around: Surroundings = {
    ...{ options: { hostPlatform: HOST }, image: () => IMAGE, evidence: empty },
    ...{ ignorePath: '.dockerignore', goal: options.goal ?? 'both' },
  };
  const subject = lookAt(draft, around);
  const copies = contextCopies(subject);
  const made = subject.lint.built.flatMap((built, i): StepEvidence[] => {
    const { instruction } = built;
    const { kind, node, span, text } = instruction;
    if (
      !makesLayer(instruction) ||
      (kind !== 'run' && kind !== 'copy' && kind !== 'add' && kind !== 'workdir')
    )
      return [];
    const { seconds = kind === 'run' ? 1 : 0.03, bytes = 0, reads, layer = {} } = steps[node.line] ?? {};
    const copy = copies.get(built);
    const files = [...copies].filter(([other]) => other.facts === built.facts).map(([, one]) => one);
    const table = withEntries(
      copy ? tableOf(copy.files, context) : tableOf(writtenBy(options.writes?.[node.line] ?? {})),
      { ...layer, ...packagesOfLine(packages ?? {}, node.line) },
    );
    return [
      {
        ...{
          id: `${built.facts.stage.index}.${i}`,
          title: text,
          kind,
          start: span.start,
          seconds,
          bytes,
          table,
          layer: `sha256:${String(i).padStart(64, '0')}` as Digest,
        },
        ...(copy ? { copies: [...copy.files.keys()] } : {}),
        ...(kind === 'run' && reads ? { reads: readsOf(reads, files, { ...options, line: node.line }) } : {}),
      },
    ];
  });
  const evidence = {
    ...(options.unbuilt
      ? { ...empty, unbuilt: true as const }
      : { ...empty, steps: made, image: imageOf(subject, made) }),
    ...(packages ? { distribution: distributionOf(packages, options) } : {}),
  };
  return { draft: { ...draft, known: knownOfOriginal(evidence) }, around: { ...around, evidence } };
}

/** The layers of the last stage, and of those that it stands on. */
function imageOf(subject: Subject, steps: readonly StepEvidence[]): ObservedImage {
  const { lint, evidence } = subject;
  const { stages } = lint.dockerfile;
  const shipped = new Set(lineage(stages, stages.at(-1)!).map(({ index }) => index));
  const own = steps.filter(({ id }) => shipped.has(Number.parseInt(id, 10)));
  const tables = own.map(({ table }) => table!);
  const bytes = tables.reduce((sum, { entries }) => entries.reduce((all, { size }) => all + size, sum), 0);
  return {
    ...evidence.image,
    config: configOf(subject),
    diffIds: own.map(({ layer }) => layer!),
    tables,
    bytes,
  };
}

/** As it is at the end: as an instruction behind the last one would find it. */
function configOf({ draft, around }: Subject): ImageConfig {
  const { name, text } = draft.source;
  const { lint } = lookAt({ source: { name, text: `${text}\nLABEL end=1\n` }, known: new Map() }, around);
  const { config } = lint.built.at(-1)!.before;
  return { ...IMAGE, config };
}

function readsOf(
  reads: readonly string[],
  copies: readonly ContextCopy[],
  { line, listed, missing, readsInImage }: EvidenceOptions & { readonly line: number },
): StepReadsOfContext {
  const from = new Map(
    reads.flatMap((path) =>
      copies.flatMap(({ files }): [string, string][] => (files.has(path) ? [[files.get(path)!, path]] : [])),
    ),
  );
  return {
    files: new Set([...from.keys(), 'usr/bin/env', ...(readsInImage?.[line] ?? [])]),
    looked: new Set(),
    listed: new Set(listed?.[line] ?? []),
    missing: new Set(missing?.[line] ?? []),
    cut: false,
    fromContext: from,
  };
}

function writtenBy(files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(files).map(([path, content]) => [content, path]));
}

const BARE = { mtime: 0, uid: 0, gid: 0, size: 0 };

/** A table with more entries, which go before what it has of the same path. */
function withEntries(
  { entries }: TableOfContents,
  more: Readonly<Record<string, number | Partial<Entry>>>,
): TableOfContents {
  const added = Object.entries(more).map(([path, one]): Entry => {
    const entry = { ...BARE, path, type: 'file', mode: 0o644 } as const;
    return typeof one === 'number' ? { ...entry, size: one } : { ...entry, ...one };
  });
  return { entries: [...entries.filter(({ path }) => more[path] === undefined), ...added] };
}

/** @param files what their content stands for, and their places */
export function tableOf(
  files: ReadonlyMap<string, string>,
  sizes: Readonly<Record<string, number>> = {},
): TableOfContents {
  const base = BARE;
  const directories = [...directoriesOf(files.values())].sort();
  return {
    entries: [
      ...directories.map((path): Entry => ({ ...base, path, type: 'dir', mode: 0o755 })),
      ...[...files].map(
        ([content, path]): Entry => ({
          ...{ ...base, path, type: 'file', mode: 0o644, digest: content as Digest },
          size: sizes[content] ?? 0,
        }),
      ),
    ],
  };
}
