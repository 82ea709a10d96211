// A last stage that installs what is needed to run, and copies what was built with the rest from the stage that was.

import type { TextEdit } from '../../../core/index.ts';
import { coverOf } from '../build-stage/cover.ts';
import type { Part } from '../build-stage/roles.ts';
import { isAlike, writtenAt } from '../build-stage/stage-files.ts';
import { isToolCache } from '../build-stage/toolchain.ts';
import { expectedAgain, expectedCopies, twoStages } from '../build-stage/two-stages.ts';
import type { StepEvidence } from '../evidence.ts';
import type { Expected } from '../rewrite.ts';
import { divisionOf } from '../split-run.ts';
import type { Subject } from '../subject.ts';
import type { Development } from './development.ts';
import { mayBuild } from './install.ts';

/** The stage. */
export interface LastStage {
  readonly edits: readonly TextEdit[];
  readonly expects: readonly Expected[];
  /** Paths that only tools kept for themselves while they built. */
  readonly dropped: readonly string[];
  /** How many COPY from the other stage there are. */
  readonly copies: number;
}

/** The stage; a sentence where it cannot be written. */
export function lastStage(subject: Subject, development: Development): LastStage | string {
  const { install, parts, files, project } = development;
  const end = parts.findLastIndex(
    (part, i) =>
      (i > parts.indexOf(install.part) && mayBuild(part)) || (part === install.part && install.isJoined),
  );
  const building = parts.slice(0, end + 1);
  const at = building.indexOf(install.part);
  const isBuilding = (part: Part, i: number) => i > at && mayBuild(part);
  const repeated = new Set(
    building.filter((part, i) => part !== install.part && part.role !== 'config' && !isBuilding(part, i)),
  );
  const command = commandOf(subject, development);
  if (command === undefined) return `${install.name} shares its RUN with what comes after it`;
  const places = new Placing(development, { building, repeated });
  const deleted = places.deleted();
  if (deleted !== undefined)
    return `what is built deletes /${deleted}, which the last stage would have again`;
  const { kept, dropped } = places.sort();
  const groups = coverOf({
    ...{ whole: files.whole, kept, alike: true, budget: 0 },
    isThere: places.isThere,
  });
  const { from } = subject.lint.dockerfile.stages.at(-1)!;
  const text =
    groups &&
    twoStages(subject, {
      ...{ from, groups, division: { building, repeated, files, divided: new Map() } },
      instead: new Map([[install.part, `${command}\n`]]),
    });
  if (!text)
    return `what is built lies among other files of /${project.directory}: more than a few COPY would be needed`;
  const { step } = install.part;
  const table = { entries: (step?.table?.entries ?? []).filter(({ path }) => !development.paths.has(path)) };
  return {
    ...{ edits: text.edits, dropped, copies: groups.length },
    expects: [
      ...(step
        ? [{ text: command, step: { ...installOnly(step, development), title: command, table } }]
        : []),
      ...expectedCopies(text.copies, files, 'last'),
      ...expectedAgain(text.again),
    ],
  };
}

/** How much of the seconds is taken to be the install's: nobody has measured them apart. */
const SHARE = 0.6;

/** What is known of the install: of a RUN that does more, not what that read. */
function installOnly(step: StepEvidence, { install }: Development): StepEvidence {
  const { reads, ...rest } = step;
  const id = `${step.id}.last`;
  if (install.isJoined) return { ...rest, id, seconds: step.seconds * SHARE };
  return { ...rest, id, ...(reads ? { reads } : {}) };
}

/** The RUN of the last stage; of one that does more only what installs. */
function commandOf(subject: Subject, { install }: Development): string | undefined {
  const { instruction } = install.part.built;
  if (install.isJoined) {
    const [first] = divisionOf(subject, install.part.built)?.expects ?? [];
    const found = new RegExp(`(?<=\\s)${install.name.replaceAll(' ', '\\s+')}(?=\\s|$)`, 'g');
    return first?.text.match(found)?.length === 1
      ? first.text.replace(found, (words) => `${words} ${install.flag}`)
      : undefined;
  }
  const { start, end } = instruction.span;
  const { text } = subject.draft.source;
  return `${text.slice(start, install.at)} ${install.flag}${text.slice(install.at, end)}`;
}

/** Which stage has what. */
class Placing {
  private readonly there: ReadonlySet<string>;

  constructor(
    private readonly development: Development,
    private readonly given: { readonly building: readonly Part[]; readonly repeated: ReadonlySet<Part> },
  ) {
    const { building, repeated } = given;
    const there = new Set<string>();
    for (const part of building)
      if (repeated.has(part) || part.role === 'config')
        for (const { path, type } of writtenAt(part).values()) if (type !== 'whiteout') there.add(path);
    for (const path of writtenAt(development.install.part).keys())
      if (this.isInstalled(path)) there.add(path);
    this.there = there;
  }

  /** Whether the last stage has it before anything is copied from the other one. */
  readonly isThere = (path: string): boolean =>
    this.development.files.base.entries.has(path) || this.there.has(path);

  /** A path that building deletes, and that would be there again. */
  deleted(): string | undefined {
    const { building, repeated } = this.given;
    const { files, paths } = this.development;
    return (
      [...this.there].find((path) => !files.whole.entries.has(path) && !paths.has(path)) ??
      building
        .filter((part) => part.role === 'work' && !repeated.has(part))
        .flatMap((part) => [...writtenAt(part).values()])
        .find(
          ({ path, type }) =>
            type === 'whiteout' && files.base.entries.has(path) && !files.whole.entries.has(path),
        )?.path
    );
  }

  /** What building made: to be copied, or of use to nobody. */
  sort(): { readonly kept: ReadonlySet<string>; readonly dropped: readonly string[] } {
    const { files, paths, install } = this.development;
    const here = new Set(
      this.given.building.filter((part) => part.role === 'work' && !this.given.repeated.has(part)),
    );
    const parents = new Set(
      [...files.whole.entries.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))),
    );
    const kept = new Set<string>();
    const dropped: string[] = [];
    for (const [path, maker] of files.makers) {
      if (!here.has(maker) || paths.has(path)) continue;
      if (maker === install.part && (this.isInstalled(path) || !install.isJoined)) continue;
      const entry = files.whole.entries.get(path)!;
      const below = files.base.entries.get(path);
      if (below && isAlike(entry, below)) continue;
      if (isToolCache(path) || COMPILED.test(path)) {
        if (!below) dropped.push(path);
      } else if (entry.type !== 'dir' || (!this.isThere(path) && !parents.has(path))) kept.add(path);
    }
    return { kept, dropped: dropped.sort() };
  }

  /** Whether an install puts it there: packages, not what tools keep beside them. */
  private isInstalled(path: string): boolean {
    const { project, install } = this.development;
    const own = project.directory === '' ? path : path.slice(project.directory.length + 1);
    if (!install.isJoined) return true;
    return (
      own === 'node_modules' ||
      /^node_modules\/(?!\.)/.test(own) ||
      /^node_modules\/\.(bin|package-lock\.json|yarn-integrity|pnpm|modules\.yaml|pnpm-workspace-state[^/]*)(\/|$)/.test(
        own,
      )
    );
  }
}

/** What Node keeps of scripts that it compiled. */
const COMPILED = /^tmp\/(node-compile-cache|v8-compile-cache[^/]*)(\/|$)/;
