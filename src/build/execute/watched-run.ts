// A RUN whose reads are watched. Watching never decides whether a step succeeds: what cannot be watched is run unseen.

import { cleanRelative, MilleError, parentPath } from '../../core/index.ts';
import { EXECUTABLE_START, interpreterIn } from '../../lang/executable/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import { CWD, closeFd, O, openAt, openDirectory, openInRoot, readInto, statAt } from '../../sys/index.ts';
import type { RunStep } from '../graph/index.ts';
import { type Ground, type MountPoint, ReadsObserver, TRACED_CALLS } from '../reads/index.ts';
import type { SandboxMount, TraceRequest } from '../sandbox/index.ts';
import type { ExecuteServices, ReadsWatch } from './services.ts';
import { mergedTree, type Snapshot, type SnapshotFiles, snapshotFiles } from './snapshot.ts';

const ACCOUNTS = ['/etc/passwd', '/etc/group'];

/** What a run is given to be watched. */
export interface Watching {
  /** To be called just before the container starts. */
  trace(mounts: readonly SandboxMount[]): TraceRequest;
  /** To be called once the command has succeeded, while the upper directory is still there. */
  ended(upper: string): Promise<void>;
}

/** Runs a step watched where somebody wants to know; again and unseen where that run failed. */
export async function watchedRun(
  services: ExecuteServices,
  step: RunStep,
  {
    snapshot,
    run,
  }: { readonly snapshot: Snapshot; readonly run: (watching?: Watching) => Promise<LayerInfo> },
): Promise<LayerInfo> {
  const { watch } = services;
  if (!watch) return await run();
  let tracer: TraceRequest['tracer'];
  try {
    tracer = await watch.tracer();
  } catch (error) {
    watch.unwatched(step, reasonOf(error));
    return await run();
  }
  const watching = new WatchedRun(services, step, { snapshot, watch, tracer });
  try {
    return await run(watching);
  } catch (error) {
    if (!watching.begun || services.signal.aborted) throw error;
    const message = 'the command failed while it was watched: it runs once more, unwatched';
    services.events({ type: 'warning', message, ...(step.span ? { span: step.span } : {}) });
    watch.unwatched(step, `it failed while it was watched: ${reasonOf(error)}`);
    return await run();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof MilleError || error instanceof Error ? error.message : String(error);
}

class WatchedRun implements Watching {
  begun = false;
  private observer: ReadsObserver | undefined;
  private failure: string | undefined;

  constructor(
    private readonly services: ExecuteServices,
    private readonly step: RunStep,
    private readonly given: {
      readonly snapshot: Snapshot;
      readonly watch: ReadsWatch;
      readonly tracer: TraceRequest['tracer'];
    },
  ) {}

  trace(mounts: readonly SandboxMount[]): TraceRequest {
    const { snapshot, tracer } = this.given;
    this.begun = true;
    const tree = mergedTree(this.services.store, snapshot);
    const ground: Ground = { get: (path) => tree.get(path)?.entry };
    const points = mountPoints(this.step, mounts, (path) => tree.resolve(cleanRelative(path)));
    const observer = new ReadsObserver({ ground, mounts: points, cwd: this.step.workdir });
    this.observer = observer;
    // Who the user is was looked up for the command.
    if (/[^0-9:]/.test(this.step.user)) for (const path of ACCOUNTS) observer.alsoReads(path);
    return {
      tracer,
      calls: TRACED_CALLS,
      onText: (text) => {
        if (this.failure !== undefined) return;
        try {
          observer.push(text);
        } catch (error) {
          this.failure = `its trace cannot be followed: ${reasonOf(error)}`;
        }
      },
    };
  }

  async ended(upper: string): Promise<void> {
    const { services, step, observer } = this;
    const { snapshot, watch } = this.given;
    if (!observer?.hasBegun) this.failure ??= 'its trace does not show its command';
    if (this.failure !== undefined || !observer) return watch.unwatched(step, this.failure ?? '');
    const files = snapshotFiles(services.store, snapshot);
    try {
      await files.ready();
      const reads = observer.finish((path) => interpreterIn(startOf(path, { upper, files })));
      watch.reads(step, reads);
    } catch (error) {
      watch.unwatched(step, reasonOf(error));
    } finally {
      files.close();
    }
  }
}

/** What is mounted over the image; of these, only what bind mounts show is of the build. */
function mountPoints(
  step: RunStep,
  mounts: readonly SandboxMount[],
  resolve: (path: string) => string | undefined,
): MountPoint[] {
  const binds = new Set(step.mounts.flatMap((mount) => (mount.type === 'bind' ? [mount.target] : [])));
  const others = ['/proc', '/sys', '/dev', '/etc/hosts', '/etc/resolv.conf'];
  const secrets = step.mounts.flatMap((mount) =>
    mount.type === 'secret' && mount.target !== undefined ? [mount.target] : [],
  );
  return [...others, ...secrets, ...mounts.map(({ target }) => target)].map((target) => {
    const path = resolve(target) ?? cleanRelative(target);
    return binds.has(target) ? { path, told: `/${cleanRelative(target)}` } : { path };
  });
}

/** The first bytes of a program, as it is when the command has ended; none of what is no regular file. */
function startOf(
  path: string,
  { upper, files }: { readonly upper: string; readonly files: SnapshotFiles },
): Uint8Array {
  const buffer = new Uint8Array(EXECUTABLE_START);
  try {
    const fd = openChanged(upper, path);
    if (fd !== undefined) {
      try {
        return buffer.subarray(0, readInto(fd, buffer));
      } finally {
        closeFd(fd);
      }
    }
    if (files.tree.get(path)?.type !== 'file') return new Uint8Array();
    const reader = files.tree.open(path);
    try {
      return buffer.subarray(0, reader.read(buffer));
    } finally {
      reader.close();
    }
  } catch {
    // It may be gone by now.
    return new Uint8Array();
  }
}

/** Opens a regular file of the upper directory; undefined where there is none. No process of the container is left. */
function openChanged(upper: string, path: string): number | undefined {
  const root = openDirectory(CWD, upper);
  try {
    const parent = openInRoot(root, parentPath(path), { flags: O.RDONLY | O.DIRECTORY });
    try {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (statAt(parent, name)?.type !== 'file') return undefined;
      return openAt(parent, name, { flags: O.RDONLY | O.NOFOLLOW | O.NONBLOCK });
    } finally {
      closeFd(parent);
    }
  } catch {
    return undefined;
  } finally {
    closeFd(root);
  }
}
