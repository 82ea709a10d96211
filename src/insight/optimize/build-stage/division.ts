// A stage divided in two: what of its files the image needs, what was only there to build, and what each of the two new
// stages has to do.

import { cleanRelative, isAtOrBelow, parentPath } from '../../../core/index.ts';
import type { ProgramFacts } from '../../../lang/executable/index.ts';
import type { Entry, ImageConfig } from '../../../oci/image/index.ts';
import { closureOf, commandFiles } from '../../programs/index.ts';
import { contextCopies } from '../context-copies.ts';
import type { Subject } from '../subject.ts';
import { JavaLeftovers, javaOf } from './java.ts';
import { type Part, partsOf } from './roles.ts';
import { isAlike, type StageFiles, stageFiles, writtenAt } from './stage-files.ts';
import { packageAt, StayingPackages } from './staying.ts';
import { isCompilerFile, isSource, isToolCache } from './toolchain.ts';

/** The division. */
export interface Division {
  /** Those of the stage that builds. */
  readonly building: readonly Part[];
  /** Of these: what the last stage does as well. */
  readonly repeated: ReadonlySet<Part>;
  readonly files: StageFiles;
  /** Paths of the image that the last stage has to get from the other one, without directories above them. */
  readonly kept: ReadonlySet<string>;
  /** Paths that the last stage will not have. */
  readonly dropped: readonly string[];
  /** Paths of the base that get back what the base has there. */
  readonly restored: readonly string[];
  /** Paths of the base that were deleted, and are there again. */
  readonly returned: readonly string[];
  /** Of tools of which something stays: what is to be installed besides what is not there to build. */
  readonly divided: ReadonlyMap<Part, readonly string[]>;
  /** What these write then. */
  readonly left: ReadonlyMap<Part, readonly Entry[]>;
  /** Ids of packages that are not there any more, where there is a database of them. */
  readonly gone: readonly string[];
  /** A program is compiled. */
  readonly compiled: boolean;
  /** The `java` that starts it, where it is one for that. */
  readonly java?: string;
  /** Bytes of the layers that go, and of what is kept of them. */
  readonly bytes: number;
}

/** What is known of programs; without it what compiling leaves is not told from what it makes. */
export interface DivisionRequest {
  readonly stage: number;
  readonly config: ImageConfig;
  readonly programs: ReadonlyMap<string, ProgramFacts>;
  /** Nobody has looked at programs and packages yet: whether it may be. */
  readonly guess: boolean;
}

/** Undefined where there is nothing to divide, or it cannot be told what is needed. */
export function divisionOf(subject: Subject, request: DivisionRequest): Division | undefined {
  const parts = partsOf(subject, request.stage);
  const last = parts?.findLastIndex(({ role }) => role === 'work' || role === 'tools');
  if (!parts || last === undefined || last < 0) return undefined;
  const building = parts.slice(0, last + 1);
  const made = stageFiles(subject, parts);
  const files = made && { ...made, makers: makersBefore(made.makers, building) };
  const command = files && commandFiles(files.whole, request.config);
  if (!files || !command) return undefined;
  return new Divider(subject, { ...request, files, command, building }).divide();
}

/**
 * The makers, of what a later step only changes the one of those that build: what `chown -R` at the end makes another
 * owner's has to be there for it. Not so what tools brought, which a later step may have needed.
 */
function makersBefore(
  makers: ReadonlyMap<string, Part>,
  building: readonly Part[],
): ReadonlyMap<string, Part> {
  const here = new Set(building);
  const before = new Map<string, Part>();
  for (const part of building)
    for (const { path, type } of writtenAt(part).values()) {
      if (type !== 'whiteout' && type !== 'opaque') before.set(path, part);
      else for (const one of before.keys()) if (isAtOrBelow(one, path)) before.delete(one);
    }
  return new Map(
    [...makers].map(([path, maker]) => {
      const earlier = here.has(maker) ? undefined : before.get(path);
      const isOwn = earlier && earlier.role !== 'tools' && earlier.role !== 'packages';
      return [path, isOwn ? earlier : maker];
    }),
  );
}

type Given = DivisionRequest & {
  readonly files: StageFiles;
  readonly command: readonly string[];
  readonly building: readonly Part[];
};

/** Of a COPY of which nobody can tell what it takes. */
const ANY: ReadonlySet<string> = new Set();

/** What compilers write beside manifests where nobody has it yet. */
const LOCK = /(^|\/)(Cargo\.lock|go\.sum)$/;

class Divider {
  private readonly kept = new Set<string>();
  private readonly places = new Map<Part['built'], ReadonlySet<string>>();
  private readonly dropped = new Set<string>();
  private readonly restored = new Set<string>();
  private readonly repeated: Set<Part>;
  private readonly staying: StayingPackages | undefined;
  private readonly compiled: boolean;
  private readonly java: string | undefined;
  private readonly leftovers: JavaLeftovers | undefined;

  constructor(
    private readonly subject: Subject,
    private readonly given: Given,
  ) {
    const { building, files, command, programs } = given;
    const tools = building.filter(({ role }) => role === 'tools');
    const database = subject.evidence.distribution?.database;
    this.staying = database && new StayingPackages(database, tools);
    // Lists of packages are of no use to who installs none.
    const isInstalling = building.some(({ others }) => others.length > 0);
    this.repeated = new Set(
      building.filter(
        (part, i) =>
          (part.role === 'packages' && (part.others.length > 0 || isInstalling)) ||
          (part.role === 'setup' && this.isApart(part, i)),
      ),
    );
    const program = command.at(-1)!;
    const maker = files.makers.get(program);
    const built = building.flatMap((part) => (part.role === 'work' ? [...writtenAt(part).keys()] : []));
    const made = built.filter((path) => files.makers.has(path));
    this.java = javaOf({ whole: files.whole, made, command, programs });
    if (this.java !== undefined)
      this.leftovers = new JavaLeftovers({ made: files.makers.keys(), command }, files.whole, given.config);
    this.compiled =
      this.java !== undefined ||
      (maker !== undefined &&
        building.includes(maker) &&
        (maker.role === 'work' || maker.role === 'tools') &&
        programs.get(program)?.kind !== 'script');
  }

  divide(): Division | undefined {
    const { building, files } = this.given;
    if (!building.some(({ role }) => role === 'work')) return undefined;
    if (!this.compiled && !building.some(({ role }) => role === 'tools')) return undefined;
    const { staying } = this;
    if (
      !staying &&
      !this.given.guess &&
      building.some(({ role, others }) => role === 'tools' && others.length > 0)
    )
      return undefined;
    this.sort();
    if (!this.keepNeeded()) return undefined;
    this.repeatCopies();
    const returned = this.returned();
    if (!returned) return undefined;
    this.dropDirectories();
    const bytesOf = (part: Part) =>
      (part.step?.table?.entries ?? []).reduce((sum, { size }) => sum + size, 0);
    const before = building.reduce((sum, part) => sum + bytesOf(part), 0);
    const divided = new Map<Part, readonly string[]>();
    for (const part of building)
      if (part.role === 'tools' && staying?.isDivided(part)) divided.set(part, staying.added(part));
    const left = new Map([...divided.keys()].map((part) => [part, this.leftOf(part)]));
    const installed = [...left.values()].flat().reduce((sum, { size }) => sum + size, 0);
    const again = [...this.repeated].reduce((sum, part) => sum + bytesOf(part), 0);
    const copied = [...this.kept].reduce((sum, path) => sum + (files.whole.entries.get(path)?.size ?? 0), 0);
    return {
      ...{ building, repeated: this.repeated, files, kept: this.kept, dropped: [...this.dropped].sort() },
      ...{ restored: [...this.restored].sort(), returned, compiled: this.compiled },
      ...(this.java === undefined ? {} : { java: this.java }),
      ...{ divided, left, gone: staying?.gone() ?? [] },
      bytes: before - again - copied - installed,
    };
  }

  /** Whether what it makes is nobody's before it: it can be done above what the last stage copies. */
  private isApart(part: Part, at: number): boolean {
    const written = [...writtenAt(part).values()].filter(
      ({ path, type }) => type !== 'dir' || !this.given.files.base.entries.has(path),
    );
    return this.given.building
      .slice(0, at)
      .filter(({ role }) => role !== 'packages' && role !== 'config')
      .every((earlier) => written.every(({ path }) => !writtenAt(earlier).has(path)));
  }

  /** Each path that the stage made: kept or dropped. */
  private sort(): void {
    const { building, files } = this.given;
    const here = new Set(building);
    for (const [path, maker] of files.makers) {
      const entry = files.whole.entries.get(path)!;
      const below = files.base.entries.get(path);
      if (!here.has(maker) || this.repeated.has(maker) || maker.role === 'config') continue;
      if (entry.type === 'dir' && below && isAlike(entry, below)) continue;
      if (maker.role === 'tools' && this.staying?.has(path)) continue;
      if (!this.isDroppable(maker, path)) this.kept.add(path);
      else if (!below) this.dropped.add(path);
      else if (!isAlike(entry, below)) this.restored.add(path);
    }
  }

  private isDroppable(maker: Part, path: string): boolean {
    if (maker.role === 'tools' || maker.role === 'packages') return true;
    if (this.leftovers?.has(path)) return true;
    if (maker.role === 'copy') return this.isIgnoredNow(maker, path) || (this.compiled && isSource(path));
    if (this.compiled && isSource(path) && (this.wasCopied(path) || LOCK.test(path))) return true;
    const goPath = this.given.config.config?.Env?.find((one) => one.startsWith('GOPATH='))?.slice(7);
    return (
      isToolCache(path) || (this.compiled && (isCompilerFile(path, goPath) || this.isInMarkedCache(path)))
    );
  }

  /** What was built has written it anew: `git` its index, while a compiler asked it for the commit. */
  private wasCopied(path: string): boolean {
    return this.given.building.some((part) => part.role === 'copy' && writtenAt(part).has(path));
  }

  /** A line of the ignore file that a change before this one has written leaves it out. */
  private isIgnoredNow({ built }: Part, path: string): boolean {
    if (this.given.files.whole.entries.get(path)?.type === 'dir') return false;
    let places = this.places.get(built);
    if (!places) {
      const copy = contextCopies(this.subject).get(built);
      places = copy && !copy.makes ? new Set(copy.files.values()) : ANY;
      this.places.set(built, places);
    }
    return places !== ANY && !places.has(path);
  }

  /** Cargo and others mark directories of which everything can be made again. */
  private isInMarkedCache(path: string): boolean {
    for (let directory = path; directory !== ''; directory = parentPath(directory))
      if (this.given.files.makers.has(`${directory}/CACHEDIR.TAG`)) return true;
    return false;
  }

  /** Keeps what the command and all that is kept need. @returns false where they need a tool */
  private keepNeeded(): boolean {
    const { files, command, programs, config, building } = this.given;
    const here = new Set(building.filter((part) => !this.repeated.has(part)));
    const others = [...files.makers].flatMap(([path, maker]) => (here.has(maker) ? [] : [path]));
    const roots = [...command, ...this.kept, ...others];
    for (const path of closureOf(roots, { tree: files.whole, programs, config })) {
      const isTools = files.makers.get(path)?.role === 'tools';
      if (this.restored.has(path) && !isTools) return false;
      const isGone = this.dropped.has(path) || this.restored.has(path);
      if (!isGone || files.whole.entries.get(path)?.type === 'dir') continue;
      // Links to what stays are made once more by the scripts of its package: /usr/bin/java.
      if (isTools && files.whole.entries.get(path)?.type === 'symlink' && this.staying?.knows(path) === false)
        continue;
      if (isTools && !this.staying?.keep(path)) return false;
      if (!isTools) this.kept.add(path);
      this.dropped.delete(path);
    }
    for (const paths of [this.dropped, this.restored])
      for (const path of paths) if (this.isLeftToPackages(path)) paths.delete(path);
    return true;
  }

  /** What stays with a package, and, where packages of an instruction stay, what is nobody's: the proof tells whose it is. */
  private isLeftToPackages(path: string): boolean {
    const maker = this.given.files.makers.get(path);
    if (maker?.role !== 'tools' || !this.staying) return false;
    return this.staying.has(path) || (this.staying.isDivided(maker) && !this.staying.knows(path));
  }

  /** What a COPY brought and nothing changed is copied once more, as it is written. */
  private repeatCopies(): void {
    const { building, files } = this.given;
    for (const part of building) {
      if (part.role !== 'copy' || this.isUnpacking(part)) continue;
      const brought = [...writtenAt(part).values()].filter(({ type }) => type !== 'dir');
      // What is left out of the context by now would not come again.
      const isWhole = brought.every(
        ({ path, type }) =>
          type !== 'whiteout' &&
          ((files.makers.get(path) === part && this.kept.has(path)) || this.isIgnoredNow(part, path)),
      );
      if (!isWhole) continue;
      this.repeated.add(part);
      for (const path of writtenAt(part).keys()) this.kept.delete(path);
    }
  }

  /** ADD that does more than copy from the context. */
  private isUnpacking({ built }: Part): boolean {
    return built.instruction.kind === 'add' && contextCopies(this.subject).get(built)?.makes !== false;
  }

  /** What of the base comes back; undefined where it is more than what tools keep for themselves. */
  private returned(): readonly string[] | undefined {
    const { files, building } = this.given;
    const gone = [...files.base.entries.keys()].filter((path) => !files.whole.entries.has(path));
    const again = new Set(
      building
        .filter((part) => this.repeated.has(part))
        .flatMap((part) => [...writtenAt(part).values()].filter(({ type }) => type === 'whiteout'))
        .map(({ path }) => path),
    );
    const back = gone.filter((path) => !isBelowAny(path, again));
    return back.every((path) => isToolCache(path)) ? back : undefined;
  }

  /** What an instruction still writes once packages that are there to build are not in it. */
  private leftOf(part: Part): readonly Entry[] {
    const gone = new Set(this.staying?.gone() ?? []);
    return [...writtenAt(part).values()].filter(({ path }) => {
      const about = packageAt(path);
      return !this.dropped.has(path) && (about === undefined || !about.some((id) => gone.has(id)));
    });
  }

  /** Directories of which nothing is left go, those of which something is come by themselves. */
  private dropDirectories(): void {
    const { files, building } = this.given;
    const inhabited = new Set<string>();
    const populated = new Set([...files.whole.entries.keys()].map(parentPath));
    for (const [path, { type }] of files.whole.entries) {
      const isLeft = !this.dropped.has(path) && (type !== 'dir' || !populated.has(path));
      if (!isLeft) continue;
      for (let above = parentPath(path); above !== ''; above = parentPath(above)) inhabited.add(above);
    }
    const here = new Set(building);
    for (const [path, maker] of files.makers) {
      if (files.whole.entries.get(path)?.type !== 'dir' || !here.has(maker)) continue;
      if (this.repeated.has(maker) || maker.role === 'config' || files.base.entries.has(path)) continue;
      if (inhabited.has(path)) {
        this.kept.delete(path);
        this.dropped.delete(path);
      } else if (populated.has(path)) {
        this.kept.delete(path);
        this.dropped.add(path);
      }
    }
  }
}

function isBelowAny(path: string, roots: ReadonlySet<string>): boolean {
  for (let above = cleanRelative(path); above !== ''; above = parentPath(above))
    if (roots.has(above)) return true;
  return false;
}
