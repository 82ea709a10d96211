// Media types of the OCI image spec, and Docker's older equivalents that are accepted when read.

export const MEDIA = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layerTar: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerManifestList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerLayerTar: 'application/vnd.docker.image.rootfs.diff.tar',
} as const;

const OCI_LAYERS: Readonly<Record<string, string>> = {
  [MEDIA.dockerLayerGzip]: MEDIA.layerGzip,
  [MEDIA.dockerLayerTar]: MEDIA.layerTar,
};

/** OCI's name of a layer's media type, for new manifests: Docker's names are of the same bytes. Any other stays. */
export function ociLayerType(mediaType: string): string {
  return OCI_LAYERS[mediaType] ?? mediaType;
}
