// As few COPY as bring all that is kept: whole directories where nothing else is in them, files where there is.

import { parentPath } from '../../../core/index.ts';
import type { Entry } from '../../../oci/image/index.ts';
import type { SeenTree } from '../../programs/index.ts';

/** What to cover. */
export interface CoverRequest {
  readonly whole: SeenTree;
  readonly kept: ReadonlySet<string>;
  /** What the last stage has before: a directory that is there keeps its owner and mode. */
  readonly isThere: (path: string) => boolean;
  /** What the stage that builds has there is what the last stage has: it may be copied once more. */
  readonly alike: boolean;
  /** Bytes that may be copied though they are not kept, where that spares lines. */
  readonly budget: number;
}

/** Lines of more than that many are nothing that anybody wants to read. */
const MOST_LINES = 10;
/** From so many lines of one directory on it is copied whole, if that costs little. */
const MANY = 4;

/** What one COPY takes: a directory, or files of one. */
export interface CopyGroup {
  /** Without a leading slash. */
  readonly sources: readonly string[];
  /** A directory: it is copied to where it was. */
  readonly whole: boolean;
}

/** The groups, by path; undefined where there would be too many, or some cannot be copied as they are. */
export function coverOf(request: CoverRequest): readonly CopyGroup[] | undefined {
  const groups = new Cover(request).below('');
  if (!groups || groups.length > MOST_LINES) return undefined;
  const names = groups.flatMap(({ sources }) => sources);
  // What would have to be escaped.
  if (names.some((path) => !/^[\w@%+=:,./-]+$/.test(path))) return undefined;
  return [...groups].sort((a, b) => (a.sources[0]! < b.sources[0]! ? -1 : 1));
}

interface Sum {
  kept: number;
  /** Of what is not kept: paths, bytes, and whether some of it is otherwise in the last stage. */
  others: number;
  bytes: number;
  foreign: boolean;
}

/** A directory that is made by the way. */
const PLAIN = { type: 'dir', mode: 0o755, uid: 0, gid: 0 } as const;

class Cover {
  private readonly children = new Map<string, string[]>();
  private readonly placed = new Set<string>();
  private readonly sums = new Map<string, Sum>();

  constructor(private readonly request: CoverRequest) {
    for (const [path, entry] of request.whole.entries) {
      this.place(path);
      this.count(path, entry);
    }
  }

  /** Layers need not list the directories above what they bring. */
  private place(path: string): void {
    if (path === '' || this.placed.has(path)) return;
    this.placed.add(path);
    const parent = parentPath(path);
    const known = this.children.get(parent);
    if (known) known.push(path);
    else this.children.set(parent, [path]);
    this.place(parent);
  }

  /** What of a directory is kept; undefined where it cannot be copied. */
  below(directory: string): readonly CopyGroup[] | undefined {
    const files: string[] = [];
    const groups: CopyGroup[] = [];
    for (const path of this.children.get(directory) ?? []) {
      const sum = this.sums.get(path);
      const isKept = this.request.kept.has(path);
      if (!isKept && !sum?.kept) continue;
      const entry = this.request.whole.entries.get(path) ?? PLAIN;
      if (entry.type === 'dir') {
        const found = this.directory(path, entry);
        if (!found) return undefined;
        groups.push(...found);
      } else if (entry.type === 'file' || entry.type === 'hardlink') files.push(path);
      // COPY follows a link that it is told to copy; what is no file it cannot copy at all. In a directory both are.
      else return undefined;
    }
    return files.length > 0 ? [...groups, { sources: files, whole: false }] : groups;
  }

  private directory(
    path: string,
    entry: Pick<Entry, 'mode' | 'uid' | 'gid'>,
  ): readonly CopyGroup[] | undefined {
    const whole = [{ sources: [path], whole: true }];
    const sum = this.sums.get(path);
    const isNew = this.request.whole.entries.has(path) && !this.request.isThere(path);
    if (!sum || (isNew && sum.others === 0)) return whole;
    const canBeWhole = (this.request.alike || !sum.foreign) && sum.bytes <= this.request.budget;
    const isPlain = entry.mode === PLAIN.mode && entry.uid === 0 && entry.gid === 0;
    const parts = isNew && !isPlain ? undefined : this.below(path);
    if (parts && (parts.length < MANY || !canBeWhole)) return parts;
    return canBeWhole ? whole : undefined;
  }

  private count(path: string, { type, size }: Entry): void {
    const isKept = this.request.kept.has(path);
    if (type === 'dir' && !isKept) return;
    const isForeign = !isKept && this.request.isThere(path);
    for (let above = parentPath(path); above !== ''; above = parentPath(above)) {
      const sum = this.sums.get(above) ?? { kept: 0, others: 0, bytes: 0, foreign: false };
      this.sums.set(above, sum);
      if (isKept) sum.kept++;
      else {
        sum.others++;
        sum.bytes += size;
        sum.foreign ||= isForeign;
      }
    }
  }
}
