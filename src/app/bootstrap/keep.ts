// A base in the store: its tar as a layer, an image of that layer.

import type { Digest } from '../../core/index.ts';
import type { BootstrapOutcome } from '../../insight/base/index.ts';
import {
  type ImageConfig,
  type LayerInfo,
  type Manifest,
  MEDIA,
  type Platform,
} from '../../oci/image/index.ts';
import { copyAndScan } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { readChunks } from '../../sys/index.ts';

/** Takes a plain tar into the store as a layer. */
export async function keepLayer(store: Store, path: string): Promise<LayerInfo> {
  let diffId: Digest | undefined;
  const writer = store.createBlobWriter({ digest: () => diffId! });
  try {
    const { info, toc } = await copyAndScan(readChunks(path), (bytes) => writer.write(bytes));
    diffId = info.diffId;
    const blob = writer.commit();
    store.addLayer({ info, toc, descriptor: { mediaType: MEDIA.layerTar, ...blob } });
    return info;
  } finally {
    writer.abort();
  }
}

/** Makes the image, and gives it its name. */
export function keepImage(
  store: Store,
  made: {
    readonly base: BootstrapOutcome;
    readonly layer: LayerInfo;
    readonly name: string;
    readonly platform: Platform;
  },
): { readonly imageId: Digest; readonly manifest: Digest } {
  const { base, layer, name, platform } = made;
  const created = new Date(base.epoch * 1000).toISOString();
  const config: ImageConfig = {
    created,
    ...platform,
    config: base.config,
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
    history: [{ created, created_by: base.history, comment: 'millefeuille' }],
  };
  const configText = JSON.stringify(config);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, ...store.putBlob(configText) },
    layers: [store.layer(layer.diffId)!.descriptor],
  };
  return store.changeNames(() => {
    const image = store.putImage({ manifest: JSON.stringify(manifest), config: configText });
    store.tag(name, image.manifestDigest);
    return { imageId: image.imageId, manifest: image.manifestDigest };
  });
}
