// RUN: the unpacked layers as overlay lowers, one container on top, and what it changed as a new layer.

import { MilleError, redactUrls } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import { upperEntries } from '../../oci/layer/index.ts';
import { lowerNames, type Temporary } from '../../oci/store/index.ts';
import { CWD, chmodAt, mkdirAt, writeFileAtomically } from '../../sys/index.ts';
import { type NamedInput, type RunStep, staticInputs } from '../graph/index.ts';
import { type ContainerSpec, runContainer, type SandboxMount } from '../sandbox/index.ts';
import { resolveProcessUser } from './account.ts';
import { refuseForeignCommand } from './foreign.ts';
import { located } from './located.ts';
import type { OpenSource } from './open-source.ts';
import { OutputLines } from './output-lines.ts';
import { processEnvironment } from './process-environment.ts';
import { type OpenMounts, type PreparedMounts, prepareMounts } from './run-mounts.ts';
import { settingInputs } from './run-settings.ts';
import type { ExecuteServices } from './services.ts';
import { accountFiles, diffIds, mergedTree, type Snapshot, snapshotContent } from './snapshot.ts';
import { type Watching, watchedRun } from './watched-run.ts';
import { type StepWork, storeLayer } from './work.ts';

/** Prepares a RUN step. */
export async function prepareRun(
  services: ExecuteServices,
  step: RunStep,
  around: { readonly open: OpenSource; readonly snapshot: Snapshot },
): Promise<StepWork> {
  const { snapshot } = around;
  const mounts = await prepareMounts(services, step, around.open);
  const parent: NamedInput = { kind: 'parent', name: '', value: snapshotContent(snapshot, services) };
  return {
    inputs: [...staticInputs(step), ...settingInputs(services.run), parent, ...mounts.inputs],
    execute: async () => ({
      layer: await watchedRun(services, step, {
        snapshot,
        run: (watching) => executeRun(services, step, { snapshot, mounts, watching }),
      }),
    }),
    release: mounts.release,
  };
}

async function executeRun(
  services: ExecuteServices,
  step: RunStep,
  {
    snapshot,
    mounts,
    watching,
  }: {
    readonly snapshot: Snapshot;
    readonly mounts: PreparedMounts;
    readonly watching: Watching | undefined;
  },
): Promise<LayerInfo> {
  const { store, events, clampTime } = services;
  const runtime = await services.runtime();
  const temporary = store.makeTemporary('run');
  let open: OpenMounts | undefined;
  try {
    for (const name of ['bundle', 'upper', 'work']) mkdirAt(CWD, `${temporary.path}/${name}`, 0o755);
    // The upper directory is the root of the file system as the container sees it.
    chmodAt(CWD, `${temporary.path}/upper`, mergedTree(store, snapshot).get('')?.entry.mode ?? 0o755);
    const unpacked = await store.ensureUnpacked(diffIds(snapshot), {
      onUnpack: () => events({ type: 'step-progress', step: step.id, doing: 'unpacking the layers below' }),
      onSkipped: (_, paths) => warnSkipped(services, paths),
    });
    await refuseForeignCommand(services, step, snapshot);
    const output = new OutputLines(
      (stream, text) => events({ type: 'step-output', step: step.id, stream, text }),
      services.secrets,
    );
    const accounts = await accountFiles(store, snapshot);
    const user = located(step.span, () => resolveProcessUser(step.user, accounts));
    open = await mounts.open((name) => {
      mkdirAt(CWD, `${temporary.path}/${name}`, 0o755);
      return `${temporary.path}/${name}`;
    });
    const mounted = [...open.mounts, ...scriptMount(step, temporary), ...(services.trust?.mounts ?? [])];
    const { status } = await runContainer(
      runtime,
      containerOf(services, step, { temporary, unpacked, user, open, mounted }),
      {
        onStdout: (chunk) => output.push('stdout', chunk),
        onStderr: (chunk) => output.push('stderr', chunk),
        signal: services.signal,
        ...(watching ? { trace: watching.trace(mounted) } : {}),
      },
    ).catch((error: unknown) => {
      throw notStarted(step, error);
    });
    output.end();
    if (status !== 0) throw failed(services, step, { status, output: output.tail() });
    await watching?.ended(`${temporary.path}/upper`);
    open.verify();
    open.close();
    return await keepChanges(services, step, {
      snapshot,
      upper: `${temporary.path}/upper`,
      adopt: clampTime === undefined,
    });
  } finally {
    open?.close();
    temporary.remove();
  }
}

/** What is made for the container of a step. */
interface Prepared {
  readonly temporary: Temporary;
  readonly unpacked: Parameters<typeof lowerNames>[0];
  readonly user: ReturnType<typeof resolveProcessUser>;
  readonly open: OpenMounts;
  readonly mounted: readonly SandboxMount[];
}

/** The container of a step: its layers, its command, and what the command is given. */
function containerOf(
  { store, clampTime, proxies, trust, run }: ExecuteServices,
  step: RunStep,
  { temporary, unpacked, user, open, mounted }: Prepared,
): ContainerSpec {
  return {
    bundle: `${temporary.path}/bundle`,
    upper: `${temporary.path}/upper`,
    work: `${temporary.path}/work`,
    lowerBase: store.linksDirectory,
    lowers: lowerNames(unpacked),
    args: step.argv,
    env: processEnvironment(step, {
      mounts: open.env,
      ...(clampTime === undefined ? {} : { clampTime }),
      proxies,
      trust: trust?.env ?? [],
    }),
    cwd: step.workdir,
    ownsWorkdir: true,
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    mounts: mounted,
    secrets: open.secrets,
    network: step.network === 'none' ? 'none' : 'host',
    insecure: step.security === 'insecure',
    extraHosts: run.extraHosts,
    ...run.limits,
    ...(step.hostname === undefined ? {} : { hostname: step.hostname }),
  };
}

/** Writes the upper directory as a layer and makes it the layer's unpacked form. */
async function keepChanges(
  services: ExecuteServices,
  step: RunStep,
  changes: { snapshot: Snapshot; upper: string; adopt: boolean },
): Promise<LayerInfo> {
  const { store } = services;
  const entries = upperEntries(changes.upper, {
    lower: mergedTree(store, changes.snapshot),
    overlayXattr: store.privilege === 'root' ? 'trusted' : 'user',
  });
  const { info } = await storeLayer(services, entries, { step: step.id });
  // With clamped times the directory differs from its tar; it is unpacked again when somebody needs it.
  if (changes.adopt) store.adoptUnpacked(changes.upper, [...diffIds(changes.snapshot), info.diffId]);
  return info;
}

function warnSkipped(services: ExecuteServices, paths: readonly string[]): void {
  services.events({
    type: 'warning',
    message: `${paths.length} device nodes of the base are missing inside RUN (first: /${paths[0]})`,
    hint: 'they stay in the image; only root can make them for RUN',
  });
}

/** A here-document that begins with `#!` is a file of its own, outside of the image. */
function scriptMount(step: RunStep, temporary: Temporary): SandboxMount[] {
  if (!step.script) return [];
  const source = `${temporary.path}/script`;
  writeFileAtomically(source, step.script.content);
  chmodAt(CWD, source, 0o755);
  return [{ type: 'bind', source, target: `/dev/pipes/${step.script.name}`, readonly: true }];
}

function failed(
  services: ExecuteServices,
  step: RunStep,
  { status, output }: { readonly status: number; readonly output: readonly string[] },
): MilleError {
  const limited = services.run.limits.resources?.memory !== undefined;
  return new MilleError(
    'step-failed',
    `the command ended with exit code ${status}: ${redactUrls(step.commandText)}`,
    {
      output,
      ...hintFor(status, limited),
      ...(step.span ? { span: step.span } : {}),
    },
  );
}

function hintFor(status: number, limited: boolean): { hint?: string } {
  if (status === 127) return { hint: 'a program was not found: is it installed by an earlier instruction?' };
  if (status === 126)
    return { hint: 'a file is not executable: does it need `chmod +x` or COPY --chmod=755?' };
  if (status !== 137) return {};
  return {
    hint: limited
      ? 'the command was killed (signal 9): it may need more than --memory gives it'
      : 'the command was killed (signal 9), often for want of memory',
  };
}

/** The runtime could not start the command: for the user that is a failing RUN like any other. */
function notStarted(step: RunStep, error: unknown): unknown {
  if (!(error instanceof MilleError)) return error;
  if (error.code !== 'command-missing' && error.code !== 'command-not-executable') return error.at(step.span);
  return new MilleError('step-failed', error.message, {
    hint:
      step.form === 'shell'
        ? `the shell ${step.argv[0]} is not in the image: use the exec form, or SHELL`
        : 'the exec form starts a program directly: it must exist in the image and be executable',
    cause: error,
    ...(step.span ? { span: step.span } : {}),
  });
}
