// From a suite's name to a root file system in a tar: sources chosen, mmdebstrap run, its result made clean and the
// same for the same packages.

import { MilleError } from '../../core/index.ts';
import type { ContainerConfig, ContentReader } from '../../oci/image/index.ts';
import { type LayerSourceEntry, openTarTree, writeLayer } from '../../oci/layer/index.ts';
import {
  CWD,
  closeFd,
  makeDirectories,
  O,
  openAt,
  removeTree,
  statAt,
  writeAll,
  writeFileAtomically,
} from '../../sys/index.ts';
import { type AptSource, formatSources } from './apt-source.ts';
import { baseConfig } from './base-config.ts';
import { chooseSources, type Distribution, KEYRINGS, sourcesOfMirror } from './choose-sources.ts';
import { type Package, parseDpkgStatus } from './dpkg-status.ts';
import {
  hostArchitecture,
  readBytes,
  readHostSources,
  readReachSettings,
  readSourcesFile,
} from './host-apt.ts';
import { DPKG_EXCLUDES, DPKG_SPEED, type ImageFile, imageFiles } from './image-files.ts';
import { runMmdebstrap } from './mmdebstrap.ts';
import type { BootstrapProgress } from './progress.ts';
import { type PlannedEntry, planRootfs } from './rootfs-plan.ts';

/** What base image is wanted. */
export interface BootstrapRequest {
  readonly distribution: Distribution;
  /** `bookworm`. */
  readonly suite: string;
  /** Names of packages beside those of the variant. */
  readonly include: readonly string[];
  /** mmdebstrap's; `minbase` is what Debian's slim images hold, and the default. `apt` is a little smaller. */
  readonly variant?: string;
  /** URL of a mirror, or the path of a file of package sources; by default the host's mirrors. */
  readonly mirror?: string;
  /** Absolute path of a directory that exists and is the caller's own; needs three times the space of the image. */
  readonly tmpDir: string;
  readonly onProgress?: (progress: BootstrapProgress) => void;
  readonly signal?: AbortSignal;
}

/** A root file system, ready to become an image of one layer. */
export interface BootstrapOutcome {
  /** A plain tar in `tmpDir`, a valid layer as it is. */
  readonly tarPath: string;
  readonly config: ContainerConfig;
  /** For `created_by` of the only history entry. */
  readonly history: string;
  readonly packages: readonly Package[];
  /** dpkg's name: `amd64`. */
  readonly architecture: string;
  /** For the image's `created`: the time of the newest file that a package brought, in seconds since the epoch. */
  readonly epoch: number;
}

/**
 * Makes a root file system from a distribution's packages. Two runs with the same package versions give the same
 * bytes. Root of the machine or of a user namespace.
 * @throws MilleError `usage` for a malformed request, `tool-missing`, `tool-failed`, `interrupted`
 */
export async function bootstrapBase(request: BootstrapRequest): Promise<BootstrapOutcome> {
  const { distribution, suite, variant = 'minbase', tmpDir, onProgress = () => {} } = request;
  checkRequest(request);
  const architecture = await hostArchitecture();
  const sources = findSources(request, architecture);
  const work = `${tmpDir}/bootstrap`;
  makeDirectories(work, 0o700);
  const raw = `${work}/raw.tar`;
  const secure = sources?.some((source) => source.uri.startsWith('https:'));
  const include = [...request.include, ...(secure ? ['ca-certificates'] : [])];
  // The scripts of the packages run after this moment; a second of grace for file systems with coarse times.
  const started = Math.floor(Date.now() / 1000) - 1;
  try {
    const files = { sources: `${work}/host.sources`, dpkg: `${work}/dpkg.cfg`, apt: `${work}/apt.conf` };
    if (sources) writeFileAtomically(files.sources, formatSources(sources));
    writeFileAtomically(files.dpkg, DPKG_OPTIONS);
    writeFileAtomically(files.apt, await readReachSettings());
    await runMmdebstrap({
      ...{ distribution, suite, variant, include, tmpDir: work, onProgress, target: raw },
      ...(sources ? { sourcesFile: files.sources } : {}),
      dpkgOptionsFile: files.dpkg,
      aptSettingsFile: files.apt,
      ...(request.signal ? { signal: request.signal } : {}),
    });
    onProgress({ phase: 'settling times and removing leftovers' });
    const tarPath = `${tmpDir}/rootfs.tar`;
    const { epoch, packages } = await settle(raw, tarPath, { distribution, sources, started, tmpDir: work });
    return {
      ...{ tarPath, packages, architecture, epoch },
      config: baseConfig(packages),
      history: historyText(request),
    };
  } finally {
    removeTree(CWD, work);
  }
}

/** What dpkg is told while it installs; a run that a power failure ends starts over as well. */
const DPKG_OPTIONS = DPKG_EXCLUDES + DPKG_SPEED;

/** Letters, digits and a few signs: apt would take patterns, paths and removals (`name-`) here as well. */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]*(:[a-z0-9]+)?([=/][A-Za-z0-9.+~:_-]+)?$/;

function checkRequest({ suite, include, variant }: BootstrapRequest): void {
  const bad = include.find((name) => !PACKAGE.test(name) || name.endsWith('-'));
  if (bad !== undefined)
    throw new MilleError('usage', `not a package name: ${JSON.stringify(bad)}`, {
      hint: 'names are separated by commas: --include python3,python3-pip',
    });
  if (!/^[a-z][a-z0-9.-]*$/.test(suite))
    throw new MilleError('usage', `not the name of a suite: ${JSON.stringify(suite)}`, {
      hint: 'for example debian:bookworm',
    });
  if (variant !== undefined && !/^[a-z]+$/.test(variant))
    throw new MilleError('usage', `not a variant of mmdebstrap: ${JSON.stringify(variant)}`, {
      hint: 'minbase, apt, buildd, important or standard',
    });
}

/** The sources, each with the key ring it is checked with; undefined leaves the choice to mmdebstrap. */
function findSources(request: BootstrapRequest, architecture: string): AptSource[] | undefined {
  const { distribution, suite, mirror } = request;
  const host = readHostSources();
  const wanted = { distribution, suite, architecture };
  const chosen =
    mirror === undefined
      ? chooseSources(host, wanted)
      : /^[a-z0-9+]+:/i.test(mirror)
        ? sourcesOfMirror(mirror, wanted)
        : readSourcesFile(mirror);
  if (mirror !== undefined && chosen.length === 0)
    throw new MilleError('usage', `no package sources in '${mirror}'`, {
      hint: '--mirror takes a URL, or a file as in /etc/apt/sources.list.d',
    });
  if (chosen.length === 0 && distribution !== 'debian')
    throw new MilleError('usage', `the package sources of this machine know no mirror of ${distribution}`, {
      hint: 'name one with --mirror URL',
    });
  if (chosen.length === 0) return undefined;
  return chosen.map((source) => withKeyring(source, distribution, host.distribution));
}

function withKeyring(source: AptSource, distribution: Distribution, host: string): AptSource {
  if (source.trusted) return source;
  const keyring = KEYRINGS[distribution];
  const path = source.signedBy ?? keyring.path;
  const exists = !path.startsWith('/') || statAt(CWD, path) !== undefined;
  if (exists) return { ...source, signedBy: path };
  // A host trusts its own distribution's archive by /etc/apt/trusted.gpg.d as well.
  if (source.signedBy === undefined && host === distribution) return source;
  const hint =
    path === keyring.path
      ? `apt install ${keyring.package}`
      : 'the sources of this machine name it in Signed-By';
  throw new MilleError('tool-missing', `the key ring ${path} of ${distribution} is not installed`, { hint });
}

interface SettleOptions {
  readonly distribution: Distribution;
  readonly sources: readonly AptSource[] | undefined;
  readonly started: number;
  readonly tmpDir: string;
}

/** Rewrites mmdebstrap's tar as the image's layer. */
async function settle(
  raw: string,
  target: string,
  options: SettleOptions,
): Promise<{ epoch: number; packages: Package[] }> {
  const tree = await openTarTree(raw, options.tmpDir);
  try {
    const read = (path: string) => readAll(tree.open(path), tree.get(path)?.size ?? 0);
    const has = (path: string) => tree.get(path) !== undefined;
    const files = [
      ...imageFiles({ distribution: options.distribution, sources: options.sources, has }),
      ...foreignKeyrings(options.sources ?? [], has),
    ];
    const plan = planRootfs(tree, { files, read, started: options.started });
    const packages = parseDpkgStatus(new TextDecoder().decode(read('var/lib/dpkg/status')));
    const fd = openAt(CWD, target, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o600 });
    try {
      await writeLayer(sourceEntries(plan.entries, tree), (bytes) => writeAll(fd, bytes));
    } finally {
      closeFd(fd);
    }
    return { epoch: plan.epoch, packages };
  } finally {
    tree.close();
  }
}

function* sourceEntries(
  planned: readonly PlannedEntry[],
  tree: { open(path: string): ContentReader },
): Generator<LayerSourceEntry> {
  for (const { entry, content } of planned) {
    if (entry.type !== 'file' || entry.size === 0) yield { entry };
    else yield { entry, open: () => (content ? memoryReader(content) : tree.open(entry.path)) };
  }
}

/** Keys that the sources name and no package brings: a company's own mirror, signed by the company. */
function foreignKeyrings(sources: readonly AptSource[], has: (path: string) => boolean): ImageFile[] {
  const paths = new Set(
    sources.map((source) => source.signedBy ?? '').filter((path) => path.startsWith('/')),
  );
  return [...paths].flatMap((path) => {
    const content = has(path.slice(1)) ? undefined : readBytes(path);
    return content === undefined ? [] : [{ path: path.slice(1), type: 'file' as const, content }];
  });
}

function memoryReader(content: Uint8Array): ContentReader {
  let at = 0;
  return {
    read(buffer) {
      const part = content.subarray(at, at + buffer.length);
      buffer.set(part);
      at += part.length;
      return part.length;
    },
    close() {},
  };
}

function readAll(reader: ContentReader, size: number): Uint8Array {
  const out = new Uint8Array(size);
  try {
    for (let at = 0; at < size; ) {
      const count = reader.read(out.subarray(at));
      if (count === 0) throw new MilleError('archive-broken', 'the tar of mmdebstrap ends too early');
      at += count;
    }
    return out;
  } finally {
    reader.close();
  }
}

function historyText({ distribution, suite, include, variant }: BootstrapRequest): string {
  return [
    `mille bootstrap ${distribution}:${suite}`,
    ...(variant ? [`--variant ${variant}`] : []),
    ...(include.length > 0 ? [`--include ${include.join(',')}`] : []),
  ].join(' ');
}
