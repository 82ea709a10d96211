// What changes where a stage stands on another base: files and variables that only one of the two has. All that the
// instructions of the stage made has to be as it was.

import type { ProgramFacts } from '../../lang/executable/index.ts';
import type { ContainerConfig, Entry, ImageConfig } from '../../oci/image/index.ts';
import { isPackageBook } from '../packages/index.ts';
import { closureOf, commandFiles, isPassing, needsOf, type SeenTree, seenTree } from '../programs/index.ts';
import type { Part } from './build-stage/roles.ts';
import { isAlike, type StageFiles } from './build-stage/stage-files.ts';
import type { Evidence } from './evidence.ts';
import type { Allowance } from './rewrite.ts';

/** Another base, and its files. */
export interface OtherBase {
  readonly name: string;
  readonly config: ImageConfig;
  readonly tree: SeenTree;
}

/** What is asked. */
export interface BaseChangeRequest {
  readonly files: StageFiles;
  /** What the stage begins with now. */
  readonly before: ContainerConfig;
  /** The image's, at the end. */
  readonly image: ImageConfig;
  readonly other: OtherBase;
  /** Paths of the stage that are not there afterwards, which somebody else allows. */
  readonly dropped: ReadonlySet<string>;
}

/** What changes. */
export interface BaseChange {
  readonly allows: readonly Allowance[];
  /** Variables that the other base does not have, as instructions. */
  readonly lines: readonly string[];
}

/** Variables by which an image says which tools it has. */
const OF_TOOLS =
  /^(GOLANG_VERSION|GOTOOLCHAIN|GOPATH|GOROOT|CARGO_HOME|RUSTUP_HOME|RUST_VERSION|GPG_KEYS?|PYTHON_\w+|NODE_VERSION|YARN_VERSION|JAVA_(?!OPT|TOOL_OPT|ARG)\w+|USER_HOME_DIR|MAVEN_\w+|GRADLE_\w+|RUBY_\w+|GCC_VERSION|PATH)$/;

const others = new WeakMap<NonNullable<Evidence['slimmer']>, OtherBase>();

/** The base that is to be tried, if there is one. */
export function otherBase({ slimmer }: Evidence): OtherBase | undefined {
  if (!slimmer) return undefined;
  const { name, image } = slimmer;
  const known = others.get(slimmer) ?? { name, config: image.config, tree: seenTree(image.tables) };
  others.set(slimmer, known);
  return known;
}

/** The change. */
export function baseChange({ files, before, image, other, dropped }: BaseChangeRequest): BaseChange {
  const { base, whole, makers } = files;
  const own = (path: string) => {
    const entry = whole.entries.get(path);
    const below = base.entries.get(path);
    return makers.has(path) && !dropped.has(path) && !(entry && below && isAlike(entry, below));
  };
  const isBook = (path: string) =>
    isPackageBook(path) && (makers.get(path)?.role ?? 'packages') === 'packages';
  const [removed, changed, added]: string[][] = [[], [], []];
  for (const [path, entry] of whole.entries) {
    if (own(path) && !isBook(path)) continue;
    const there = other.tree.entries.get(path);
    if (!there) removed!.push(path);
    else if (isBook(path) || !isSame(entry, there)) changed!.push(path);
  }
  for (const path of other.tree.entries.keys()) if (!whole.entries.has(path)) added!.push(path);
  const of = (
    change: 'removed' | 'changed' | 'added',
    what: string,
    paths: readonly string[],
  ): Allowance[] => (paths.length === 0 ? [] : [{ what: 'paths', change, of: what, paths }]);
  const variables = variableChanges(before, image, other);
  const { Env, Labels = {} } = other.config.config ?? {};
  const there = new Set([
    ...[...variablesOf(Env).keys()].map((one) => `Env ${one}`),
    ...Object.keys(Labels).map((one) => `Label ${one}`),
  ]);
  const howOf = (key: string) => (there.has(key) ? `as ${other.name} has it` : `not in ${other.name}`);
  return {
    allows: [
      ...of('removed', `not in ${other.name}`, removed!),
      ...of('changed', `as ${other.name} has it`, changed!),
      ...of('added', `of ${other.name}`, added!),
      ...variables.keys.map((key): Allowance => ({ what: 'config', key, how: howOf(key) })),
    ],
    lines: variables.lines,
  };
}

function isSame(a: Entry, b: Entry): boolean {
  return isAlike(a, b) && JSON.stringify(a.xattrs ?? {}) === JSON.stringify(b.xattrs ?? {});
}

function variableChanges(
  before: ContainerConfig,
  image: ImageConfig,
  { config: { config: after = {} } }: OtherBase,
): { readonly keys: readonly string[]; readonly lines: readonly string[] } {
  const [old, now, end] = [before.Env, after.Env, image.config?.Env].map(variablesOf);
  const keys: string[] = [];
  const lines: string[] = [];
  for (const [name, value] of old!) {
    if (now!.get(name) === value) continue;
    const isSet = end!.get(name) !== value;
    if (OF_TOOLS.test(name)) keys.push(`Env ${name}`);
    else if (!isSet) lines.push(`ENV ${name}=${quoted(value)}`);
  }
  for (const name of now!.keys()) if (!old!.has(name)) keys.push(`Env ${name}`);
  const workdir = before.WorkingDir ?? '/';
  if (workdir !== (after.WorkingDir || '/') && workdir === image.config?.WorkingDir)
    lines.push(`WORKDIR ${workdir}`);
  const labels = new Set([...Object.keys(before.Labels ?? {}), ...Object.keys(after.Labels ?? {})]);
  for (const label of labels)
    if (before.Labels?.[label] !== after.Labels?.[label]) keys.push(`Label ${label}`);
  if (hasOwnStart({ before, image, other: after })) keys.push('Entrypoint');
  if (hasToolVolume({ before, image, other: after })) keys.push('Volumes');
  return { keys, lines };
}

interface BothConfigs {
  readonly before: ContainerConfig;
  readonly image: ImageConfig;
  readonly other: ContainerConfig;
}

/** Whether there is a volume for what is downloaded to build, as Gradle's images have it, and the other base has none. */
function hasToolVolume({ before, image, other }: BothConfigs): boolean {
  const [own, now, end] = [before, other, image.config ?? {}].map(({ Volumes }) =>
    Object.keys(Volumes ?? {}).join(),
  );
  return own === end && now === '' && /^[^,]*\/\.(gradle|m2)$/.test(own!);
}

/** Whether both bases start by something that only hands on what is to be started, and by another one each. */
function hasOwnStart({ before, image, other }: BothConfigs): boolean {
  const [own, now, end] = [before, other, image.config ?? {}].map(({ Entrypoint }) =>
    JSON.stringify(Entrypoint ?? []),
  );
  return own === end && own !== now && isPassing(before.Entrypoint) && isPassing(other.Entrypoint);
}

function variablesOf(env: readonly string[] | undefined): ReadonlyMap<string, string> {
  return new Map(
    (env ?? []).map((one): [string, string] => {
      const at = one.indexOf('=');
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

/** Programs that stay, and what they find. */
export interface NeedsRequest {
  readonly files: StageFiles;
  readonly programs: ReadonlyMap<string, ProgramFacts>;
  readonly image: ImageConfig;
  readonly other: OtherBase;
  /** What the stage begins with now. */
  readonly before: ContainerConfig;
  /** Paths that are there afterwards besides those of the base. */
  readonly kept: ReadonlySet<string>;
}

/** What the image's command, or a program that stays, needs and the other base does not have: a sentence, or undefined. */
export function missingIn(request: NeedsRequest): string | undefined {
  const { files, programs, image, other, kept } = request;
  const { whole } = files;
  const later = laterConfig(request);
  const made = [...kept].flatMap((path) => whole.entries.get(path) ?? []);
  const tree = seenTree([{ entries: [...other.tree.entries.values()] }, { entries: made }]);
  const before = commandFiles(whole, image);
  const after = commandFiles(tree, later);
  if (before && !after) return `/${before.at(-1)}, which the image starts, is not in ${other.name}`;
  const all = closureOf([...(before ?? []), ...kept], { tree: whole, programs, config: image });
  for (const path of all) {
    const facts = programs.get(path);
    if (!facts || !kept.has(path)) continue;
    const now = new Map(needsOf(tree, { path, facts, config: later }).map((need) => [need.name, need.found]));
    const lost = needsOf(whole, { path, facts, config: image }).find(
      ({ name, found }) => found && !now.get(name),
    );
    if (lost) return `/${path} needs ${lost.name}, which is not in ${other.name}`;
  }
  return undefined;
}

/** `PATH` is the other base's, unless the Dockerfile sets it. */
function laterConfig(request: NeedsRequest): ImageConfig {
  const { before, other } = request;
  const later = other.config.config ?? {};
  const isOwn = hasOwnStart({ before, image: request.image, other: later });
  const image = isOwn
    ? { ...request.image, config: { ...request.image.config, Entrypoint: later.Entrypoint ?? [] } }
    : request.image;
  const pathOf = (env: readonly string[] | undefined) => env?.find((one) => one.startsWith('PATH='));
  const path = pathOf(other.config.config?.Env);
  if (pathOf(before.Env) !== pathOf(image.config?.Env) || path === undefined) return image;
  const rest = (image.config?.Env ?? []).filter((one) => !one.startsWith('PATH='));
  return { ...image, config: { ...image.config, Env: [...rest, path] } };
}

/** What a RUN was seen to execute or load of the base, and the other base does not have. */
export function toolMissingIn(
  parts: readonly Part[],
  files: StageFiles,
  other: OtherBase,
): { readonly part: Part; readonly path: string } | undefined {
  for (const part of parts)
    for (const path of part.step?.reads?.files ?? []) {
      const entry = files.base.entries.get(path);
      const isTool = entry?.type === 'file' && (entry.mode & 0o111) !== 0;
      if (isTool && !files.makers.has(path) && !other.tree.entries.has(path)) return { part, path };
    }
  return undefined;
}

/** A value of ENV, in quotes where it would be read in another way. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : JSON.stringify(value).replaceAll('$', '\\$');
}
