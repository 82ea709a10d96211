// The layers of an image, from base to top: who made each, what it weighs, what it does, and who else has it.

import type { Digest } from '../../core/index.ts';
import type { Descriptor, ImageConfig } from '../../oci/image/index.ts';
import type { FoundBase, KnownImage } from './base.ts';
import type { Contents } from './contents.ts';
import { bytesByLayer, type ChangeCounts, type LayerFigures } from './figures.ts';
import { instructionText } from './instruction.ts';

/** A line of a Dockerfile. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** One layer. */
export interface LayerFacts {
  /** From 0, the lowest. People count from 1. */
  readonly index: number;
  readonly diffId: Digest;
  /** Of the blob as it is stored or sent. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes of the uncompressed tar. */
  readonly bytes: number;
  /** Bytes of the blob. */
  readonly sent: number;
  /** Bytes of the files that it carries, hard links once. */
  readonly contentBytes: number;
  /** Of those, what a container sees at the end. */
  readonly visibleBytes: number;
  /** As somebody would write it; '' where the history says nothing. */
  readonly instruction: string;
  /** As the history has it. */
  readonly createdBy: string;
  /** RFC 3339. */
  readonly created?: string;
  /** Where the instruction stands, if the record of its build is here. */
  readonly source?: SourceLine;
  readonly origin: 'base' | 'own';
  readonly entries: number;
  readonly files: ChangeCounts;
  /** Other images here that have the layer. */
  readonly sharedWith: readonly string[];
}

/** The layers of an image, bottom first. */
export interface LayerStack {
  readonly layers: readonly LayerFacts[];
  readonly base?: FoundBase;
  /** Sums over all layers. */
  readonly bytes: number;
  readonly sent: number;
}

/** What a stack is made from. */
export interface StackInput {
  readonly config: ImageConfig;
  readonly layers: readonly { readonly diffId: Digest; readonly blob: Descriptor; readonly bytes: number }[];
  /** What the layers do, and the files that they carry. */
  readonly figures: readonly LayerFigures[];
  readonly contents: Contents;
  readonly base?: FoundBase;
  /** Other images; the image itself is none of them. */
  readonly others?: readonly KnownImage[];
  /** Lines of Dockerfiles by the layers that they made. */
  readonly lines?: ReadonlyMap<Digest, SourceLine>;
}

/** Describes the layers of an image. */
export function layerStack(input: StackInput): LayerStack {
  const { config, layers, figures, base, others = [], lines } = input;
  const made = (config.history ?? []).filter((entry) => !entry.empty_layer);
  const sharers = sharersOf(others);
  const content = bytesByLayer(input.contents, layers.length);
  const facts = layers.map(({ diffId, blob, bytes }, index): LayerFacts => {
    const { created_by: createdBy = '', created } = made[index] ?? {};
    const source = lines?.get(diffId);
    return {
      ...{ index, diffId, digest: blob.digest, mediaType: blob.mediaType, bytes, sent: blob.size },
      contentBytes: content[index]!.bytes,
      visibleBytes: content[index]!.visible,
      ...{ instruction: instructionText(createdBy), createdBy },
      ...(created === undefined ? {} : { created }),
      ...(source ? { source } : {}),
      origin: index < (base?.layers ?? 0) ? 'base' : 'own',
      ...figures[index]!,
      sharedWith: sharers.get(diffId) ?? [],
    };
  });
  return {
    layers: facts,
    ...(base ? { base } : {}),
    bytes: facts.reduce((sum, { bytes }) => sum + bytes, 0),
    sent: facts.reduce((sum, { sent }) => sum + sent, 0),
  };
}

function sharersOf(others: readonly KnownImage[]): ReadonlyMap<Digest, readonly string[]> {
  const sharers = new Map<Digest, string[]>();
  for (const { title, diffIds } of others) {
    for (const diffId of new Set(diffIds)) {
      const known = sharers.get(diffId);
      if (known) known.push(title);
      else sharers.set(diffId, [title]);
    }
  }
  return sharers;
}
