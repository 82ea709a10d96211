// The system calls that tell what is read: what each of them does with the paths that it is given.

/** Which word holds what. */
export interface PathWords {
  /** The descriptor from which a relative path begins, where the call takes one. */
  readonly at?: number;
  readonly path: number;
  /** Where flags say whether a link at the end is followed. */
  readonly flags?: number;
}

/** What a call does. */
export type CallShape =
  | (PathWords & { readonly does: 'open'; readonly creates?: true })
  | (PathWords & {
      readonly does: 'look' | 'change' | 'execute' | 'enter' | 'root' | 'mount';
      readonly links?: true;
    })
  | (PathWords & { readonly does: 'truncate' | 'make' | 'remove' })
  | (PathWords & { readonly does: 'symlink'; readonly target: number })
  | { readonly does: 'rename' | 'link'; readonly from: PathWords; readonly to: PathWords }
  | { readonly does: 'list' | 'enter-descriptor'; readonly descriptor: number }
  | { readonly does: 'fork' }
  | { readonly does: 'pivot' };

const at = (flags?: number) => ({ at: 0, path: 1, ...(flags === undefined ? {} : { flags }) });
const look = (links?: true) => ({ does: 'look', path: 0, ...(links ? { links } : {}) }) as const;
const change = (links?: true) => ({ does: 'change', path: 0, ...(links ? { links } : {}) }) as const;

/** By name. `links` are those that never follow a link at the end. */
export const CALLS: ReadonlyMap<string, CallShape> = new Map<string, CallShape>([
  ['open', { does: 'open', path: 0, flags: 1 }],
  ['creat', { does: 'open', path: 0, creates: true }],
  ['openat', { does: 'open', ...at(2) }],
  ['openat2', { does: 'open', ...at(2) }],
  ['execve', { does: 'execute', path: 0 }],
  ['execveat', { does: 'execute', ...at(4) }],
  ['uselib', { does: 'execute', path: 0 }],
  ['stat', look()],
  ['stat64', look()],
  ['oldstat', look()],
  ['lstat', look(true)],
  ['lstat64', look(true)],
  ['oldlstat', look(true)],
  ['newfstatat', { does: 'look', ...at(3) }],
  ['fstatat64', { does: 'look', ...at(3) }],
  ['statx', { does: 'look', ...at(2) }],
  ['access', look()],
  ['faccessat', { does: 'look', ...at() }],
  ['faccessat2', { does: 'look', ...at(3) }],
  ['readlink', look(true)],
  ['readlinkat', { does: 'look', ...at(), links: true }],
  ['statfs', look()],
  ['statfs64', look()],
  ['getxattr', look()],
  ['lgetxattr', look(true)],
  ['listxattr', look()],
  ['llistxattr', look(true)],
  ['inotify_add_watch', { does: 'look', path: 1 }],
  ['name_to_handle_at', { does: 'look', ...at(), links: true }],
  ['chdir', { does: 'enter', path: 0 }],
  ['fchdir', { does: 'enter-descriptor', descriptor: 0 }],
  ['chroot', { does: 'root', path: 0 }],
  ['pivot_root', { does: 'pivot' }],
  ['mount', { does: 'mount', path: 1 }],
  ['move_mount', { does: 'mount', at: 2, path: 3 }],
  ['chmod', change()],
  ['fchmodat', { does: 'change', ...at() }],
  ['fchmodat2', { does: 'change', ...at(3) }],
  ['chown', change()],
  ['chown32', change()],
  ['lchown', change(true)],
  ['lchown32', change(true)],
  ['fchownat', { does: 'change', ...at(4) }],
  ['utime', change()],
  ['utimes', change()],
  ['futimesat', { does: 'change', ...at() }],
  ['utimensat', { does: 'change', ...at(3) }],
  ['utimensat_time64', { does: 'change', ...at(3) }],
  ['setxattr', change()],
  ['lsetxattr', change(true)],
  ['removexattr', change()],
  ['lremovexattr', change(true)],
  ['truncate', { does: 'truncate', path: 0 }],
  ['truncate64', { does: 'truncate', path: 0 }],
  ['mkdir', { does: 'make', path: 0 }],
  ['mkdirat', { does: 'make', ...at() }],
  ['mknod', { does: 'make', path: 0 }],
  ['mknodat', { does: 'make', ...at() }],
  ['unlink', { does: 'remove', path: 0 }],
  ['unlinkat', { does: 'remove', ...at() }],
  ['rmdir', { does: 'remove', path: 0 }],
  ['symlink', { does: 'symlink', target: 0, path: 1 }],
  ['symlinkat', { does: 'symlink', target: 0, at: 1, path: 2 }],
  ['rename', { does: 'rename', from: { path: 0 }, to: { path: 1 } }],
  ['renameat', { does: 'rename', from: at(), to: { at: 2, path: 3 } }],
  ['renameat2', { does: 'rename', from: at(), to: { at: 2, path: 3, flags: 4 } }],
  ['link', { does: 'link', from: { path: 0 }, to: { path: 1 } }],
  ['linkat', { does: 'link', from: at(), to: { at: 2, path: 3, flags: 4 } }],
  ['getdents', { does: 'list', descriptor: 0 }],
  ['getdents64', { does: 'list', descriptor: 0 }],
  ['fork', { does: 'fork' }],
  ['vfork', { does: 'fork' }],
  ['clone', { does: 'fork' }],
  ['clone3', { does: 'fork' }],
]);

/** What a tracer has to show: no other call matters. */
export const TRACED_CALLS: readonly string[] = [...CALLS.keys()];
