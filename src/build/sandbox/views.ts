// File systems beside the root that one container sees parts of: other stacks of layers, and files of the host that
// nobody may change. They are mounted by the inner shell, in the container's own mount namespace: the host never sees
// them, and they go with the last process. What the runtime then binds is below the bundle, on a path without links
// that no code of a container has touched.

import { CWD, closeFd, mkdirAt, O, openAt } from '../../sys/index.ts';
import type { Runtime } from './chain.ts';
import { isPrivate, privateArguments } from './private.ts';
import type { ContainerSpec, SandboxMount } from './spec.ts';

/** A mount that needs no preparation: what an OCI runtime can be told. */
export type PlainMount =
  | (Extract<SandboxMount, { type: 'bind' }> & { readonly options?: readonly string[] })
  | Extract<SandboxMount, { type: 'tmpfs' }>;

type View = Extract<SandboxMount, { type: 'layers' | 'host' }>;

/** The branches of the inner shell's `case`: each mounts one thing and shifts its own words away. */
export const VIEW_SCRIPT: readonly string[] = [
  '  layers) mount -t overlay overlay -o "$2" "$3" || exit 125; shift 3 ;;',
  // Read-only before the runtime makes mount points in it. Flags that the file system has must be said again: in a
  // user namespace they cannot be taken off.
  '  host)',
  '    mount --bind "$2" "$3" && flags=$(findmnt -nro VFS-OPTIONS -M "$3") || exit 125',
  '    mount -o "remount,bind,$flags,ro" "$3" || exit 125',
  '    [ "$(stat -c %d:%i "$3")" = "$4" ] || { echo "$2 was replaced" >&2; exit 125; }',
  '    shift 4 ;;',
  '  tmpfs) mount -t tmpfs -o mode=700,nosuid,nodev,noexec tmpfs "$2" || exit 125; input=1; shift 2 ;;',
  // One line of base64 from standard input is one file; the shell reads no byte beyond the line.
  '  file)',
  '    (umask 077; IFS= read -r line && printf %s "$line" | base64 -d >"$2") || exit 125',
  '    chown "$4" "$2" && chmod "$3" "$2" || exit 125',
  '    shift 4 ;;',
];

interface Around {
  /** As seen from where the shell stands. */
  readonly bundle: string;
  readonly empty: string;
  readonly near: (path: string) => string;
  readonly rootless: Runtime['rootless'];
  /** @throws where options cannot be given to mount(8) */
  readonly check: (options: string, layers: number) => void;
}

/** The words that make the inner shell mount all views of a container, and read its secrets. */
export function viewArguments(spec: ContainerSpec, around: Around): string[] {
  const views = viewsOf(spec).flatMap((view, i) => {
    const place = `${around.bundle}/views/${i}`;
    if (view.type === 'host') return ['host', view.source, place, `${deviceNumber(view.dev)}:${view.ino}`];
    const options = overlayOptions(view, around);
    around.check(options, view.lowers.length);
    return ['layers', options, place];
  });
  return isPrivate(spec) ? [...views, ...privateArguments(spec, around.bundle)] : views;
}

function overlayOptions(view: Extract<View, { type: 'layers' }>, { empty, near, rootless }: Around): string {
  const { lowers, scratch } = view;
  // Without an upper directory overlayfs wants two lower ones.
  if (scratch === undefined) return `lowerdir=${[...lowers, empty].join(':')}${rootless ? ',userxattr' : ''}`;
  return [
    `lowerdir=${lowers.join(':')}`,
    `upperdir=${near(`${scratch}/upper`)}`,
    `workdir=${near(`${scratch}/work`)}`,
    'volatile',
    ...(rootless ? ['userxattr'] : []),
  ].join(',');
}

/** Makes the mount points of views, before anything is mounted. */
export function makeViews(spec: ContainerSpec): void {
  const views = viewsOf(spec);
  if (views.length === 0) return;
  mkdirAt(CWD, `${spec.bundle}/views`);
  views.forEach((view, i) => {
    const place = `${spec.bundle}/views/${i}`;
    if (view.type === 'layers' || view.directory) mkdirAt(CWD, place);
    else closeFd(openAt(CWD, place, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 }));
    if (view.type === 'host' || view.scratch === undefined) return;
    for (const name of ['upper', 'work']) mkdirAt(CWD, `${view.scratch}/${name}`);
  });
}

/** The caller's mounts as the runtime is told. */
export function plainMounts(spec: ContainerSpec): PlainMount[] {
  const views = viewsOf(spec);
  return (spec.mounts ?? []).map((mount) => {
    if (mount.type === 'bind' || mount.type === 'tmpfs') return mount;
    const place = `${spec.bundle}/views/${views.indexOf(mount)}`;
    if (mount.type === 'host') return { type: 'bind', source: place, target: mount.target, readonly: true };
    return {
      type: 'bind',
      source: mount.path === '' ? place : `${place}/${mount.path}`,
      target: mount.target,
      readonly: mount.scratch === undefined,
    };
  });
}

function viewsOf(spec: ContainerSpec): View[] {
  return (spec.mounts ?? []).filter(
    (mount): mount is View => mount.type === 'layers' || mount.type === 'host',
  );
}

/** A device (major and minor in one number, as `FileStat.dev`) as stat(1) prints it: the encoding of the C library. */
function deviceNumber(dev: number): string {
  const major = BigInt(Math.floor(dev / 0x100000));
  const minor = BigInt(dev % 0x100000);
  return String(
    ((major & 0xfffff000n) << 32n) |
      ((major & 0xfffn) << 8n) |
      ((minor & 0xffffff00n) << 12n) |
      (minor & 0xffn),
  );
}
