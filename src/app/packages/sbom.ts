// `mille sbom`: the packages of an image as a document.

import { cycloneDx, spdx } from '../../insight/sbom/index.ts';
import { packages } from './packages.ts';
import { inputOf } from './sbom-input.ts';
import type { SbomOptions, SbomResult } from './types.ts';

/** Writes an inventory of an image. See `PackageVerbs.sbom`. */
export async function sbom(name: string, options: SbomOptions, signal?: AbortSignal): Promise<SbomResult> {
  const { format, ...choice } = options;
  const found = await packages(name, choice, signal);
  const write = format === 'spdx-json' ? spdx : cycloneDx;
  return { text: write(inputOf(found, format)), packages: found.packages.length, notes: found.notes };
}
