// Projects of Node in an image: their package.json, and npm's record of what it installed for them.

import { type Digest, joinRelative, parentPath } from '../../core/index.ts';
import {
  type NodeProject,
  type ObservedImage,
  RECORD,
  readNodeProject,
} from '../../insight/optimize/index.ts';
import type { ContentVisitor, Entry } from '../../oci/image/index.ts';
import { withImage } from '../open-image/open-image.ts';
import { withServices } from '../services.ts';

/** Larger records are nobody's. */
const LARGEST = 32 * 1024 * 1024;
/** More projects are no project. */
const MOST = 16;

/** Those of some layers. */
export async function seeNodeProjects(
  image: ObservedImage,
  wanted: ReadonlySet<Digest>,
): Promise<readonly NodeProject[]> {
  const directories = directoriesOf(image, wanted);
  if (directories.length === 0) return [];
  const paths = new Set(directories.flatMap((one) => [manifestOf(one), recordOf(one)]));
  const texts = new Map<string, string>();
  await withServices('read', (services) =>
    withImage(services, image.imageId, {}, async ({ layers }) => {
      for (const layer of layers) {
        if (!wanted.has(layer.diffId)) continue;
        await layer.read((entry) => {
          if (!paths.has(entry.path)) return undefined;
          // Of a path that several layers have, the topmost.
          texts.delete(entry.path);
          return entry.type === 'file' && entry.size <= LARGEST
            ? gather(entry, (text) => texts.set(entry.path, text))
            : undefined;
        });
      }
    }),
  );
  return directories.flatMap((directory) => {
    const [manifest, record] = [texts.get(manifestOf(directory)), texts.get(recordOf(directory))];
    const project =
      manifest !== undefined && record !== undefined && readNodeProject(directory, { manifest, record });
    return project ? [project] : [];
  });
}

/** Where a record lies that is no package's own. */
function directoriesOf({ diffIds, tables }: ObservedImage, wanted: ReadonlySet<Digest>): readonly string[] {
  const found = new Set<string>();
  tables.forEach(({ entries }, i) => {
    if (!wanted.has(diffIds[i]!)) return;
    for (const { path, type } of entries)
      if (type === 'file' && path.endsWith(`node_modules/${RECORD}`)) {
        const directory = parentPath(parentPath(path));
        if (recordOf(directory) === path && !/(^|\/)node_modules(\/|$)/.test(directory)) found.add(directory);
      }
  });
  return [...found].slice(0, MOST);
}

const manifestOf = (directory: string) => joinRelative(directory, 'package.json');
const recordOf = (directory: string) => joinRelative(directory, `node_modules/${RECORD}`);

function gather({ size }: Entry, done: (text: string) => void): ContentVisitor {
  const bytes = new Uint8Array(size);
  let at = 0;
  return {
    data(chunk) {
      const part = chunk.subarray(0, size - at);
      bytes.set(part, at);
      at += part.length;
    },
    end: () => done(new TextDecoder().decode(bytes)),
  };
}
