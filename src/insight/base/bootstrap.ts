// From a suite's name to a root file system in a tar: sources chosen, mmdebstrap run, its result made clean and the
// same for the same packages.

import { bytesReader, type ContentReader } from '../../oci/image/index.ts';
import { type LayerSourceEntry, openTarTree, writeLayer } from '../../oci/layer/index.ts';
import {
  CWD,
  closeFd,
  makeDirectories,
  O,
  openAt,
  removeTree,
  writeAll,
  writeFileAtomically,
} from '../../sys/index.ts';
import { groupLine, homeOf, passwdLine, userConfig, withLine } from './accounts.ts';
import { type AptSource, formatSources } from './apt-source.ts';
import { checkRuns } from './architecture.ts';
import { fetchPackages } from './archive/fetch.ts';
import { baseConfig } from './base-config.ts';
import { type BasePlan, checkPlan, planBase } from './base-plan.ts';
import { layOut } from './distroless/distroless.ts';
import { type Package, parseDpkgStatus } from './dpkg-status.ts';
import { bringKeyrings } from './foreign-keyrings.ts';
import { hostArchitecture, readBytes, readReachSettings } from './host-apt.ts';
import { DPKG_EXCLUDES, DPKG_SPEED, type ImageFile, imageFiles } from './image-files.ts';
import { makeLocalArchive, namedPackages } from './local-archive.ts';
import { checkMmdebstrap, runMmdebstrap } from './mmdebstrap.ts';
import { readAll } from './read-all.ts';
import { type BootstrapOutcome, type BootstrapRequest, checkRequest, historyText } from './request.ts';
import { type PlannedEntry, planRootfs } from './rootfs-plan.ts';
import { timeZone } from './time-zone.ts';
import { weighInstalled } from './weigh-installed.ts';

/**
 * Makes a root file system from a distribution's packages. Two runs with the same package versions give the same
 * bytes. Root of the machine or of a user namespace.
 * @throws MilleError `usage` for a malformed request, `tool-missing`, `tool-failed`, `interrupted`
 */
export async function bootstrapBase(request: BootstrapRequest): Promise<BootstrapOutcome> {
  checkRequest(request);
  const work = `${request.tmpDir}/bootstrap`;
  makeDirectories(work, 0o700);
  try {
    return request.profile === 'distroless'
      ? await makeDistroless(request, work)
      : await makeStandard(request, work);
  } finally {
    removeTree(CWD, work);
  }
}

async function makeDistroless(request: BootstrapRequest, work: string): Promise<BootstrapOutcome> {
  const { plan, debs } = await planAndFetch(request, work);
  return layOut(request, plan, debs);
}

/** What is wanted, and the files of its packages. */
async function planAndFetch(
  request: BootstrapRequest,
  work: string,
): Promise<{ readonly plan: BasePlan; readonly debs: string }> {
  const { plan, apt } = await planBase(request, `${work}/apt`);
  checkPlan(plan);
  const debs = `${work}/packages`;
  await fetchPackages(apt, plan.packages, { directory: debs, onProgress: request.onProgress ?? (() => {}) });
  return { plan, debs };
}

async function makeStandard(request: BootstrapRequest, work: string): Promise<BootstrapOutcome> {
  const { distribution, suite, variant = 'minbase', tmpDir, onProgress = () => {} } = request;
  const own = await hostArchitecture();
  checkRuns(request.architecture ?? own, own);
  checkMmdebstrap();
  const { plan, debs } = await planAndFetch(request, work);
  const { architecture, sources } = plan;
  const raw = `${work}/raw.tar`;
  const include = namedPackages(plan);
  const files = { sources: `${work}/local.sources`, dpkg: `${work}/dpkg.cfg`, apt: `${work}/apt.conf` };
  const local = await makeLocalArchive(request, plan, { debs, tmpDir: work });
  writeFileAtomically(files.sources, formatSources([local]));
  writeFileAtomically(files.dpkg, DPKG_OPTIONS);
  writeFileAtomically(files.apt, await readReachSettings());
  // The scripts of the packages run after this moment; a second of grace for file systems with coarse times.
  const started = Math.floor(Date.now() / 1000) - 1;
  await runMmdebstrap({
    ...{ distribution, suite, variant, architecture, include, tmpDir: work, onProgress, target: raw },
    sourcesFile: files.sources,
    dpkgOptionsFile: files.dpkg,
    aptSettingsFile: files.apt,
    ...(request.signal ? { signal: request.signal } : {}),
  });
  onProgress({ phase: 'settling times and removing leftovers' });
  const tarPath = `${tmpDir}/rootfs.tar`;
  const settled = await settle(raw, tarPath, { request, sources, started, tmpDir: work });
  const { packages } = settled;
  return {
    ...{ ...settled, tarPath, architecture, plan, notes: [] },
    config: { ...baseConfig(packages), ...userConfig(request.user) },
    history: historyText(request),
  };
}

/** What dpkg is told while it installs; a run that a power failure ends starts over as well. */
const DPKG_OPTIONS = DPKG_EXCLUDES + DPKG_SPEED;

interface SettleOptions {
  readonly request: BootstrapRequest;
  readonly sources: readonly AptSource[];
  readonly started: number;
  readonly tmpDir: string;
}

/** Rewrites mmdebstrap's tar as the image's layer. */
async function settle(
  raw: string,
  target: string,
  options: SettleOptions,
): Promise<{ epoch: number; packages: Package[]; weights: ReadonlyMap<string, number> }> {
  const tree = await openTarTree(raw, options.tmpDir);
  try {
    const read = (path: string) => readAll(tree.open(path), tree.get(path)?.size ?? 0);
    const has = (path: string) => tree.get(path) !== undefined;
    const { request, sources, started } = options;
    const { distribution, user } = request;
    const trusted = bringKeyrings(sources, { has, read: readBytes });
    const files = [
      ...imageFiles({ distribution, sources: trusted.sources, has }),
      ...trusted.files,
      ...ownFiles(request, { has, read }),
    ];
    const plan = planRootfs(tree, { files, read, started, ...(user ? { user } : {}) });
    const epoch = Math.min(plan.epoch, request.sourceDateEpoch ?? plan.epoch);
    const packages = parseDpkgStatus(new TextDecoder().decode(read('var/lib/dpkg/status')));
    const fd = openAt(CWD, target, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o600 });
    try {
      await writeLayer(sourceEntries(plan.entries, tree), (bytes) => writeAll(fd, bytes), {
        clampTime: epoch,
      });
    } finally {
      closeFd(fd);
    }
    return { epoch, packages, weights: weighInstalled(plan.entries, { tree, read }) };
  } finally {
    tree.close();
  }
}

/** What the account and the time zone come to. */
function ownFiles(
  { user, timezone }: BootstrapRequest,
  tree: { has(path: string): boolean; read(path: string): Uint8Array },
): ImageFile[] {
  const text = (path: string) => new TextDecoder().decode(tree.read(path));
  return [
    ...(user
      ? [
          fileWith('etc/passwd', withLine(text('etc/passwd'), passwdLine(user), '/etc/passwd')),
          fileWith('etc/group', withLine(text('etc/group'), groupLine(user), '/etc/group')),
          homeOf(user),
        ]
      : []),
    ...(timezone === undefined ? [] : timeZone(timezone, tree.has)),
  ];
}

function fileWith(path: string, content: string): ImageFile {
  return { path, type: 'file', content };
}

function* sourceEntries(
  planned: readonly PlannedEntry[],
  tree: { open(path: string): ContentReader },
): Generator<LayerSourceEntry> {
  for (const { entry, content } of planned) {
    if (entry.type !== 'file' || entry.size === 0) yield { entry };
    else yield { entry, open: () => (content ? bytesReader(content) : tree.open(entry.path)) };
  }
}
