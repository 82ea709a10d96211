// `--metadata-file`: what docker buildx tells of a finished build, in its keys.

import type { BuildResult, OutputSpec } from '../../app/index.ts';
import { readBoolean } from './boolean.ts';
import type { Host } from './spec.ts';

/**
 * How much of a build's provenance the file holds, as buildx is told by BUILDX_METADATA_PROVENANCE: a little if nothing is
 * said.
 */
export function metadataProvenance(env: Host['env']): 'min' | 'max' | undefined {
  const text = env.BUILDX_METADATA_PROVENANCE ?? '';
  if (text === 'disabled' || readBoolean(text) === false) return undefined;
  return text === 'max' ? 'max' : 'min';
}

/**
 * The document of a build. What is only files, or nothing at all, has no image in it.
 * @param image whether an image was wanted
 */
export function metadataDocument(result: BuildResult, image: boolean): string {
  const { buildId, imageId, imageIds, descriptor, names, provenance = [] } = result;
  const document = {
    ...Object.fromEntries(
      provenance.map(({ platform, content }) => [
        `buildx.build.provenance${provenance.length > 1 ? `/${platform}` : ''}`,
        content,
      ]),
    ),
    'buildx.build.ref': `default/default/${buildId}`,
    ...(image
      ? {
          // There is no one config of an index.
          ...(imageIds ? {} : { 'containerimage.config.digest': imageId }),
          'containerimage.descriptor': descriptor,
          'containerimage.digest': descriptor.digest,
          ...(names.length > 0 ? { 'image.name': names.join(',') } : {}),
        }
      : {}),
  };
  return JSON.stringify(document, undefined, 2);
}

/** Whether a build makes an image for somebody: for the store, or as an archive. */
export function makesImage({ outputs }: { readonly outputs: readonly OutputSpec[] }): boolean {
  return outputs.some(({ type }) => type !== 'local' && type !== 'tar');
}
