// The files of a COPY, and how often commits change each: of the context by the history, of another stage by the steps that
// write them.

import { cleanRelative } from '../../core/index.ts';
import type { CopyInstruction } from '../../lang/dockerfile/index.ts';
import { type BuiltInstruction, lineage } from '../lint/index.ts';
import { commitsOf } from './commits.ts';
import { contextCopies } from './context-copies.ts';
import type { ContextFile } from './evidence.ts';
import { rebuildCost } from './rebuild-cost.ts';
import type { ChangingFile } from './static-parts.ts';
import { builtOf, type Subject } from './subject.ts';

/** A COPY of one directory. */
export interface CopiedDirectory {
  readonly instruction: CopyInstruction;
  /** Clean, without a slash at its start; '' is the whole context, or root directory. */
  readonly source: string;
  /** Their paths are from the source on. */
  readonly files: readonly ChangingFile[];
}

/** What a COPY takes of one directory; undefined for another one, and where nobody knows how often that changes. */
export function copiedDirectory(subject: Subject, built: BuiltInstruction): CopiedDirectory | undefined {
  const { instruction, planned, expansions } = built;
  const [word] = instruction.kind === 'copy' ? instruction.sources : [];
  if (instruction.kind !== 'copy' || instruction.sources.length !== 1 || instruction.inlineFiles.length > 0)
    return undefined;
  const source = cleanRelative(expansions.find((one) => one.word === word)?.expansion.text ?? '*');
  if (!/^[\w@+.,/-]*$/.test(source) || commitsOf(subject).assumed) return undefined;
  const [from] = planned.sources;
  const found = from?.kind === 'stage' ? filesOfStage(subject, from.stage) : filesOfContext(subject, built);
  const start = source === '' ? '' : `${source}/`;
  const files = found.flatMap(({ path, ...rest }) =>
    path.startsWith(start) ? [{ ...rest, path: path.slice(start.length) }] : [],
  );
  return files.length === 0 ? undefined : { instruction, source, files };
}

function filesOfContext(subject: Subject, built: BuiltInstruction): readonly ChangingFile[] {
  const copy = contextCopies(subject).get(built);
  if (!copy || copy.makes) return [];
  const changes = changesOf(subject);
  return subject.context.flatMap((file): ChangingFile[] =>
    copy.files.has(file.path) ? [{ path: file.path, bytes: file.bytes, commits: changes(file) }] : [],
  );
}

/** The commits that change a file of the context. */
function changesOf(subject: Subject): (file: ContextFile) => ReadonlySet<number> {
  const { commits } = commitsOf(subject);
  const byPath = new Map<string, Set<number>>();
  for (const [i, paths] of commits.entries())
    for (const path of paths) byPath.set(path, (byPath.get(path) ?? new Set()).add(i));
  const always = new Set(commits.keys());
  const never = new Set<number>();
  return ({ path, tracked }) => {
    // What git does not know changes as it likes; what it keeps itself, with each commit.
    const isUnknown = tracked === false || path === '.git' || path.startsWith('.git/');
    return isUnknown ? always : (byPath.get(path) ?? never);
  };
}

/** What the steps of a stage wrote, as it was left; what it has from its base image is not among it. */
function filesOfStage(subject: Subject, stage: number): readonly ChangingFile[] {
  const { stages } = subject.lint.dockerfile;
  const { commits } = rebuildCost(subject);
  const copies = contextCopies(subject);
  const context = new Map(subject.context.map((file) => [file.path, file]));
  const changes = changesOf(subject);
  const own = (path: string | undefined) => {
    const file = path === undefined ? undefined : context.get(path);
    return file && changes(file);
  };
  const files = new Map<string, ChangingFile>();
  for (const { index } of lineage(stages, stages[stage]!).toReversed())
    for (const built of builtOf(subject, index)) {
      const table = subject.observed(built.instruction)?.table;
      // What is copied is the same as long as it is the same, whatever else the COPY takes.
      const places = new Map([...(copies.get(built)?.files ?? [])].map(([path, place]) => [place, path]));
      const dirty = commits.get(built) ?? new Set<number>();
      for (const { path, type, size } of table?.entries ?? [])
        if (type === 'whiteout' || type === 'opaque') remove(files, path);
        else if (type !== 'dir')
          files.set(path, { path, bytes: size, commits: own(places.get(path)) ?? dirty });
    }
  return [...files.values()];
}

function remove(files: Map<string, ChangingFile>, directory: string): void {
  files.delete(directory);
  for (const path of files.keys()) if (path.startsWith(`${directory}/`)) files.delete(path);
}
