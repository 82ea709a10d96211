// Where what was found in an image lies: its layer, the instruction that wrote it, what hides it by now, and what is
// advised for that.

import type { Digest } from '../../core/index.ts';
import type { OpenedImage, OpenedLayer } from '../../oci/image/index.ts';
import { adviceFor, type Origin } from '../../secrets/index.ts';
import { createHidingIndex } from './hidden.ts';
import type { InstructionOrigin } from './origins.ts';
import { showInstruction } from './show.ts';
import type { SecretFinding, SecretInstruction } from './types.ts';

/** What is known of an image's layers and history. */
export interface KnownLayers {
  /** Those of the image, and those of other stages behind them. */
  readonly layers: readonly OpenedLayer[];
  /** Those that hide one another. */
  readonly stack: readonly OpenedLayer[];
  readonly origins: readonly InstructionOrigin[];
  ofBase(entry: number): boolean;
  /** Entries of the history as they can be shown. */
  readonly history: readonly { readonly shown: string }[];
}

type Place = Pick<SecretFinding, 'where' | 'layer' | 'instruction' | 'visible' | 'hidden' | 'advice'>;

/** Tells the place of findings. */
export interface Placing {
  /** The instruction of an entry of the history. */
  readonly instruction: (entry: number) => SecretInstruction;
  /** @param digest the content of what was found: the same content in a later layer does not hide it, where this is given */
  inLayer(layer: number, path: string, digest: Digest | undefined): Promise<Place>;
}

/** Tells the place of findings in an image. */
export function createPlacing(
  image: OpenedImage,
  { layers, stack, origins, ofBase, history }: KnownLayers,
): Placing {
  const hiding = createHidingIndex(stack);
  const instruction = (entry: number): SecretInstruction => ({
    text: history[entry]?.shown ?? '',
    ...placeInDockerfile(origins.find((origin) => origin.entry === entry)),
    fromBase: ofBase(entry),
  });
  const ofLayer = (layer: number): SecretInstruction => {
    const origin = origins[layer];
    const text =
      origin?.entry === undefined
        ? showInstruction(origin?.text ?? '', [])
        : (history[origin.entry]?.shown ?? '');
    return { text, ...placeInDockerfile(origin), fromBase: origin?.base ?? false };
  };
  return {
    instruction,
    async inLayer(layer, path, digest) {
      const inImage = layer < stack.length;
      const hidden = inImage ? await hiding.hiding(layer, path, digest) : undefined;
      return {
        where: inImage ? 'layer' : image.isCache ? 'cache' : 'stage',
        layer: { index: layer, diffId: layers[layer]!.diffId },
        ...(image.isCache && origins[layer]?.line === undefined ? {} : { instruction: ofLayer(layer) }),
        visible: inImage && !hidden,
        ...(hidden ? { hidden: { ...hidden, instruction: ofLayer(hidden.layer) } } : {}),
        advice: adviceFor(image.isCache ? { kind: 'cache' } : originOf(origins[layer], path)),
      };
    },
  };
}

function placeInDockerfile(origin: InstructionOrigin | undefined): { dockerfile?: string; line?: number } {
  const { dockerfile, line } = origin ?? {};
  return { ...(dockerfile === undefined ? {} : { dockerfile }), ...(line === undefined ? {} : { line }) };
}

/** What brought a file in: COPY and ADD take it from the context, all else writes it. */
function originOf(origin: InstructionOrigin | undefined, path: string): Origin {
  if (origin?.base) return { kind: 'base' };
  const text = origin?.text ?? '';
  const copied = /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:COPY|ADD)\b(.*)/is.exec(text);
  if (copied)
    return /^[^[]*--from=/.test(copied[1]!) ? { kind: 'stage' } : { kind: 'context', path, exact: false };
  return /^(?:RUN|\/bin\/sh|\|\d)/.test(text) ? { kind: 'run', path } : { kind: 'base' };
}
