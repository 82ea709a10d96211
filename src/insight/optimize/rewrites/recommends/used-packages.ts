// Which of some packages something was seen to use, or cannot do without: steps below, and programs that stay.

import { cleanRelative } from '../../../../core/index.ts';
import { lineage, type Run, runsOf } from '../../../lint/index.ts';
import type { DistributionEvidence, StepEvidence, StepReadsOfContext } from '../../evidence.ts';
import { installOf, isHarmless } from '../../installs.ts';
import type { Subject } from '../../subject.ts';
import type { InstallingRun } from './installed-by.ts';

/** What is known of the use of packages. */
export interface UsedPackages {
  /** Their ids, each with who uses it. */
  readonly used: ReadonlyMap<string, string>;
  /** Not all was seen: they may be used by steps that nobody watched. */
  readonly isBlind: boolean;
}

/** Of the packages that a RUN brought. */
export function usedPackages(
  subject: Subject,
  installing: InstallingRun,
  distribution: DistributionEvidence,
): UsedPackages {
  const { run, step, table, brought: candidates, present } = installing;
  const used = new Map<string, string>();
  const { owners } = distribution.database;
  const note = (path: string, by: string) => {
    const ids = owners.get(path);
    // Of directories that others have too, nobody can tell whose is used.
    if (!ids?.every((id) => candidates.has(id))) return;
    for (const id of ids) if (!used.has(id)) used.set(id, by);
  };
  const steps = laterRuns(subject, run).map(({ at, commands }) => {
    const isPackageManager = commands.length > 0 && commands.every(({ placed }) => isOfSystem(placed));
    const instruction = subject.lint.dockerfile.stages
      .flatMap(({ instructions }) => instructions)
      .find(({ node }) => node === at)!;
    return { isPackageManager, instruction, reads: subject.observed(instruction)?.reads };
  });
  // A package manager looks at all that is there, and at nothing for a reason that is not in its own books.
  const others = steps.filter(({ isPackageManager }) => !isPackageManager);
  for (const { reads, instruction } of others)
    if (reads) for (const path of lookedInto(reads)) note(path, instruction.text);
  for (const [program, needs] of distribution.needs) {
    if (owners.get(program)?.every((id) => candidates.has(id) || !present.has(id))) continue;
    for (const path of needs) note(path, `/${program}`);
  }
  // What would lead elsewhere again, as it did before: `/usr/bin/pager`.
  for (const { path, type, link } of table.entries)
    if (type === 'symlink' && link && isOlder(subject, path, step)) note(cleanRelative(link), `/${path}`);
  return {
    used,
    isBlind:
      others.some(({ reads }) => !reads || reads.cut) ||
      run.commands.length === 0 ||
      run.commands.some(({ placed }) => !isOfSystem(placed)),
  };
}

/** Whether a path is an alternative that was there below a layer already. */
function isOlder({ evidence: { image } }: Subject, path: string, { layer }: StepEvidence): boolean {
  if (!path.startsWith('etc/alternatives/')) return false;
  const at = layer === undefined ? 0 : image.diffIds.indexOf(layer);
  const below = image.tables.slice(0, at);
  return below.some(({ entries }) => entries.some((one) => one.path === path));
}

type Placed = Run['commands'][number]['placed'];

/** Commands of the package manager itself, and what is done beside it. */
function isOfSystem(placed: Placed): boolean {
  return (
    /^(?:apt|apt-get|dpkg|apt-mark|apt-cache)$/.test(placed.name) ||
    (isHarmless(placed) && !installOf(placed))
  );
}

/** What was read, and programs that were looked for. */
function* lookedInto({ files, looked, listed }: StepReadsOfContext): IterableIterator<string> {
  yield* files;
  yield* listed;
  for (const path of looked) if (/(?:^|\/)s?bin\//.test(path)) yield path;
}

/** Those below, in all stages that stand on the one that it is in. */
function laterRuns({ lint }: Subject, { at, stage }: Run): readonly Run[] {
  const { stages } = lint.dockerfile;
  return runsOf(lint).filter(
    (later) => later.at.start > at.start && lineage(stages, later.stage).includes(stage),
  );
}
