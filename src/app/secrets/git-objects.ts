// What a .git directory holds: loose objects, and packs. Of differences inside packs the inserted text is looked at,
// which is where a secret that somebody added would be.

import { inflateAtMost } from '../../sys/index.ts';

const LOOSE = /(?:^|\/)\.git\/(?:modules\/[^!]+\/)?objects\/[0-9a-f]{2}\/[0-9a-f]{38,62}$/;
const PACK = /(?:^|\/)\.git\/(?:modules\/[^!]+\/)?objects\/pack\/pack-[0-9a-f]+\.pack$/;

/** Whether a file belongs to git's objects, by its path. */
export function isGitObjects(path: string): boolean {
  return LOOSE.test(path) || PACK.test(path);
}

/** Contents of objects, one after another. */
export async function* gitObjects(
  path: string,
  bytes: Uint8Array,
  most: number,
): AsyncGenerator<{ readonly name: string; readonly bytes: Uint8Array }> {
  if (LOOSE.test(path)) {
    const found = await inflateAtMost(bytes, 'zlib', most);
    if (found) yield { name: 'object', bytes: found.bytes };
    return;
  }
  yield* packed(bytes, most);
}

const REF_DELTA = 7;
const OFFSET_DELTA = 6;

async function* packed(bytes: Uint8Array, most: number) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 32 || view.getUint32(0) !== 0x5041434b) return;
  let at = 12;
  for (let left = view.getUint32(8); left > 0 && at < bytes.length - 20; left--) {
    const start = at;
    let byte = bytes[at++]!;
    const type = (byte >> 4) & 7;
    while ((byte & 0x80) !== 0 && at < bytes.length) byte = bytes[at++]!;
    if (type === REF_DELTA) at += 20;
    if (type === OFFSET_DELTA) while (at < bytes.length && (bytes[at++]! & 0x80) !== 0);
    const found = await inflateAtMost(bytes.subarray(at), 'zlib', most);
    // Without its end the next object cannot be found.
    if (!found || found.consumed === 0) return;
    at += found.consumed;
    yield { name: `object at ${start}`, bytes: found.bytes };
  }
}
