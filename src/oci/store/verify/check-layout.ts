// The store as a directory: what other tools look for, what the program expects, and the database itself.

import { CWD, closeFd, lockFd, O, openAt, readSmallFile, statAt } from '../../../sys/index.ts';
import { currentIndex, LAYOUT_MARKER, readIndexFile } from '../index-file.ts';
import { storeDirectories } from '../layout.ts';
import { namesIn } from '../names-in.ts';
import type { Place } from '../place.ts';
import type { StoreProblem } from './problem.ts';

function missingDirectories({ paths }: Place): string[] {
  return storeDirectories(paths).filter((path) => statAt(CWD, path)?.type !== 'dir');
}

/** What is wrong with the directory; without its parts nothing else can be looked at. */
export function checkLayout(place: Place): StoreProblem[] {
  const { paths } = place;
  const remedy = "'mille store verify --repair' makes it again";
  const problems = missingDirectories(place).map((path): StoreProblem => {
    const subject = path.slice(paths.root.length + 1);
    return { kind: 'layout', subject, message: `${subject}/ is missing`, remedy, repairable: true };
  });
  if (markerText(place) !== LAYOUT_MARKER) {
    const message = 'oci-layout does not say that this is an OCI image layout';
    problems.push({ kind: 'layout', subject: 'oci-layout', message, remedy, repairable: true });
  }
  return problems;
}

function markerText({ paths }: Place): string | undefined {
  if (statAt(CWD, paths.layoutFile)?.type !== 'file') return undefined;
  try {
    return JSON.stringify(JSON.parse(Buffer.from(readSmallFile(CWD, paths.layoutFile, 4096)).toString()));
  } catch {
    return undefined;
  }
}

/** Whether the index shows the names that the database has. Nobody changes them meanwhile. */
export function checkIndex(place: Place): StoreProblem[] {
  const fd = openAt(CWD, place.paths.indexLock, { flags: O.RDWR | O.CREAT, mode: 0o644 });
  try {
    lockFd(fd, { exclusive: true, wait: true });
    if (readIndexFile(place) === currentIndex(place)) return [];
  } finally {
    closeFd(fd);
  }
  return [
    {
      kind: 'index',
      subject: 'index.json',
      message: 'index.json does not show the current names',
      remedy: "'mille store verify --repair' writes it again; so does whatever changes a name",
      repairable: true,
    },
  ];
}

/** Whether the database is one. */
export function checkDatabase(place: Place, { deep }: { readonly deep: boolean }): StoreProblem[] {
  const { db, paths } = place;
  const problem = (message: string, remedy: string): StoreProblem => ({
    ...{ kind: 'database', subject: 'mille.db', message, remedy },
    repairable: false,
  });
  if (!statAt(CWD, paths.database)) {
    const has = statAt(CWD, paths.blobs) !== undefined && namesIn(paths.blobs).length > 0;
    const remedy = `put it back, or take the images that index.json names into another store: skopeo copy oci:${paths.root}:NAME docker-archive:FILE`;
    return has ? [problem('mille.db is missing, though there are blobs', remedy)] : [];
  }
  const rows = db.all<Record<string, string>>(deep ? 'PRAGMA integrity_check' : 'PRAGMA quick_check');
  const said = rows.flatMap((row) => Object.values(row)).filter((line) => line !== 'ok');
  const remedy = 'save what can be saved (mille save) and load it into another store (MILLE_ROOT)';
  return said.slice(0, SHOWN).map((line) => problem(`mille.db is damaged: ${line}`, remedy));
}

const SHOWN = 5;
