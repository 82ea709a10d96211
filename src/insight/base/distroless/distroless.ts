// A base without shell and package manager: the files of its packages laid out by hand, nothing run. Needs no privilege,
// and does for any architecture.

import { MilleError } from '../../../core/index.ts';
import { bytesReader } from '../../../oci/image/index.ts';
import { type LayerSourceEntry, writeLayer } from '../../../oci/layer/index.ts';
import { CWD, closeFd, O, openAt, writeAll } from '../../../sys/index.ts';
import { userConfig } from '../accounts.ts';
import { debPath } from '../archive/fetch.ts';
import { baseConfig } from '../base-config.ts';
import type { BasePlan } from '../base-plan.ts';
import { readAll } from '../read-all.ts';
import { type BootstrapOutcome, type BootstrapRequest, historyText } from '../request.ts';
import { comparePaths } from '../rootfs-plan.ts';
import { type Deb, openDeb } from './deb.ts';
import { BUNDLE, type GeneratedFile, generatedFiles } from './generated.ts';
import { leftOut } from './left-out.ts';
import { addParents, mergedPath, mergePackages, type OwnedFile, removeFiles } from './merge.ts';
import { packageDatabase } from './package-database.ts';
import { checkPrograms, scriptsThatCannotRun } from './programs.ts';
import { type AlternativeLink, judgeScripts } from './scripts.ts';

/**
 * Lays out the packages of a plan.
 * @param debs the directory of their files
 * @throws MilleError `tool-failed` for a package whose scripts matter and are not known here
 */
export async function layOut(
  request: BootstrapRequest,
  plan: BasePlan,
  debs: string,
): Promise<BootstrapOutcome> {
  const { tmpDir, onProgress = () => {} } = request;
  const opened = new Map<string, Deb>();
  try {
    for (const [at, one] of plan.packages.entries()) {
      if (request.signal?.aborted) throw new MilleError('interrupted', 'interrupted');
      onProgress({ phase: 'unpacking', detail: one.name, done: at + 1, total: plan.packages.length });
      opened.set(one.name, await openDeb(debPath(debs, one), tmpDir));
    }
    const alternatives = judgeAll(opened);
    onProgress({ phase: 'laying out' });
    const { tree, notes } = compose(request, { opened, alternatives, plan });
    const newest = newestOf(tree);
    const epoch = Math.min(newest, request.sourceDateEpoch ?? newest);
    const tarPath = `${tmpDir}/rootfs.tar`;
    const fd = openAt(CWD, tarPath, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o600 });
    try {
      await writeLayer(sourceEntries(tree, epoch), (bytes) => writeAll(fd, bytes), { clampTime: epoch });
    } finally {
      closeFd(fd);
    }
    const packages = plan.packages.map(({ name, version }) => ({ name, version }));
    const config = baseConfig(packages);
    return {
      ...{ tarPath, epoch, packages, notes, plan, architecture: plan.architecture },
      config: {
        ...config,
        Env: [...config.Env!, ...(tree.has(BUNDLE) ? [`SSL_CERT_FILE=/${BUNDLE}`] : [])],
        ...(config.Cmd?.[0] === 'sh' ? { Cmd: [] } : {}),
        ...userConfig(request.user),
      },
      history: historyText(request),
      weights: weigh(tree),
    };
  } finally {
    for (const deb of opened.values()) deb.close();
  }
}

function judgeAll(opened: ReadonlyMap<string, Deb>): AlternativeLink[] {
  const alternatives: AlternativeLink[] = [];
  const refused: string[] = [];
  const output: string[] = [];
  for (const [name, deb] of opened) {
    const verdict = judgeScripts(name, deb);
    alternatives.push(...verdict.alternatives);
    if (verdict.unknown.length === 0) continue;
    refused.push(name);
    output.push(...verdict.unknown.slice(0, 4).map((line) => `${name}: ${line}`));
  }
  if (refused.length > 0)
    throw new MilleError(
      'tool-failed',
      `the installation scripts of ${refused.join(', ')} do what is not known here, and cannot be run without a shell`,
      { hint: 'make the base without --profile, or leave these packages out', output: output.slice(0, 12) },
    );
  return alternatives;
}

interface Parts {
  readonly opened: ReadonlyMap<string, Deb>;
  readonly alternatives: readonly AlternativeLink[];
  readonly plan: BasePlan;
}

function compose(
  request: BootstrapRequest,
  { opened, alternatives, plan }: Parts,
): { readonly tree: Map<string, OwnedFile>; readonly notes: string[] } {
  // The package that brings the system's directories says what they are like.
  const ordered = [...opened].sort(([a], [b]) => Number(b === 'base-files') - Number(a === 'base-files'));
  const certificates = certificatesOf(opened);
  const tree = mergePackages(
    ordered.map(([name, deb]) => ({ name, files: deb.files })),
    (path) => leftOut(path) !== undefined,
  );
  const epoch = newestOf(tree);
  const has = (path: string) => tree.has(path);
  const generated = generatedFiles({
    ...{ alternatives, certificates, has },
    ...(request.user ? { user: request.user } : {}),
    ...(request.timezone === undefined ? {} : { timezone: request.timezone }),
  });
  for (const one of generated) put(tree, one, epoch);
  const silent = scriptsThatCannotRun(tree);
  removeFiles(tree, new Set(silent.keys()));
  const database = packageDatabase(
    [...opened].map(([name, deb]) => ({ name, control: deb.control, md5sums: deb.md5sums })),
    (path, name) => tree.get(mergedPath(path))?.owner === name,
  );
  for (const { path, content } of database)
    put(tree, { path, type: 'file', content, mode: 0o644, why: 'what scanners read' }, epoch);
  addParents(tree, epoch);
  return { tree, notes: checkPrograms(tree, plan.architecture) };
}

function put(tree: Map<string, OwnedFile>, file: GeneratedFile, epoch: number): void {
  const { path, type, mode, link, content, uid = 0, gid = 0 } = file;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  // A directory that a package has in the place of a link goes: it would be a link on a full system, and is empty.
  tree.set(path, {
    entry: {
      ...{ path, type, uid, gid, mtime: epoch, size: bytes?.length ?? 0 },
      mode: mode ?? (type === 'dir' ? 0o755 : type === 'symlink' ? 0o777 : 0o644),
      ...(link === undefined ? {} : { link }),
    },
    ...(bytes ? { open: () => bytesReader(bytes) } : {}),
  });
}

/** In the order in which update-ca-certificates takes them: by their paths. */
function certificatesOf(opened: ReadonlyMap<string, Deb>): string[] {
  const found: [string, string][] = [];
  for (const { files } of opened.values()) {
    for (const entry of files.entries) {
      if (entry.type !== 'file' || !/^usr\/share\/ca-certificates\/.*\.crt$/.test(entry.path)) continue;
      if (entry.size > 1 << 20) continue;
      found.push([entry.path, new TextDecoder().decode(readAll(files.open(entry), entry.size))]);
    }
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}

function* sourceEntries(tree: ReadonlyMap<string, OwnedFile>, epoch: number): Generator<LayerSourceEntry> {
  const sorted = [...tree.values()].sort((a, b) => comparePaths(a.entry.path, b.entry.path));
  // A hard link comes after its file, whatever their names.
  const [links, others] = [[] as OwnedFile[], [] as OwnedFile[]];
  for (const one of sorted) (one.entry.type === 'hardlink' ? links : others).push(one);
  for (const { entry, open } of [...others, ...links]) {
    // Links of the tree itself have no time of their own.
    const timed = entry.mtime === 0 ? { ...entry, mtime: epoch } : entry;
    yield open && entry.size > 0 ? { entry: timed, open } : { entry: timed };
  }
}

/** No file is newer than the newest that a package brought. */
function newestOf(tree: ReadonlyMap<string, OwnedFile>): number {
  let newest = 0;
  for (const { entry } of tree.values()) newest = Math.max(newest, entry.mtime);
  return newest;
}

/** Bytes of files by package; '' for what is made here. */
function weigh(tree: ReadonlyMap<string, OwnedFile>): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const { entry, owner = '' } of tree.values()) {
    if (entry.type === 'file') weights.set(owner, (weights.get(owner) ?? 0) + entry.size);
  }
  return weights;
}
