// Where a change of owner or mode is to be made in the first place: which COPY brought each file, which RUN made it.

import type { TextEdit } from '../../../core/index.ts';
import type { Entry } from '../../../oci/image/index.ts';
import { appendCommand, type BuiltInstruction, runsOf } from '../../lint/index.ts';
import type { Changed } from '../rewritten-files.ts';
import { builtOf, type Subject } from '../subject.ts';

/** The changes of the instructions above. */
export interface Folded {
  readonly edits: readonly TextEdit[];
  /** What COPY is given: `--chown=app:app`. */
  readonly flags: readonly string[];
  /** Directories that none of them makes: without slashes at their ends. */
  readonly directories: readonly string[];
}

/** What of a change is about what one instruction brought. */
interface Part {
  readonly source: BuiltInstruction;
  readonly entries: readonly Entry[];
}

/** Undefined where it cannot be made above without changing more than is changed now. */
export function folded(subject: Subject, changed: Changed): Folded | undefined {
  const above = aboveOf(subject, changed);
  const origin = originsOf(subject, above, changed);
  if (!origin) return undefined;
  const { parts, directories } = origin;
  const spec = specOf(subject, above, changed, parts);
  const edits: TextEdit[] = [];
  const flags: string[] = [];
  for (const part of parts) {
    const { instruction } = part.source;
    if (instruction.kind === 'run') {
      const edit = inRun(subject, part, { changed, spec });
      if (!edit) return undefined;
      edits.push(...edit);
      continue;
    }
    const flag = flagFor(subject, part, { changed, spec });
    if (flag === undefined) return undefined;
    const { keyword } = instruction.node.clause;
    edits.push({ start: keyword.span.end, end: keyword.span.end, text: ` ${flag}` });
    flags.push(flag);
  }
  return parts.length === 0 ? undefined : { edits, flags, directories };
}

function aboveOf(subject: Subject, { built }: Changed): readonly BuiltInstruction[] {
  const all = builtOf(subject, built.facts.stage.index);
  return all.slice(0, all.indexOf(built));
}

/** Who brought each file; undefined where one is the base's, or was written by more than one. */
function originsOf(
  subject: Subject,
  above: readonly BuiltInstruction[],
  { entries }: Changed,
): { readonly parts: readonly Part[]; readonly directories: readonly string[] } | undefined {
  const wanted = new Map(entries.map((entry) => [entry.path, entry]));
  const brought = new Map<string, BuiltInstruction>();
  const inBase = pathsOfBase(subject, wanted);
  for (const built of above)
    for (const { path, type } of subject.observed(built.instruction)?.table?.entries ?? []) {
      if (!wanted.has(path)) continue;
      if (type === 'whiteout') brought.delete(path);
      else if (type !== 'dir') {
        if (brought.has(path)) return undefined;
        brought.set(path, built);
      } else if (!brought.has(path) && !inBase.has(path)) brought.set(path, built);
    }
  const parts = new Map<BuiltInstruction, Entry[]>();
  const directories: string[] = [];
  for (const entry of wanted.values()) {
    const source = brought.get(entry.path);
    const kind = source?.instruction.kind;
    if (source && (kind === 'copy' || kind === 'add' || kind === 'run'))
      parts.set(source, [...(parts.get(source) ?? []), entry]);
    else if (entry.type === 'dir') directories.push(entry.path);
    else return undefined;
  }
  return { parts: [...parts].map(([source, own]) => ({ source, entries: own })), directories };
}

/** Which of some paths layers have that no step made. */
function pathsOfBase({ evidence }: Subject, wanted: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const made = new Set(evidence.steps.map(({ layer }) => layer));
  const { diffIds, tables } = evidence.image;
  return new Set(
    tables.flatMap(({ entries }, i) =>
      made.has(diffIds[i]) ? [] : entries.flatMap(({ path }) => (wanted.has(path) ? [path] : [])),
    ),
  );
}

/** The owner as the instructions above are to have it: by number where its name is not known there yet. */
function specOf(
  subject: Subject,
  above: readonly BuiltInstruction[],
  { name, spec, entries, built }: Changed,
  parts: readonly Part[],
): string {
  if (name === 'chmod') return spec;
  const first = Math.min(...parts.map(({ source }) => above.indexOf(source)));
  const isMade = [...above.slice(first), built].some(({ instruction }) =>
    subject
      .observed(instruction)
      ?.table?.entries.some(({ path }) => path === 'etc/passwd' || path === 'etc/group'),
  );
  // Without a group COPY takes another one than chown does.
  if (name === 'chown' && /^[^:.]+:[^:]+$/.test(spec) && !isMade) return spec;
  const { uid, gid } = entries.find(({ type }) => type !== 'dir') ?? entries[0]!;
  return `${uid}:${gid}`;
}

/** Undefined where the COPY brings more than what is changed, or it does not all become the same. */
function flagFor(
  subject: Subject,
  { source, entries }: Part,
  { changed, spec }: { readonly changed: Changed; readonly spec: string },
): string | undefined {
  const { instruction } = source;
  if (instruction.kind !== 'copy' && instruction.kind !== 'add') return undefined;
  const all = subject.observed(instruction)?.table?.entries ?? [];
  const meant = new Set(changed.entries.map(({ path }) => path));
  if (all.some(({ path, type }) => type !== 'dir' && !meant.has(path))) return undefined;
  const [first] = entries;
  if (changed.name === 'chmod') {
    const isSame = entries.every(({ mode, type }) => type === 'symlink' || mode === first!.mode);
    if (instruction.chmod || !isSame || first!.type === 'symlink') return undefined;
    return `--chmod=${first!.mode.toString(8).padStart(4, '0')}`;
  }
  if (instruction.chown || !entries.every(({ uid, gid }) => uid === first!.uid && gid === first!.gid))
    return undefined;
  return `--chown=${spec}`;
}

/** The same command at the end of the RUN that made the files, for the topmost of what it made. */
function inRun(
  subject: Subject,
  { source, entries }: Part,
  { changed, spec }: { readonly changed: Changed; readonly spec: string },
): readonly TextEdit[] | undefined {
  const run = runsOf(subject.lint).find(({ at }) => at === source.instruction.node);
  const last = run?.commands.findLast(({ placed }) => placed.place.within.length === 0);
  if (!last || !isRoot(source.before.config.User) || !isRoot(changed.built.before.config.User))
    return undefined;
  const own = new Set(entries.map(({ path }) => path));
  const topmost = entries
    .filter(({ path }) => !own.has(path.slice(0, Math.max(0, path.lastIndexOf('/')))))
    .map(({ path }) => `/${path}`);
  if (topmost.length > 4 || topmost.some((path) => !/^[\w@%+=:,./-]+$/.test(path))) return undefined;
  const name = changed.name === 'chgrp' ? 'chown' : changed.name;
  const recursive = entries.some(({ type }) => type === 'dir') ? ['-R'] : [];
  const fix = appendCommand(last, [name, ...recursive, spec, ...topmost].join(' '));
  return fix?.edits;
}

function isRoot(user: string | undefined): boolean {
  return user === undefined || /^(|root|0)(:.*)?$/.test(user);
}
