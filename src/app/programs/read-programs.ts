// Programs of layers, found by how they begin.

import type { ContentVisitor, Entry, OpenedLayer } from '../../oci/image/index.ts';

/** Larger files are no programs that anybody names. */
const LARGEST = 512 * 1024 * 1024;

/** What somebody reads in what begins as a program does, of some layers: of a path that several have, the topmost. */
export async function readPrograms<T>(
  layers: readonly OpenedLayer[],
  read: (bytes: Uint8Array) => T | undefined,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  for (const layer of layers)
    await layer.read((entry) => {
      if (entry.type !== 'file') return undefined;
      found.delete(entry.path);
      return mayBeProgram(entry)
        ? gather(entry, (bytes) => {
            const facts = read(bytes);
            if (facts) found.set(entry.path, facts);
          })
        : undefined;
    });
  return found;
}

function mayBeProgram({ path, mode, size }: Entry): boolean {
  return size > 4 && size <= LARGEST && ((mode & 0o111) !== 0 || /\.so(\.|$)|\.node$/.test(path));
}

/** Holds what begins as a program does, and nothing else. */
function gather({ size }: Entry, done: (bytes: Uint8Array) => void): ContentVisitor {
  let bytes: Uint8Array | undefined;
  let at = 0;
  let other = false;
  return {
    data(chunk) {
      if (other) return;
      if (!bytes) {
        const isScript = chunk[0] === 0x23 && chunk[1] === 0x21;
        other = !isScript && !(chunk[0] === 0x7f && chunk[1] === 0x45);
        if (other) return;
        // Of a script only the first line counts.
        bytes = new Uint8Array(isScript ? Math.min(size, 4096) : size);
      }
      const part = chunk.subarray(0, bytes.length - at);
      bytes.set(part, at);
      at += part.length;
    },
    end() {
      if (bytes) done(bytes);
    },
  };
}
