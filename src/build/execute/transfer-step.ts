// COPY and ADD. The files are selected and named as inputs first; placed, unpacked and written only on a miss.

import { displayPath, joinRelative } from '../../core/index.ts';
import { createIgnoreMatcher, parsePatterns } from '../../lang/ignore/index.ts';
import type { Entry, TreeEntry } from '../../oci/image/index.ts';
import { isTarArchive } from '../../oci/layer/index.ts';
import { sha256 } from '../../sys/index.ts';
import { type AddStep, type CopyStep, fileInput, type NamedInput, staticInputs } from '../graph/index.ts';
import { resolveOwner } from './account.ts';
import { type FoundRemote, findGit, findUrl } from './add-remote.ts';
import { timeFacts } from './clamped-time.ts';
import { destinationOf, EMPTY_DESTINATION, openDestination } from './destination.ts';
import { type FileMode, parseFileMode } from './file-mode.ts';
import { isForeseen } from './foreseen-layers.ts';
import { isWatched } from './leaks.ts';
import { located } from './located.ts';
import { memoryTree } from './memory-tree.ts';
import { type OpenedSource, type OpenSource, openContextSource } from './open-source.ts';
import { placeSources } from './place-sources.ts';
import type { PlacedEntry } from './placed-entry.ts';
import { type Selection, selectSources, selectWithParents } from './select-sources.ts';
import type { ExecuteServices } from './services.ts';
import { diffIds, mergedTree, type Snapshot, snapshotContent } from './snapshot.ts';
import { accountsFor, ownerOf } from './transfer-owner.ts';
import { unpackArchives } from './unpack-archives.ts';
import { type StepWork, storeLayer } from './work.ts';

interface Transfer {
  readonly inputs: readonly NamedInput[];
  /** The files, ready to be read: only called on a miss. */
  readonly open: () => Promise<readonly Selection[]>;
  /** The same, not to be read; absent where they are not known before they were fetched or opened. */
  readonly selected?: () => readonly Selection[];
  readonly release: () => void;
}

/** Prepares COPY or ADD on top of a snapshot. */
export async function prepareTransfer(
  services: ExecuteServices,
  step: CopyStep | AddStep,
  around: { readonly open: OpenSource; readonly snapshot: Snapshot },
): Promise<StepWork> {
  const chmod = step.chmod === undefined ? undefined : parseFileMode(step.chmod, step.span);
  const transfer =
    step.kind === 'copy' ? await selectCopy(services, step, around.open) : await selectAdd(services, step);
  const { snapshot } = around;
  const leaks = isWatched(step) ? services.leaks : undefined;
  const parent: NamedInput = { kind: 'parent', name: '', value: snapshotContent(snapshot, services) };
  return {
    inputs: [...staticInputs(step), ...(step.link ? [] : [parent]), ...transfer.inputs],
    release: transfer.release,
    ...(leaks?.strict && transfer.selected
      ? {
          refuse: async () => {
            const leak = leaks.begin(step);
            for (const selection of transfer.selected!()) await leak.scan(selection);
            await leak.finish();
          },
        }
      : {}),
    ...(transfer.selected
      ? { foresee: () => foresee(services, step, { snapshot, chmod, selected: transfer.selected!() }) }
      : {}),
    async execute(earlier) {
      const leak = leaks?.begin(step);
      const found = await transfer.open();
      const selections = leak ? found.map(leak.watch) : found;
      const { owner, warnings } = await ownerOf(services.store, step, snapshot);
      const opened: { close(): void }[] = [];
      try {
        const sources = await unpackArchives(services.store, { step, selections }, opened);
        const entries = placeSources(sources, {
          destination: await openDestination(services, step, { snapshot, sources, opened }),
          path: step.destination,
          now: services.now(),
          ...(owner ? { owner } : {}),
          ...(chmod ? { chmod } : {}),
          ...(step.span ? { span: step.span } : {}),
        });
        services.watch?.placed(step, originsOf(entries));
        const { info } = await storeLayer(services, entries, { step: step.id, trustDigests: true, earlier });
        const leaked = (await leak?.finish()) ?? [];
        return { layer: info, warnings: [...warnings, ...leaked] };
      } finally {
        for (const each of opened) each.close();
      }
    },
  };
}

/** Where in its source each path came from. */
function originsOf(entries: readonly PlacedEntry[]): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ entry, origin }) => (origin === undefined ? [] : [[entry.path, origin] as const])),
  );
}

/** What COPY and ADD come to, but for archives, and for owners whose names only unpacked layers could tell. */
async function foresee(
  services: ExecuteServices,
  step: CopyStep | AddStep,
  given: {
    readonly snapshot: Snapshot;
    readonly chmod: FileMode | undefined;
    readonly selected: readonly Selection[];
  },
): Promise<readonly Entry[] | undefined> {
  const { snapshot, chmod, selected } = given;
  const accounts = await accountsFor(services.store, step, snapshot);
  if (!accounts || (await bringsArchives(step, selected))) return undefined;
  const owner = step.chown === undefined ? undefined : resolveOwner(step.chown, accounts);
  const placed = placeSources(selected.map(withDigests), {
    destination: step.link ? EMPTY_DESTINATION : destinationOf(mergedTree(services.store, snapshot)),
    path: step.destination,
    now: services.now(),
    ...(owner ? { owner } : {}),
    ...(chmod ? { chmod } : {}),
    ...(step.span ? { span: step.span } : {}),
  });
  return placed.map(({ entry }) => entry);
}

/** Whether ADD may have something to unpack. */
async function bringsArchives(step: CopyStep | AddStep, selected: readonly Selection[]): Promise<boolean> {
  if (step.kind === 'copy' || step.unpack === false) return false;
  for (const { tree, root, path } of selected) {
    if (root.type !== 'file' || step.inlineFiles.some(({ name }) => name === path)) continue;
    const local = tree.localPath?.(root.path);
    if (local === undefined || (await isTarArchive(local))) return true;
  }
  return false;
}

/** What is to be copied later may be trusted to stay as it is now: a build reads it again. */
function withDigests(selection: Selection): Selection {
  const { tree } = selection;
  return { ...selection, tree: { ...tree, settledDigest: tree.digest } };
}

async function selectCopy(services: ExecuteServices, step: CopyStep, open: OpenSource): Promise<Transfer> {
  const inline = inlineSelections(services, step);
  if (step.sources.length === 0)
    return { inputs: [], open: async () => inline, selected: () => inline, release: () => {} };
  const source = await open(step.from);
  try {
    let found: readonly Selection[] | undefined;
    const select = () => (found ??= selectFrom(services, step, { source, paths: step.sources }));
    const selected = () => [...select(), ...inline];
    const inputs = () => fileInputs(services, step, { selections: select(), nameOf: source.inputName });
    return {
      inputs: source.snapshot ? knownInputs(services, step, { snapshot: source.snapshot, inputs }) : inputs(),
      open: async () => {
        await source.ready();
        return selected();
      },
      selected,
      release: source.close,
    };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** The inputs of a COPY out of layers, which are the same for the same layers: by what `fileInputs` and `selectFrom` look at. */
function knownInputs(
  services: ExecuteServices,
  step: CopyStep,
  { snapshot, inputs }: { readonly snapshot: Snapshot; readonly inputs: () => readonly NamedInput[] },
): readonly NamedInput[] {
  // Layers that a forecast makes up have digests of their own only as long as it lasts.
  if (snapshot.layers.some(isForeseen)) return inputs();
  const { sources, exclude, parents, chown } = step;
  const asked = [VERSION, diffIds(snapshot), sources, exclude, parents, chown === undefined];
  const key = sha256(JSON.stringify([...asked, services.clampTime ?? null]));
  const known = services.cache.selection(key);
  if (known) return known;
  const found = inputs();
  services.cache.keepSelection(key, found);
  return found;
}

/** To be raised when the same layers come to other inputs. */
const VERSION = 1;

/** What sources of COPY and ADD select of a tree. */
export function selectFrom(
  services: ExecuteServices,
  step: CopyStep | AddStep,
  { source, paths }: { readonly source: OpenedSource; readonly paths: readonly string[] },
): Selection[] {
  const { tree, origin, keepsOwner, explainMissing, context } = source;
  return located(step.span, () =>
    paths.flatMap((path) => {
      const found = selectorOf(step)({
        ...excludes(step),
        ...{ tree, path, origin, keepsOwner },
        ...(explainMissing ? { explainMissing } : {}),
      });
      // As in Docker that is no error; whoever wrote the pattern meant something all the same.
      const nothing =
        found.length === 0 || (withParents(step) && found.every(({ below }) => below.length === 0));
      if (nothing && context && path !== '.')
        services.events({
          type: 'warning',
          message: `nothing in ${origin} matches '${displayPath(path)}'`,
          ...(step.span ? { span: step.span } : {}),
        });
      return found.map((selection) => ({ ...selection, own: true as const }));
    }),
  );
}

function withParents(step: CopyStep | AddStep): boolean {
  return step.kind === 'copy' && step.parents;
}

function selectorOf(step: CopyStep | AddStep): typeof selectSources {
  return withParents(step) ? selectWithParents : selectSources;
}

function excludes(step: CopyStep | AddStep): {
  excludes?: (path: string) => boolean;
  span?: NonNullable<CopyStep['span']>;
} {
  const span = step.span ? { span: step.span } : {};
  if (step.exclude.length === 0) return span;
  const matcher = createIgnoreMatcher(parsePatterns({ name: '--exclude', text: step.exclude.join('\n') }));
  return { ...span, excludes: matcher.isIgnored };
}

function inlineSelections(services: ExecuteServices, step: CopyStep | AddStep): Selection[] {
  return step.inlineFiles.map(({ name, content }) => {
    const tree = memoryTree([{ path: name, content, mode: 0o644, mtime: services.now() }]);
    return { tree, name, path: name, root: tree.get(name)!, keepsOwner: false, below: [] };
  });
}

async function selectAdd(services: ExecuteServices, step: AddStep): Promise<Transfer> {
  const found: FoundRemote[] = [];
  for (const [index, source] of step.sources.entries()) {
    if (source.kind === 'local') found.push(localSource(services, step, source.path));
    else if (source.kind === 'url') found.push(await findUrl(services, step, source));
    else found.push(await findGit(services, step, { source, index, ...excludes(step) }));
  }
  const closers: (() => void)[] = [];
  const local = found.flatMap(({ selections }) => (selections ? [selections] : []));
  return {
    ...(local.length === found.length
      ? { selected: () => [...local.flat(), ...inlineSelections(services, step)] }
      : {}),
    inputs: unique(found.flatMap(({ inputs }) => inputs)),
    open: async () => {
      const selections: Selection[] = [];
      for (const source of found) {
        const opened = await source.open();
        closers.push(opened.close);
        selections.push(...opened.selections);
      }
      return [...selections, ...inlineSelections(services, step)];
    },
    release: () => {
      for (const close of closers) close();
    },
  };
}

function localSource(services: ExecuteServices, step: AddStep, path: string): FoundRemote {
  const source = openContextSource(services);
  const selections = selectFrom(services, step, { source, paths: [path] });
  return {
    inputs: fileInputs(services, step, { selections, nameOf: source.inputName }),
    selections,
    open: async () => ({ selections, close: () => {} }),
  };
}

/** Two sources may name the same thing. */
function unique(inputs: readonly NamedInput[]): NamedInput[] {
  return [...new Map(inputs.map((input) => [`${input.kind}\0${input.name}`, input])).values()];
}

const ROOT = { uid: 0, gid: 0 };

/** Of a directory whose contents are copied, the new one gets the time, and nothing else. */
function directoryTime(
  services: ExecuteServices,
  { root, path }: Selection,
  nameOf: OpenedSource['inputName'],
): NamedInput[] {
  const time = root.path === '' ? {} : timeFacts(services, root);
  const facts = { type: 'dir', mode: 0, ...ROOT, ...time } as const;
  return 'time' in time ? [fileInput(`${nameOf(path)}/`, facts)] : [];
}

/** One input a file: everything of it that ends up in the layer but its time, that two names are one file included. */
function fileInputs(
  services: ExecuteServices,
  step: CopyStep | AddStep,
  {
    selections,
    nameOf,
  }: { readonly selections: readonly Selection[]; readonly nameOf: OpenedSource['inputName'] },
): NamedInput[] {
  const found: NamedInput[] = [];
  const inodes = new Map<string, string>();
  const firstName = ({ inode }: TreeEntry, path: string): { sameAs?: string } => {
    if (inode === undefined) return {};
    const sameAs = inodes.get(inode);
    if (sameAs !== undefined) return { sameAs };
    inodes.set(inode, path);
    return {};
  };
  const add = (selection: Selection, at: string, entry: TreeEntry) => {
    const path = nameOf(at);
    const { uid, gid } = selection.keepsOwner && step.chown === undefined ? entry : ROOT;
    if (entry.type !== 'file') {
      found.push(fileInput(path, { ...entry, uid, gid, ...timeFacts(services, entry) }));
      return;
    }
    const digest = entry.digest ?? selection.tree.digest(entry.path);
    const { type, mode, xattrs } = entry;
    const more = { ...(xattrs ? { xattrs } : {}), ...firstName(entry, path), ...timeFacts(services, entry) };
    found.push(fileInput(path, { type, mode, uid, gid, digest, ...more }));
  };
  for (const selection of selections) {
    // Names of one file are one file in the layer only where one source brings them.
    inodes.clear();
    if (selection.root.type !== 'dir') add(selection, selection.path, selection.root);
    else found.push(...directoryTime(services, selection, nameOf));
    for (const { relative, entry } of selection.below)
      add(selection, selection.path === '' ? relative : joinRelative(selection.path, relative), entry);
  }
  // Two sources may name the same file; the files of one are all different.
  return selections.length < 2 ? found : [...new Map(found.map((input) => [input.name, input])).values()];
}
