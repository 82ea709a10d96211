// Sizes of directories that take long to measure, remembered in the database under a stamp: where anything could have
// changed, the stamp is another one and the directory is measured again.

import { MilleError } from '../../core/index.ts';
import { CWD, type DiskUsage, diskUsage, type FileStat, statAt } from '../../sys/index.ts';
import type { Place } from './place.ts';

/** A directory of the store, by its path from the root. */
export interface StampedDirectory {
  readonly name: string;
  readonly stamp: string;
}

/** The size of a directory, measured where it isn't known under this stamp. */
export function sizeOf({ db, paths }: Place, { name, stamp }: StampedDirectory): DiskUsage {
  const known = db.get<DiskUsage & { stamp: string }>(
    'SELECT stamp, bytes, files FROM sizes WHERE directory = ?',
    name,
  );
  if (known?.stamp === stamp) return { bytes: known.bytes, files: known.files };
  const size = diskUsage(`${paths.root}/${name}`);
  unlessFull(() => {
    db.run(
      'INSERT INTO sizes VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET stamp = ?2, bytes = ?3, files = ?4',
      ...[name, stamp, size.bytes, size.files],
    );
  });
  return size;
}

/** Forgets the size of a directory that is gone. */
export function forgetSize({ db }: Place, name: string): void {
  db.run('DELETE FROM sizes WHERE directory = ?', name);
}

/** The stamp of a directory in which nothing ever changes: another one of the same name has another. */
export function stampOf({ ino, ctime, ctimeNsec }: FileStat): string {
  return `${ino}:${ctime}.${ctimeNsec}`;
}

/** The stamp of an unpacked layer; undefined where it is gone. */
export function layerStamp({ paths }: Place, hex: string): StampedDirectory | undefined {
  const stat = statAt(CWD, `${paths.layers}/${hex}`);
  return stat?.type === 'dir' ? { name: `layers/${hex}`, stamp: stampOf(stat) } : undefined;
}

/** Writes something down that nobody needs: where it cannot be written, it isn't. */
export function unlessFull(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof MilleError) || (error.code !== 'disk-full' && error.code !== 'io')) throw error;
  }
}
