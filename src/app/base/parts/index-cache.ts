// Answers of package indexes, kept in the store: a file for each page, few and small, none of which anybody must have.

import { digestHex } from '../../../core/index.ts';
import type { IndexFile } from '../../../insight/compatibility/index.ts';
import {
  CWD,
  closeFd,
  listDirectory,
  makeDirectories,
  O,
  openAt,
  readSmallFile,
  replaceFile,
  sha256,
  statAt,
  unlinkAt,
} from '../../../sys/index.ts';

const FRESH = 3600 * 1000;
const MOST = 400;
const LARGEST = 16 * 1024 * 1024;

/** What was kept of a page. */
export interface KeptPage {
  readonly files: readonly IndexFile[];
  /** Not an hour old. */
  readonly fresh: boolean;
}

/** The answers that a store keeps. What cannot be read or written is as if it were not there. */
export class IndexCache {
  private readonly directory: string;

  constructor(root: string) {
    this.directory = `${root}/package-index`;
  }

  read(url: string): KeptPage | undefined {
    try {
      const path = this.pathOf(url);
      const text = Buffer.from(readSmallFile(CWD, path, LARGEST)).toString();
      const { url: own, at, files } = JSON.parse(text) as Record<string, unknown>;
      if (own !== url || typeof at !== 'number' || !Array.isArray(files)) return undefined;
      const sound = files.filter(
        (one): one is IndexFile => typeof (one as IndexFile | null)?.name === 'string',
      );
      const age = Date.now() - at;
      return { files: sound, fresh: age >= 0 && age < FRESH };
    } catch {
      return undefined;
    }
  }

  write(url: string, files: readonly IndexFile[]): void {
    try {
      makeDirectories(this.directory);
      replaceFile(this.pathOf(url), Buffer.from(JSON.stringify({ url, at: Date.now(), files })));
      this.prune();
    } catch {
      // A store that is somebody else's, or full.
    }
  }

  /** Those that were written longest ago go. */
  private prune(): void {
    const fd = openAt(CWD, this.directory, { flags: O.RDONLY | O.DIRECTORY });
    try {
      const names = listDirectory(fd);
      if (names.length <= MOST) return;
      const dated = names.map((name) => ({ name, time: statAt(fd, name)?.mtime ?? 0 }));
      const old = dated.toSorted((a, b) => a.time - b.time).slice(0, names.length - MOST);
      for (const { name } of old) unlinkAt(fd, name);
    } finally {
      closeFd(fd);
    }
  }

  private pathOf(url: string): string {
    return `${this.directory}/${digestHex(sha256(url))}.json`;
  }
}
