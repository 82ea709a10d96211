// What of some files seldom changes though the rest often does: the largest directories and files for which that holds.

/** A file, and how often it changes. */
export interface ChangingFile {
  /** Relative to what is to be divided. */
  readonly path: string;
  readonly bytes: number;
  /** The commits that change it, by any numbers that tell them apart. */
  readonly commits: ReadonlySet<number>;
}

/** A directory or file that stays while others change. */
export interface StaticPart {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly bytes: number;
  /** Commits that change something else of the whole, and nothing of this. */
  readonly spared: number;
}

/** Parts, at most: each is a layer of its own. */
const MOST_PARTS = 3;

/** Fewer that change anything of the whole say nothing about what is usual. */
const FEWEST_COMMITS = 5;

/** Smaller is not worth a layer. */
const FEWEST_BYTES = 1_000_000;

/** Of the whole. */
const SMALLEST_SHARE = 0.1;

/** As often as this, of the commits that change anything of the whole, a part may change, or once: somebody added it. */
const SELDOM = 0.1;

/** Finds them, the largest first. None where little would be won. */
export function staticParts(files: readonly ChangingFile[]): readonly StaticPart[] {
  const all = commitsOf(files);
  const total = bytesOf(files);
  if (all.size < FEWEST_COMMITS) return [];
  const least = Math.max(FEWEST_BYTES, total * SMALLEST_SHARE);
  const found: StaticPart[] = [];
  const visit = (path: string, inside: readonly ChangingFile[]): void => {
    const bytes = bytesOf(inside);
    if (bytes < least) return;
    const commits = commitsOf(inside);
    if (commits.size <= Math.max(1, all.size * SELDOM) && commits.size < all.size) {
      // Of the whole nothing would be left.
      if (path === '') return;
      const isDirectory = inside.length > 1 || inside[0]!.path !== path;
      found.push({ path, isDirectory, bytes, spared: all.size - commits.size });
      return;
    }
    for (const [child, below] of childrenOf(path, inside)) visit(child, below);
  };
  visit('', files);
  return found.sort((a, b) => b.bytes - a.bytes).slice(0, MOST_PARTS);
}

function bytesOf(files: readonly ChangingFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function commitsOf(files: readonly ChangingFile[]): ReadonlySet<number> {
  return new Set(files.flatMap(({ commits }) => [...commits]));
}

function childrenOf(
  directory: string,
  files: readonly ChangingFile[],
): ReadonlyMap<string, readonly ChangingFile[]> {
  const start = directory === '' ? 0 : directory.length + 1;
  const children = new Map<string, ChangingFile[]>();
  for (const file of files) {
    // A file has nothing below it.
    if (file.path.length < start) continue;
    const end = file.path.indexOf('/', start);
    const child = end === -1 ? file.path : file.path.slice(0, end);
    const there = children.get(child);
    if (there) there.push(file);
    else children.set(child, [file]);
  }
  return children;
}
