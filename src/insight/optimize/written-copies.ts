// What is expected of a COPY from the context that a change writes: the files are those that the original copied, so that what
// it brings is known though nobody has seen it.

import type { Entry } from '../../oci/image/index.ts';
import { contextCopies, directoriesOf } from './context-copies.ts';
import type { StepEvidence } from './evidence.ts';
import type { Known } from './follow.ts';
import type { Subject } from './subject.ts';
import { UNSEEN_COPY } from './unseen.ts';

/** Adds it for those of which nothing is known. @param before the text before the change */
export function withWrittenCopies(
  known: Known<StepEvidence>,
  before: Subject,
  looked: Subject,
): Known<StepEvidence> {
  const unknown = [...contextCopies(looked).values()].filter(
    ({ instruction, makes }) => !makes && !known.has(instruction.span.start),
  );
  if (unknown.length === 0) return known;
  const entries = copiedEntries(before);
  const all = new Map(known);
  unknown.forEach(({ instruction, files }, i) => {
    // With an owner or a mode of its own it brings something else.
    if (instruction.chown || instruction.chmod) return;
    const found = [...files].map(([path, place]) => entries.get(path)?.get(place));
    if (found.length === 0 || !found.every((one) => one !== undefined)) return;
    const directories = [...directoriesOf(files.values())].flatMap(
      (place) => entries.get('')?.get(place) ?? [],
    );
    const { kind, text, span } = instruction;
    const table = { entries: [...directories, ...found] };
    const copies = [...files.keys()];
    all.set(span.start, { id: `written.${i}`, title: text, kind, seconds: UNSEEN_COPY, copies, table });
  });
  return all;
}

/** What copies of the context brought, by its path and by where it came to lie; directories by ''. */
function copiedEntries(subject: Subject): ReadonlyMap<string, ReadonlyMap<string, Entry>> {
  const found = new Map<string, Map<string, Entry>>();
  const note = (path: string, entry: Entry) => {
    const places = found.get(path) ?? new Map<string, Entry>();
    found.set(path, places);
    places.set(entry.path, entry);
  };
  for (const { files, table, instruction } of contextCopies(subject).values()) {
    if (!table || instruction.chown || instruction.chmod) continue;
    const byPlace = new Map(table.entries.map((entry) => [entry.path, entry]));
    for (const [path, place] of files) {
      const entry = byPlace.get(place);
      if (entry) note(path, entry);
    }
    for (const entry of table.entries) if (entry.type === 'dir') note('', entry);
  }
  return found;
}
