// What archives of images are made of.

import { displayPath } from '../../../core/index.ts';
import { CWD, closeFd, openForReading, readInto, statAt } from '../../../sys/index.ts';
import type { LayerSourceEntry } from '../../layer/index.ts';

/** No owner and no time: the same images give the same archive. */
function member(path: string, size: number): LayerSourceEntry['entry'] {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0 };
}

/** A directory. */
export function directoryMember(path: string): LayerSourceEntry {
  return { entry: { ...member(path, 0), type: 'dir', mode: 0o755 } };
}

/** A file with this content. */
export function textMember(path: string, text: string): LayerSourceEntry {
  const bytes = Buffer.from(text);
  let at = 0;
  const read = (buffer: Uint8Array) => {
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    at += part.length;
    return part.length;
  };
  return { entry: member(path, bytes.length), open: () => ({ read, close: () => {} }) };
}

/** A file that lies elsewhere, opened when it is its turn. */
export function fileMember(path: string, file: string): LayerSourceEntry {
  const stat = statAt(CWD, file);
  if (!stat) throw new Error(`'${displayPath(file)}' vanished`);
  const open = () => {
    const fd = openForReading(CWD, file);
    return { read: (buffer: Uint8Array) => readInto(fd, buffer), close: () => closeFd(fd) };
  };
  return { entry: member(path, stat.size), open };
}
