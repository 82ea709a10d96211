// `mille sbom`: the packages of an image as a document.

import { version } from '../../../package.json' with { type: 'json' };
import { cycloneDx, type SbomInput, spdx } from '../../insight/sbom/index.ts';
import { canonicalName, formatReference, parseReference } from '../../oci/image/index.ts';
import { sha256 } from '../../sys/index.ts';
import { packages } from './packages.ts';
import type { PackagesResult, SbomOptions, SbomResult } from './types.ts';

/** Writes an inventory of an image. See `PackageVerbs.sbom`. */
export async function sbom(name: string, options: SbomOptions, signal?: AbortSignal): Promise<SbomResult> {
  const { format, ...choice } = options;
  const found = await packages(name, choice, signal);
  const write = format === 'spdx-json' ? spdx : cycloneDx;
  return { text: write(inputOf(found, format)), packages: found.packages.length, notes: found.notes };
}

function inputOf(found: PackagesResult, format: string): SbomInput {
  const { image, system, layers } = found;
  const { imageId, manifestDigest, platform, created } = image;
  return {
    ...named(image.title, imageId),
    ...{ imageId, architecture: platform.split('/')[1] ?? platform, version },
    ...(manifestDigest === undefined ? {} : { manifestDigest }),
    ...(created === undefined ? {} : { created }),
    ...(system ? { system } : {}),
    layers: layers.map(({ digest, diffId, instruction, source }) => ({
      ...{ digest, diffId, instruction },
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
