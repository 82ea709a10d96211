// Many files said in few words: the directories, or single files, that hold most of their bytes.

/** A directory with what is meant below it, or one file. */
export interface Place {
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
}

/** How many places are told at most. */
const MOST = 4;
/** The part of a directory's bytes that makes one name in it worth a place of its own. */
const LARGE = 0.7;

interface Branch {
  readonly path: string;
  bytes: number;
  files: number;
  readonly children: Map<string, Branch>;
}

/**
 * Where most of some files are, the largest place first. A directory is told as a whole, unless few names below it
 * say more. Together the places hold all files.
 */
export function placesOf(files: readonly { readonly path: string; readonly bytes: number }[]): Place[] {
  let places = [treeOf(files)];
  for (let next = split(places); next; next = split(places)) places = next;
  return places
    .map(({ path, bytes, files: count }) => ({ path, bytes, files: count }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
}

function treeOf(files: readonly { readonly path: string; readonly bytes: number }[]): Branch {
  const root = branch('');
  for (const { path, bytes } of files) {
    let at = root;
    for (let start = 0; ; ) {
      at.bytes += bytes;
      at.files++;
      if (start > path.length) break;
      const slash = path.indexOf('/', start);
      const end = slash < 0 ? path.length : slash;
      const name = path.slice(start, end);
      let child = at.children.get(name);
      if (!child) {
        child = branch(path.slice(0, end));
        at.children.set(name, child);
      }
      at = child;
      start = end + 1;
    }
  }
  return root;
}

function branch(path: string): Branch {
  return { path, bytes: 0, files: 0, children: new Map() };
}

/** One directory in more detail; undefined where that would say too much. */
function split(places: readonly Branch[]): Branch[] | undefined {
  const directories = places.filter(({ children }) => children.size > 0).sort((a, b) => b.bytes - a.bytes);
  for (const place of directories) {
    const others = places.filter((other) => other !== place);
    const children = [...place.children.values()];
    if (children.length === 1 || others.length + children.length <= MOST) return [...others, ...children];
    if (others.length + 2 > MOST) continue;
    const large = children.find(({ bytes }) => bytes >= LARGE * place.bytes);
    if (large) return [...others, large, without(place, large)];
  }
  return undefined;
}

/** What else a directory holds: not told in more detail. */
function without(place: Branch, child: Branch): Branch {
  return {
    path: place.path,
    bytes: place.bytes - child.bytes,
    files: place.files - child.files,
    children: new Map(),
  };
}
