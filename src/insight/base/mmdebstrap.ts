// Running mmdebstrap: the command line, its hook, its output, its end.

import { MilleError, redactUrls } from '../../core/index.ts';
import { findProgram } from '../../sys/index.ts';
import type { Distribution } from './choose-sources.ts';
import { explainFailure } from './failure.ts';
import { cEnvironment } from './host-apt.ts';
import { type BootstrapProgress, createProgressReader } from './progress.ts';
import { lineSplitter, spawnStoppable } from './stoppable.ts';

/** What mmdebstrap is to do. */
export interface MmdebstrapRun {
  readonly distribution: Distribution;
  readonly suite: string;
  readonly variant: string;
  /** dpkg's name of it. */
  readonly architecture: string;
  readonly include: readonly string[];
  /** A file of package sources; without, mmdebstrap chooses. */
  readonly sourcesFile?: string;
  readonly dpkgOptionsFile: string;
  /** Settings apt needs here and not in the image. */
  readonly aptSettingsFile: string;
  /** The tar to write. */
  readonly target: string;
  /** Where it may unpack; needs as much space as the image. */
  readonly tmpDir: string;
  readonly onProgress: (progress: BootstrapProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs before the first package is downloaded; $1 is the new root.
 *
 * /bin, /sbin and /lib become links from the start, as debootstrap makes them, and the package that turns them into
 * links afterwards is kept out: it needs all of perl, 47 MB, for good. dpkg's options are put in place here and not with
 * --dpkgopt: by the paths they name mmdebstrap would pass the first packages, which it lays out before there is a dpkg,
 * through a filter in Python, and that takes longer than all the rest of it. What this leaves in /etc is dropped from the
 * image by name (00mille).
 */
const SETUP_HOOK = `set -eu
root=$1
case $MILLE_ARCHITECTURE in
  amd64) dirs='bin sbin lib lib32 lib64 libx32' ;;
  i386) dirs='bin sbin lib lib64 libx32' ;;
  ppc64el|loong64) dirs='bin sbin lib lib64' ;;
  mips64*) dirs='bin sbin lib lib32 lib64 libo32' ;;
  s390x) dirs='bin sbin lib lib32' ;;
  *) dirs='bin sbin lib' ;;
esac
for dir in $dirs; do
  if [ ! -e "$root/$dir" ] && [ ! -L "$root/$dir" ]; then
    mkdir -p "$root/usr/$dir"
    ln -s "usr/$dir" "$root/$dir"
  fi
done
mkdir -p "$root/etc/apt/preferences.d" "$root/etc/apt/apt.conf.d" "$root/etc/apt/auth.conf.d"
printf 'Package: usrmerge\\nPin: release *\\nPin-Priority: -1\\n' > "$root/etc/apt/preferences.d/00mille"
cp "$MILLE_APT_SETTINGS" "$root/etc/apt/apt.conf.d/00mille"
mkdir -p "$root/etc/dpkg/dpkg.cfg.d"
cp "$MILLE_DPKG_OPTIONS" "$root/etc/dpkg/dpkg.cfg.d/00mille"
for file in /etc/apt/auth.conf /etc/apt/auth.conf.d/*.conf; do
  if [ -r "$file" ]; then cp "$file" "$root/etc/apt/auth.conf.d/"; fi
done
`;

/**
 * Runs when the first packages lie there and before dpkg installs them over that: takes away of them what dpkg's options
 * (`DPKG_EXCLUDES`) leave out. Directories for manual pages stay: packages such as those of Java register commands
 * together with their pages, and fail where these have no place. Inside of the new root, for links in there lead nowhere
 * else.
 */
const EXTRACT_HOOK = `set -eu
chroot "$1" /bin/sh -eu -c '
cd /usr/share
rm -rf man/* info/* groff/* lintian/* linda/*
for n in 1 2 3 4 5 6 7 8; do mkdir -p "man/man$n"; done
if [ -d doc ]; then find doc -type f ! -name copyright -delete; fi
if [ -d locale ]; then find locale -mindepth 1 ! -path locale/locale.alias -delete; fi'
`;

/** After how many lines of output the oldest are forgotten. */
const KEPT_LINES = 400;

/**
 * Runs mmdebstrap to its end.
 * @throws MilleError `tool-missing` where it is not installed, `tool-failed` with the telling lines of its output,
 * `interrupted` where the signal said so
 */
export async function runMmdebstrap(run: MmdebstrapRun): Promise<void> {
  const program = checkMmdebstrap();
  const lines: string[] = [];
  const read = createProgressReader();
  const onLine = (line: string) => {
    const clean = redactUrls(line);
    lines.push(clean);
    if (lines.length > KEPT_LINES) lines.shift();
    const progress = read(clean);
    if (progress) run.onProgress(progress);
  };
  const onOutput = lineSplitter(onLine);
  const env = {
    ...cEnvironment(),
    TMPDIR: run.tmpDir,
    MILLE_ARCHITECTURE: run.architecture,
    MILLE_APT_SETTINGS: run.aptSettingsFile,
    MILLE_DPKG_OPTIONS: run.dpkgOptionsFile,
  };
  const spawned = { env, cwd: '/', onStdout: onOutput, onStderr: onOutput };
  const result = await spawnStoppable([program, ...argumentsOf(run)], spawned, run.signal);
  if (run.signal?.aborted) throw new MilleError('interrupted', 'interrupted while the base image was made');
  if (result.status === 0) return;
  const how = result.signal ? `killed by ${result.signal}` : `exit status ${result.status}`;
  throw explainFailure(lines, run, { program: 'mmdebstrap', how });
}

/** Its path. @throws MilleError `tool-missing` */
export function checkMmdebstrap(): string {
  const program = findProgram('mmdebstrap');
  if (program) return program;
  const what = 'mmdebstrap, which makes base images from packages, is not installed';
  throw new MilleError('tool-missing', what, { hint: 'apt install mmdebstrap' });
}

function argumentsOf(run: MmdebstrapRun): string[] {
  return [
    '--verbose',
    // Not 'root': it would mount in the host's namespace, and what is left behind when it is killed stays mounted.
    // For root, and for root of a user namespace, this mode makes namespaces of its own but keeps the ids.
    '--mode=unshare',
    `--variant=${run.variant}`,
    `--architectures=${run.architecture}`,
    ...(run.include.length > 0 ? [`--include=${run.include.join(',')}`] : []),
    `--setup-hook=${SETUP_HOOK}`,
    `--extract-hook=${EXTRACT_HOOK}`,
    '--format=tar',
    run.suite,
    run.target,
    ...(run.sourcesFile ? [run.sourcesFile] : []),
  ];
}
