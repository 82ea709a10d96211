// Images opened from anywhere, as verbs open them, with a store that a test gives.

import { type OpenImageOptions, openImage } from '../../src/app/open-image/open-image.ts';
import type { Services } from '../../src/app/services.ts';
import type { OpenedImage } from '../../src/oci/image/index.ts';
import type { Store } from '../../src/oci/store/index.ts';

export function openWith(store: Store, name: string, options: OpenImageOptions = {}): Promise<OpenedImage> {
  const unused = () => {
    throw new Error('not for looking');
  };
  const services: Services = {
    privilege: store.privilege,
    store: async () => store,
    onNotice: unused,
    runtime: unused,
    close: unused,
  };
  return openImage(services, name, options);
}

/** All that is in an image: for each layer its files with their contents, as `PATH=CONTENT`, and the other entries. */
export async function contentsOf(image: OpenedImage): Promise<string[][]> {
  const found: string[][] = [];
  for (const layer of image.layers) {
    const lines: string[] = [];
    await layer.read((entry) => {
      if (entry.type !== 'file') {
        lines.push(`${entry.type} ${entry.path}`);
        return undefined;
      }
      const parts: Buffer[] = [];
      return {
        data: (bytes) => void parts.push(Buffer.from(bytes)),
        end: () => void lines.push(`${entry.path}=${Buffer.concat(parts)}`),
      };
    });
    found.push(lines);
  }
  return found;
}
