// An image with its packages, as a document tells of it.

import { version } from '../../../package.json' with { type: 'json' };
import type { SbomInput } from '../../insight/sbom/index.ts';
import { canonicalName, formatReference, parseReference } from '../../oci/image/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { LayerCause, PackagesResult } from './types.ts';

/** An image and its packages. How its layers are written need not be known. */
export interface Inventoried extends Pick<PackagesResult, 'image' | 'system' | 'packages'> {
  readonly layers: readonly (Pick<LayerCause, 'diffId' | 'instruction' | 'source'> &
    Partial<Pick<LayerCause, 'digest'>>)[];
}

/** What an inventory is written from. */
export function inputOf(found: Inventoried, format: string): SbomInput {
  const { image, system, layers } = found;
  const { imageId, manifestDigest, platform, created } = image;
  return {
    ...named(image.title, imageId),
    ...{ imageId, architecture: platform.split('/')[1] ?? platform, version },
    ...(manifestDigest === undefined ? {} : { manifestDigest }),
    ...(created === undefined ? {} : { created }),
    ...(system ? { system } : {}),
    layers: layers.map(({ digest, diffId, instruction, source }) => ({
      ...{ diffId, instruction },
      ...(digest === undefined ? {} : { digest }),
      ...(source ? { place: `${source.file}:${source.line}` } : {}),
    })),
    packages: found.packages,
    identity: sha256(
      JSON.stringify([format, version, imageId, manifestDigest, system, layers, found.packages]),
    ).slice('sha256:'.length),
  };
}

/** The parts of a name; an image without one goes by its id. */
function named(title: string, imageId: string): Pick<SbomInput, 'name' | 'tag' | 'repository'> {
  try {
    const reference = parseReference(title);
    const { tag } = reference;
    const repository = canonicalName(reference).replace(/[:@][^/]*$/, '');
    const name = formatReference(reference).replace(/[:@][^/]*$/, '');
    if (/^[0-9a-f]{12,64}$/.test(name)) return { name: imageId };
    return { name, repository, ...(tag === undefined ? {} : { tag }) };
  } catch {
    return { name: title };
  }
}
