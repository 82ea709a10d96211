// `--metadata-file`: what docker buildx tells of a finished build, in its keys.

import type { BuildResult, OutputSpec } from '../../app/index.ts';

/**
 * The document of a build. What is only files, or nothing at all, has no image in it; provenance is never made.
 * @param image whether an image was wanted
 */
export function metadataDocument(result: BuildResult, image: boolean): string {
  const { buildId, imageId, imageIds, descriptor, names } = result;
  const document = {
    'buildx.build.ref': `default/default/${buildId}`,
    ...(image
      ? {
          // There is no one config of several platforms.
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
