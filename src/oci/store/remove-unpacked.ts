// Unpacked layers taken away; they can be made again from their blobs. Their bytes are freed before the database is
// written, which a full disk may refuse.

import { isDigest } from '../../core/index.ts';
import { CWD, removeTree, renameAt, statAt } from '../../sys/index.ts';
import type { Take } from './claims.ts';
import type { Place } from './place.ts';
import { forgetSize, layerStamp, sizeOf } from './sizes.ts';
import { forgetUse } from './uses.ts';

/** What was removed. */
export interface RemovedUnpacked {
  /** By the hexadecimal digits of their keys, with what they took of the disk. */
  readonly forms: readonly { readonly name: string; readonly bytes: number }[];
}

/** Removes unpacked layers, by the hexadecimal digits of their keys, but those that somebody relies on. */
export function removeUnpacked(place: Place, names: readonly string[]): RemovedUnpacked {
  const forms: { name: string; bytes: number }[] = [];
  for (const name of names) {
    const directory = layerStamp(place, name);
    const bytes = directory ? sizeOf(place, directory).bytes : 0;
    if (hide(place, name)) forms.push({ name, bytes });
  }
  forget(place, names);
  return { forms };
}

/** Away in one step, then piece by piece: no half of a layer is ever seen under its name. */
function hide({ claims, paths, workspace }: Place, name: string): boolean {
  const directory = `${paths.layers}/${name}`;
  const away = claims.removing((take) => {
    if (!mayTake(take, name) || !statAt(CWD, directory)) return undefined;
    const path = workspace.freshPath('removed');
    renameAt({ dirFd: CWD, name: directory }, { dirFd: CWD, name: path });
    return path;
  });
  if (away === undefined) return false;
  removeTree(CWD, away);
  return true;
}

/** Forgets what isn't there: short names and rows. Whoever makes it again meanwhile has claimed it, and keeps them. */
function forget(place: Place, names: readonly string[]): void {
  const { claims, db, paths } = place;
  claims.removing((take) =>
    db.transaction(() => {
      for (const name of names) {
        if (!mayTake(take, name) || statAt(CWD, `${paths.layers}/${name}`)) continue;
        const key = `sha256:${name}`;
        const row = db.get<{ id: number }>('SELECT id FROM unpacked WHERE key = ?', key);
        if (row) removeTree(CWD, `${paths.links}/${row.id.toString(36)}`);
        db.run('DELETE FROM unpacked WHERE key = ?', key);
        forgetSize(place, `layers/${name}`);
        forgetUse(db, `unpacked:${key}`);
      }
    }),
  );
}

/** What has no digest for a name is nobody's. */
function mayTake(take: Take, name: string): boolean {
  const key = `sha256:${name}`;
  return !isDigest(key) || take(`unpacked:${key}`);
}
