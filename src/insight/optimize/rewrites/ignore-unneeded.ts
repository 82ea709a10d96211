// Lines of .dockerignore for what is copied because it lies in the directory, and that no step has a use for.

import { formatSize } from '../../../core/index.ts';
import { createIgnoreMatcher, parsePatterns } from '../../../lang/ignore/index.ts';
import { boundContextPaths } from '../../lint/index.ts';
import { changed } from '../change.ts';
import { commitsOf } from '../commits.ts';
import { type ContextCopy, contextCopies } from '../context-copies.ts';
import type { ContextFile } from '../evidence.ts';
import { gainOf } from '../gain.ts';
import { FEW_BYTES, shippedStages } from '../leavings.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Allowance, Proposal, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { type UnneededFiles, unneededFiles } from '../unneeded-files.ts';
import { inSeconds, inWords } from '../words.ts';
import { placesInImage } from './places-in-image.ts';
import { isReadBy } from './read-files.ts';
import { unreadDirectories } from './unread-directories.ts';

export const ignoreUnneeded: Rewrite = {
  name: 'ignore-unneeded',
  summary: 'leave out of the context what is copied and never used',
  goal: 'both',
  page: `\`COPY . .\` takes all that is in the directory: \`.git\`, which is another with each commit, files of the CI and of editors,
a README, the Dockerfile itself. Each change of any of it runs all steps below again, and it is in the image. Lines of
\`.dockerignore\` leave it out.

Only what is of no use in an image by its kind: version control, CI, editors, the build's own files, documents at the top of
the project, caches and logs of tools; and directories that an install makes again (\`node_modules\`, \`.venv\`). Caches, logs
and such directories only where git does not know them. In stages of which no layer is in the image, also directories at the
top that git knows, that no step looked at, and that commits touch: tests, documents, charts. Of any other name only where
nothing in them is written in what the steps read: that may be a part of the program tomorrow. Never what a RUN was seen to read (\`git describe\`, a README that
\`setup.py\` wants), and, where a RUN was not watched and is none that is known, neither \`.git\` nor documents. Never what
a COPY names. Secrets are no matter of saving: \`mille lint\` reports them.

What is left out may be missing in the image where it lay, and nothing else may change, but for what Go keeps of what it
compiled: it names that by all files beside the sources. It has to gain something: bytes of
the image, or seconds of rebuild by the project's commits. What is small and touched by commits goes along with that.`,
  examples: [
    {
      before: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN python3 -m compileall .\n',
      after: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN python3 -m compileall .\n',
      context: { 'app.py': 900, 'README.md': 4000, '.git/HEAD': 20, '.git/objects/pack/a': 3_000_000 },
      steps: { 4: { seconds: 3, reads: ['app.py'] } },
      commits: [['app.py'], ['README.md'], ['README.md'], ['app.py'], ['README.md'], ['app.py']],
      ignoreFileAfter: '.git\nREADME*\n',
    },
  ],
  propose: (subject) => {
    const copies = [...contextCopies(subject)]
      .filter(([{ facts }]) => neededStages(subject).has(facts.stage.index))
      .map(([, copy]) => copy);
    const { commits, assumed } = commitsOf(subject);
    const touched = (root: string) =>
      assumed ? 0 : commits.filter((paths) => paths.some((path) => path.startsWith(`${root}/`))).length;
    const known = unneededFiles(subject.context);
    const lines = new Set(known.map(({ line }) => line));
    const unread = unreadDirectories(subject, { copies, touched }).filter(({ line }) => !lines.has(line));
    const possible = [...known, ...unread].filter((one) => isUnused(subject, one, copies));
    const all = gainOf(subject, { edits: [], ignoreLines: possible.map(({ line }) => line) });
    const large = possible.filter((one) => bytesOfLine(subject, one, copies) >= FEW_BYTES);
    const gains = all !== undefined || large.length > 0;
    // What is small goes together with the large, and before it: alone it would be nothing to gain any more.
    const inOrder = all ? possible : [...possible.filter((one) => !large.includes(one)), ...large];
    return inOrder.flatMap((one) => {
      const proposal = proposalOf(subject, one, { copies, gains });
      return proposal ? [proposal] : [];
    });
  },
};

/** Whether no step has a use for any of it, and no COPY names it; some COPY takes it. */
function isUnused(
  subject: Subject,
  { kind, roots, files, line }: UnneededFiles,
  copies: readonly ContextCopy[],
): boolean {
  if (kind.untracked && files.some(({ tracked }) => tracked !== false)) return false;
  const taking = copies.filter((copy) => files.some(({ path }) => copy.files.has(path)));
  if (taking.length === 0 || !hidesOnly(subject, line, roots)) return false;
  const isByTheWay = taking.every(
    ({ sources, instruction }) =>
      sources.every(
        ({ path, wildcard, takes }) =>
          !roots.some((root) => takes(root) || files.some((file) => takes(file.path))) ||
          (!wildcard && (path === '' || roots.every((root) => !takes(root) || root.startsWith(`${path}/`)))),
      ) && !(instruction.kind === 'copy' && instruction.parents),
  );
  const bound = subject.lint.built.flatMap(boundContextPaths);
  const isBound = roots.some((root) =>
    bound.some((path) => (path === '' ? kind.careful : path === root || path.startsWith(`${root}/`))),
  );
  if (!isByTheWay || isBound || isReadBy(subject, roots, { careful: kind.careful, taking })) return false;
  return !kind.installed || taking.every((copy) => roots.every((root) => isMadeAgain(subject, copy, root)));
}

/** Whether a line leaves out what is meant, and nothing else that is in the context. */
function hidesOnly({ context }: Subject, line: string, roots: readonly string[]): boolean {
  const { isIgnored } = createIgnoreMatcher(parsePatterns({ name: '.dockerignore', text: line }));
  return context.every(
    ({ path }) => !isIgnored(path) || roots.some((root) => path === root || path.startsWith(`${root}/`)),
  );
}

/** Whether a RUN of the stage writes where a directory is copied to. */
function isMadeAgain(subject: Subject, copy: ContextCopy, root: string): boolean {
  const places = placesInImage(subject, [copy], [root]);
  return subject.lint.built.some(
    ({ facts, instruction }) =>
      facts === copy.built.facts &&
      instruction.kind === 'run' &&
      subject
        .observed(instruction)
        ?.table?.entries.some(({ path }) => places.some((place) => path.startsWith(`${place}/`))),
  );
}

function proposalOf(
  subject: Subject,
  one: UnneededFiles,
  { copies, gains }: { readonly copies: readonly ContextCopy[]; readonly gains: boolean },
): Proposal | undefined {
  const { kind, line, roots, files } = one;
  const change = { edits: [], ignoreLines: [line] };
  if (!changed(subject, change)) return undefined;
  const places = placesInImage(subject, copies, roots);
  const bytes = bytesOfLine(subject, one, copies);
  const gain = gainOf(subject, change);
  // What changes now and then gains its share together with the rest.
  if (bytes < FEW_BYTES && !gain && !(gains && isTouched(subject, roots))) return undefined;
  const [first] = copies.filter((copy) => files.some(({ path }) => copy.files.has(path)));
  const seconds = gain ? gain.before - gain.after : undefined;
  return {
    title: `leave out ${line}: ${kind.what}`,
    reason: reasonOf(one, { bytes, ...(gain ? { gain } : {}), isGit: roots.includes('.git') }),
    span: first!.instruction.span,
    ...change,
    claim: {
      ...(bytes > 0 ? { bytes } : {}),
      ...(seconds === undefined ? {} : { secondsPerCommit: seconds }),
    },
    allows: places
      .flatMap((below): Allowance[] => [
        { what: 'files', change: 'removed', below },
        ...(kind.installed ? REPLACED.map((change): Allowance => ({ what: 'files', change, below })) : []),
      ])
      .concat(namesOfListings(subject)),
    ...(kind.installed
      ? { risk: 'what the install makes is used, in place of what lies on this machine' }
      : kind.unread
        ? { risk: 'a step that wants it one day does not find it: its line has to go then' }
        : kind.careful
          ? { risk: 'a program that reads them when it runs does not find them' }
          : {}),
  };
}

const REPLACED = ['changed', 'added'] as const;

/** What Go compiled. */
const COMPILED = /^(?:.*\/)?\.cache\/go-build(?=\/|$)/;

/**
 * Go names some of what it keeps in its cache by the names, sizes and times of all files beside the sources, whatever they
 * are: with one less it has other names.
 */
function namesOfListings({ evidence }: Subject): Allowance[] {
  const found = evidence.image.tables.flatMap(({ entries }) =>
    entries.flatMap(({ path }) => COMPILED.exec(path)?.[0] ?? []),
  );
  return [...new Set(found)].flatMap((below) =>
    (['removed', 'added', 'changed'] as const).map(
      (change) => ({ what: 'files', change, below, incidental: true }) as const,
    ),
  );
}

/** What a line saves of the image. */
function bytesOfLine(
  subject: Subject,
  { roots, files }: UnneededFiles,
  copies: readonly ContextCopy[],
): number {
  return bytesOf(subject, placesInImage(subject, copies, roots)) || bytesUnseen(subject, files, copies);
}

function bytesOf({ evidence }: Subject, places: readonly string[]): number {
  const isBelow = (path: string) => places.some((place) => path === place || path.startsWith(`${place}/`));
  return evidence.image.tables.reduce(
    (sum, { entries }, i) =>
      // What an install makes stays.
      evidence.steps.some(({ layer, kind }) => layer === evidence.image.diffIds[i] && kind !== 'run')
        ? entries.reduce((all, { path, size }) => (isBelow(path) ? all + size : all), sum)
        : sum,
    0,
  );
}

/** Of files that a COPY would bring into the image which never was made. */
function bytesUnseen(
  subject: Subject,
  files: readonly ContextFile[],
  copies: readonly ContextCopy[],
): number {
  if (!subject.evidence.unbuilt) return 0;
  const shipped = shippedStages(subject);
  const unseen = copies.filter(
    ({ built, instruction }) =>
      shipped.has(built.facts.stage.index) && subject.observed(instruction) === undefined,
  );
  return files.reduce(
    (sum, { path, bytes }) => (unseen.some((copy) => copy.files.has(path)) ? sum + bytes : sum),
    0,
  );
}

function isTouched(subject: Subject, roots: readonly string[]): boolean {
  if (roots.includes('.git')) return true;
  const { commits, assumed } = commitsOf(subject);
  // Of guessed ones that of documents alone says what may change by itself.
  return (assumed ? commits.slice(-1) : commits).some((paths) =>
    paths.some((path) => roots.some((root) => path === root || path.startsWith(`${root}/`))),
  );
}

function reasonOf(
  { files, roots }: UnneededFiles,
  {
    bytes,
    gain,
    isGit,
  }: {
    readonly bytes: number;
    readonly gain?: { readonly before: number; readonly after: number };
    readonly isGit: boolean;
  },
): string {
  const count = files.length === 1 ? 'a file is' : `${files.length} files are`;
  const parts = [
    `${count} copied and no step reads ${files.length === 1 ? 'it' : 'them'}: ${inWords(roots)}`,
    ...(isGit ? ['each commit changes them'] : []),
    ...(bytes > 0 ? [`${formatSize(bytes)} in the image`] : []),
    ...(gain ? [`a commit's rebuild goes from ${inSeconds(gain.before)} to ${inSeconds(gain.after)}`] : []),
  ];
  return parts.join('; ');
}
