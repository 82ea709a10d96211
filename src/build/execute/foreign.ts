// RUN for another platform than the machine's: possible where the kernel has an emulator for its programs. What counts
// is the program that RUN starts, not what the image says of itself: a mislabelled image runs as it does with Docker.

import { MilleError } from '../../core/index.ts';
import { compatiblePlatforms, formatPlatform, samePlatform } from '../../oci/image/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import { ELF_START, type ElfKind, elfArchitecture, executesHere, readElfKind } from '../../sys/index.ts';
import { isImage, type PlannedStage, type RunStep } from '../graph/index.ts';
import type { EvaluatedBuild } from './evaluate-build.ts';
import { noCacheFor } from './no-cache.ts';
import type { ExecuteServices } from './services.ts';
import { diffIds, type Snapshot, type SnapshotFiles, snapshotFiles } from './snapshot.ts';

/**
 * Looks at the commands of stages for other platforms before anything runs. What an earlier build has executed may be
 * found in the cache, and is not looked at.
 * @param openBase gives the layers of the image that a stage stands on
 * @throws MilleError `platform-unsupported`
 */
export async function refuseForeign(
  services: ExecuteServices,
  build: EvaluatedBuild,
  openBase: (stage: PlannedStage) => Promise<Snapshot>,
): Promise<void> {
  for (const stage of build.plan.stages) {
    const bottom = bottomOf(build, stage);
    if (!bottom || isNative(stage.platform)) continue;
    const unused = noCacheFor(services, stage) !== undefined;
    for (const step of build.evaluations.get(stage.index)?.steps ?? []) {
      if (step.kind !== 'run' || (!unused && services.cache.hasRun(step.instruction))) continue;
      await refuseForeignCommand(services, step, await openBase(bottom));
    }
  }
}

/** The stage at the bottom of a chain, where that stands on an image. */
function bottomOf(
  { plan }: Pick<EvaluatedBuild, 'plan'>,
  stage: PlannedStage | undefined,
): PlannedStage | undefined {
  const base = stage?.base;
  if (base?.kind === 'stage')
    return bottomOf(
      { plan },
      plan.stages.find(({ index }) => index === base.stage),
    );
  return base && isImage(base) ? stage : undefined;
}

/**
 * Looks at the command of one step in what it will see.
 * @throws MilleError `platform-unsupported` where it is sure not to be executed
 */
export async function refuseForeignCommand(
  services: ExecuteServices,
  step: RunStep,
  snapshot: Snapshot,
): Promise<void> {
  if (isNative(step.platform)) return;
  await services.travel?.distant.tables(diffIds(snapshot));
  const program = await findProgram(services, step, snapshot);
  if (!program || (await canExecute(services, program.kind))) return;
  const { path, kind } = program;
  throw new MilleError(
    'platform-unsupported',
    `this machine (${formatPlatform(hostPlatform())}) cannot execute /${path}, a program for ${elfArchitecture(kind)}`,
    {
      hint: 'install an emulator (Debian, Ubuntu: apt install qemu-user-static), or run this in a stage FROM --platform=$BUILDPLATFORM and COPY what it makes',
      ...(step.span ? { span: step.span } : {}),
    },
  );
}

function isNative(platform: RunStep['platform']): boolean {
  return compatiblePlatforms(hostPlatform()).some((one) => samePlatform(one, platform));
}

const answers = new Map<string, Promise<boolean>>();

function canExecute(services: ExecuteServices, kind: ElfKind): Promise<boolean> {
  const key = JSON.stringify(kind);
  let answer = answers.get(key);
  if (!answer) {
    const temporary = services.store.makeTemporary('probe');
    answer = executesHere(kind, temporary.path).finally(temporary.remove);
    answers.set(key, answer);
  }
  return answer;
}

interface Program {
  readonly path: string;
  readonly kind: ElfKind;
}

const SCRIPTS = 4;

/** The ELF file that is executed in the end; undefined where there is none (yet), or it is something else. */
async function findProgram(
  services: ExecuteServices,
  step: RunStep,
  snapshot: Snapshot,
): Promise<Program | undefined> {
  const files = snapshotFiles(services.store, snapshot);
  try {
    let path = locate(files, step);
    for (let depth = 0; path !== undefined && depth < SCRIPTS; depth++) {
      await files.ready();
      const start = readStart(files, path);
      const kind = readElfKind(start);
      if (kind) return { path, kind };
      const interpreter = /^#![ \t]*(\/[^\s]+)/.exec(Buffer.from(start).toString('latin1'))?.[1];
      path = interpreter === undefined ? undefined : executable(files, interpreter);
    }
    return undefined;
  } finally {
    files.close();
  }
}

/** As execvp(3) looks for it. */
function locate(files: SnapshotFiles, { argv, environment, workdir }: RunStep): string | undefined {
  const name = argv[0] ?? '';
  if (name.includes('/')) return executable(files, name.startsWith('/') ? name : `${workdir}/${name}`);
  const path = environment.find((variable) => variable.name === 'PATH')?.value ?? '';
  for (const directory of path.split(':')) {
    const found = directory.startsWith('/') ? executable(files, `${directory}/${name}`) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function executable(files: SnapshotFiles, path: string): string | undefined {
  const real = files.resolve(path);
  const entry = real === undefined ? undefined : files.tree.get(real);
  return entry?.type === 'file' && entry.size >= ELF_START && entry.mode & 0o111 ? real : undefined;
}

function readStart(files: SnapshotFiles, path: string): Uint8Array {
  const reader = files.tree.open(path);
  try {
    const bytes = new Uint8Array(256);
    return bytes.subarray(0, reader.read(bytes));
  } finally {
    reader.close();
  }
}
