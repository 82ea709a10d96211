// The chain of programs that runs one container and cannot outlive us. Each link dies with the one before it:
//
//   mille → sh (setpriv --pdeathsig) = unshare → sh = runtime → the container's processes
//
// Where its system calls are traced, the tracer is in the runtime's place, and the runtime below it.
//
// `unshare` gives the rest a mount and a process namespace of its own. The overlay is mounted only there, so the
// host never sees it and it goes with the last process; the runtime is the first process of the namespace, so the
// kernel kills everything in it when the runtime dies, and `--kill-child` kills the runtime when unshare dies.
// A death signal asked for after the parent died never comes: both shells compare their parent first.

import { MilleError } from '../../core/index.ts';
import { findProgram, ownProcessId, realPath } from '../../sys/index.ts';
import { isPrivate, PRIVATE } from './private.ts';
import type { ContainerSpec } from './spec.ts';
import { type TraceRequest, tracedCommand } from './tracer.ts';
import { VIEW_SCRIPT, viewArguments } from './views.ts';
import { WORKDIR_SCRIPT, workdirArguments } from './workdir.ts';

/** An OCI runtime of this machine. */
export interface Runtime {
  readonly name: 'runc' | 'crun';
  readonly path: string;
  /** Whether we are root in a user namespace only. */
  readonly rootless: boolean;
}

const OUTER = '[ "$PPID" = "$1" ] || exit 125; shift; export MILLE_PARENT=$$; exec "$@"';

// Fields of stat in our parent's /proc, still mounted here: id, name, state, parent.
const INNER = [
  'read -r _ _ _ parent _ </proc/self/stat && [ "$parent" = "$MILLE_PARENT" ] || exit 125',
  'cd "$1" || exit 125',
  'options=$2 bundle=$3 input=',
  'shift 3',
  '{',
  'mount -t proc proc /proc && mount -t overlay overlay -o "$options" "$bundle/rootfs" || exit 125',
  'while [ "$1" != -- ]; do',
  '  case $1 in',
  ...VIEW_SCRIPT,
  ...WORKDIR_SCRIPT,
  '  *) exit 125 ;;',
  '  esac',
  'done',
  'shift',
  '} 2>"$bundle/mount.log"',
  'if [ -n "$input" ]; then exec </dev/null; fi',
  'cd "$bundle" || exit 125',
  'exec "$@"',
].join('\n');

/** The container's name for the runtime, and whether it has a control group. */
export interface Identity {
  readonly id: string;
  readonly grouped: boolean;
}

/** The command that mounts the root file system and runs the bundle's container in it. */
export function chainCommand(
  runtime: Runtime,
  spec: ContainerSpec,
  { trace, ...identity }: Identity & { readonly trace?: TraceRequest | undefined },
): string[] {
  const stacked = spec.lowers.length > 0 || spec.mounts?.some(({ type }) => type === 'layers');
  const base = realPath(stacked ? spec.lowerBase : spec.bundle);
  const near = (path: string) => relativePath(base, realPath(path));
  const bundle = near(spec.bundle);
  const empty = `${bundle}/empty`;
  const lowers = spec.lowers.length === 0 ? [empty] : spec.lowers;
  const options = [
    `lowerdir=${lowers.join(':')}`,
    `upperdir=${near(spec.upper)}`,
    `workdir=${near(spec.work)}`,
    // No feature that would leave attributes of overlayfs in the upper directory, which becomes a layer.
    'index=off',
    'xino=off',
    // Nothing of a run that did not end is used, so flushing to the disk on every fsync only costs time.
    'volatile',
    ...(runtime.rootless ? ['userxattr'] : ['metacopy=off', 'redirect_dir=off']),
  ].join(',');
  checkOptions(options, lowers.length);
  const views = viewArguments(spec, { bundle, empty, near, rootless: runtime.rootless, check: checkOptions });
  const workdir = workdirArguments(spec, bundle);
  const container = runtimeCommand(runtime, spec, identity);
  return [
    ...[tool('setpriv'), '--pdeathsig', 'KILL', '--', 'sh', '-c', OUTER, 'sh', String(ownProcessId())],
    ...[tool('unshare'), '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child=KILL', '--'],
    ...['sh', '-c', INNER, 'sh', base, options, bundle, ...views, ...workdir, '--'],
    ...(trace ? tracedCommand(trace, container, { quick: spec.user.uid === 0 }) : container),
  ];
}

/** Runs in the bundle, so that no path of ours needs to be written in a way that a runtime understands. */
function runtimeCommand(runtime: Runtime, spec: ContainerSpec, { id, grouped }: Identity): string[] {
  const state = isPrivate(spec) ? `${PRIVATE}/state` : 'state';
  return [
    ...[runtime.path, '--root', state, '--log', 'runtime.log', '--log-format', 'json'],
    ...(runtime.rootless ? rootlessFlags(runtime, grouped) : []),
    ...['run', '--bundle', '.', '--pid-file', 'pid', id],
  ];
}

function rootlessFlags({ name }: Runtime, grouped: boolean): string[] {
  return name === 'runc' ? ['--rootless=true'] : [`--cgroup-manager=${grouped ? 'cgroupfs' : 'disabled'}`];
}

/** OVL_MAX_STACK of the kernel. */
const MOST_LAYERS = 500;

function checkOptions(options: string, layers: number): void {
  // The kernel copies the options of mount(2) into one page, with a zero at the end.
  if (layers > MOST_LAYERS || options.length > 4000) {
    throw new MilleError('run-failed', `${layers} layers are more than overlayfs can stack`, {
      hint: 'put several RUN or COPY instructions into one, or COPY --from a stage that has them',
    });
  }
  const odd = /[\\"'\s]|[^\x21-\x7e]/.exec(options);
  if (odd || options.split(',').some((part) => !/^[a-z_]+(=.*)?$/.test(part)))
    throw new Error(`a path of the sandbox cannot be written as a mount option: ${options}`);
}

/** The path of `to` seen from the directory `from`, both absolute and without links. */
export function relativePath(from: string, to: string): string {
  const a = from.split('/').filter(Boolean);
  const b = to.split('/').filter(Boolean);
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/') || '.';
}

function tool(name: string): string {
  const path = findProgram(name);
  if (path) return path;
  throw new MilleError('tool-missing', `the program ${name} is not installed`, {
    hint: 'install util-linux (on Debian and Ubuntu: apt install util-linux)',
  });
}
