// Directories of the context that a stage copies with all the rest, that none of its steps looked at, and of which nothing
// is in the image: tests, documents, charts, another program of the same repository.

import type { ContextCopy } from '../context-copies.ts';
import type { StepReadsOfContext } from '../evidence.ts';
import { neededStages } from '../needed-stages.ts';
import { builtOf, type Subject } from '../subject.ts';
import type { UnneededFiles } from '../unneeded-files.ts';
import { placesInImage } from './places-in-image.ts';

/** Directories that are beside a program, whatever language they are written in. */
const BESIDE =
  /^(tests?|testing|testdata|specs?|e2e|docs?|documentation|man|examples?|samples?|demos?|devel|contrib|bench(marks?)?|fuzz|hack|ci|\.?deploy(ment)?s?|charts?|helm|k8s|kubernetes|kustomize|terraform|ansible|packaging|debian|rpm|screenshots?|images?)$/i;
/** More lines nobody wants to read. */
const MOST = 6;

/** The largest of them, by how often commits touch them. */
export function unreadDirectories(
  subject: Subject,
  {
    copies,
    touched,
  }: { readonly copies: readonly ContextCopy[]; readonly touched: (root: string) => number },
): readonly UnneededFiles[] {
  const { context } = subject;
  const suffixes = new Set(
    runsOf(subject).flatMap(({ files, fromContext }) =>
      [...fromContext].flatMap(([place, path]) => (files.has(place) ? [suffixOf(path)] : [])),
    ),
  );
  const roots = new Set(
    context.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])),
  );
  return [...roots]
    .filter((root) => /^[\w.-]+$/.test(root) && root !== '.git' && touched(root) > 0)
    .flatMap((root): UnneededFiles[] => {
      const files = context.filter(({ path }) => path.startsWith(`${root}/`));
      // What is written as the program is may be a part of it tomorrow.
      if (!BESIDE.test(root) && files.some(({ path }) => suffixes.has(suffixOf(path)))) return [];
      if (files.some(({ tracked }) => tracked !== true) || !isUnseen(subject, { copies, root })) return [];
      return [{ kind: UNREAD, line: root, roots: [root], files }];
    })
    .sort((a, b) => touched(b.roots[0]!) - touched(a.roots[0]!))
    .slice(0, MOST);
}

const UNREAD: UnneededFiles['kind'] = {
  ...{ what: 'what no step looked at, and nothing of which is in the image' },
  ...{ careful: true, untracked: false, installed: false, unread: true },
};

/** Whether every step was watched, none looked at it, and nothing of it is in the image. */
function isUnseen(
  subject: Subject,
  { copies, root }: { readonly copies: readonly ContextCopy[]; readonly root: string },
): boolean {
  const taking = copies.filter(({ files }) => [...files.keys()].some((path) => path.startsWith(`${root}/`)));
  const places = placesInImage(subject, taking, [root]);
  if (places.length === 0) return false;
  const isThere = (path: string) => places.some((place) => path === place || path.startsWith(`${place}/`));
  const stages = [...new Set(taking.map(({ built }) => built.facts.stage.index))];
  const runs = stages.flatMap((stage) =>
    builtOf(subject, stage).filter(({ instruction }) => instruction.kind === 'run'),
  );
  if (runs.length === 0) return false;
  const looked = runs.every(({ instruction }) => {
    const reads = subject.observed(instruction)?.reads;
    if (!reads || reads.cut) return false;
    return ![reads.files, reads.looked, reads.listed].some((paths) => [...paths].some(isThere));
  });
  return (
    looked && !subject.evidence.image.tables.some(({ entries }) => entries.some(({ path }) => isThere(path)))
  );
}

function runsOf(subject: Subject): readonly StepReadsOfContext[] {
  return [...neededStages(subject)].flatMap((stage) =>
    builtOf(subject, stage).flatMap(({ instruction }) => subject.observed(instruction)?.reads ?? []),
  );
}

function suffixOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.', 1) ? name.slice(name.lastIndexOf('.')) : name;
}
