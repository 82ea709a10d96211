import { describe, expect, test } from 'bun:test';
import { ReadsObserver } from './index.ts';

const IMAGE: Readonly<Record<string, string>> = {
  app: 'dir',
  'app/a': 'file',
  'app/b': 'file',
  'app/sub': 'dir',
  'app/sub/c': 'file',
  'app/link': '> sub',
  'app/here': '> /app/a',
  bin: '> usr/bin',
  usr: 'dir',
  'usr/bin': 'dir',
  'usr/bin/sh': 'file',
};

const START = '4 pivot_root(".", ".") = 0\n4 stat("/bin/sh", 0x1) = 0\n4 execve("/bin/sh", [...], 0x1) = 0\n';

/** What is seen of these calls, which follow the start of the container's process 4. */
function seen(...calls: string[]) {
  const observer = new ReadsObserver({
    ground: {
      get: (path) => {
        const what = IMAGE[path];
        if (what === undefined) return undefined;
        return what.startsWith('> ') ? { type: 'symlink', link: what.slice(2) } : { type: what };
      },
    },
    mounts: [{ path: 'proc' }, { path: 'mnt', told: '/mnt' }],
    cwd: '/app',
  });
  observer.push(`1 execve("/usr/sbin/runc", [...], 0x1) = 0\n1 clone(flags=SIGCHLD) = 4\n${START}`);
  for (const call of calls) observer.push(`${/^\d/.test(call) ? '' : '4 '}${call}\n`);
  const { files, ...rest } = observer.finish(() => undefined);
  return { ...rest, files: files.filter((file) => file !== 'usr/bin/sh') };
}

describe('what a command reads', () => {
  test('is told by content, by name, by listing, and by what is missing', () => {
    expect(
      seen(
        'openat(AT_FDCWD</app>, "link/c", O_RDONLY) = 3</app/sub/c>',
        'access("b", R_OK) = 0',
        'access("no", R_OK) = -1 ENOENT (No such file or directory)',
        'getdents64(3</app/sub>, 0x1 /* 3 entries */, 32768) = 80',
        'openat(AT_FDCWD</app>, "/proc/self/maps", O_RDONLY) = 3</proc/4/maps>',
      ),
    ).toEqual({
      files: ['app/sub/c'],
      looked: ['app/b', 'app/link', 'bin'],
      listed: ['app/sub'],
      missing: ['app/no'],
    });
  });

  test('is not what it made itself, under whatever name it has meanwhile', () => {
    const { files, looked, missing } = seen(
      'open("new", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</app/new>',
      'mkdir("dir", 0777) = 0',
      'open("dir/x", O_WRONLY|O_CREAT, 0666) = 3</app/dir/x>',
      'rename("dir", "other") = 0',
      'open("other/x", O_RDONLY) = 3</app/other/x>',
      'access("other/y", F_OK) = -1 ENOENT (No such file or directory)',
      'open("dir/x", O_RDONLY) = -1 ENOENT (No such file or directory)',
      'open("a", O_WRONLY|O_TRUNC) = 3</app/a>',
      'open("a", O_RDONLY) = 3</app/a>',
      'symlink("/app/sub", "own") = 0',
      'access("own/none", F_OK) = -1 ENOENT (No such file or directory)',
      'unlink("b") = 0',
      'access("b", F_OK) = -1 ENOENT (No such file or directory)',
    );
    expect({ files, missing }).toEqual({ files: [], missing: ['app/sub/none'] });
    expect(looked).toEqual(['app/a', 'app/b', 'bin']);
  });

  test('is what its layer takes over unread', () => {
    expect(
      seen(
        'fchownat(AT_FDCWD</app>, "a", 1, 1, 0) = 0',
        'open("b", O_WRONLY|O_APPEND) = 3</app/b>',
        'rename("sub/c", "sub/d") = 0',
        'lchown("here", 1, 1) = 0',
      ),
    ).toMatchObject({ files: ['app/a', 'app/b', 'app/sub/c'], looked: ['app/here', 'bin'] });
  });

  test('goes by the directory of each process, also of one that is seen before its parent names it', () => {
    expect(
      seen(
        'clone(flags=CLONE_FS|SIGCHLD <unfinished ...>',
        '9 chdir("sub") = 0',
        "4 <... clone resumed>) = 5 /* 9 in strace's PID NS */",
        'access("c", F_OK) = 0',
        'vfork( <unfinished ...>',
        '10 vfork( <unfinished ...>',
        '11 chdir("/") = 0',
        '11 access("app/b", F_OK) = 0',
        '11 +++ exited with 0 +++',
        "10 <... vfork resumed>) = 7 /* 11 in strace's PID NS */",
        '10 access("../a", F_OK) = 0',
        "4 <... vfork resumed>) = 6 /* 10 in strace's PID NS */",
      ).looked,
    ).toEqual(['', 'app/a', 'app/b', 'app/sub', 'app/sub/c', 'bin']);
    expect(seen('chroot("/app/sub") = 0', 'chdir("/") = 0', 'access("../c", F_OK) = 0').looked).toContain(
      'app/sub/c',
    );
  });

  test('of a mount is told apart', () => {
    expect(
      seen('open("/mnt/x", O_RDONLY) = 3</mnt/x>', 'open("/mnt/y", O_RDONLY) = -1 ENOENT (No)').mounts,
    ).toEqual([{ target: '/mnt', files: ['x'], looked: [], listed: [], missing: ['y'] }]);
  });

  test('does not grow beyond what is kept', () => {
    const observer = new ReadsObserver({ ground: { get: () => undefined }, mounts: [], cwd: '/', most: 3 });
    observer.push(`1 execve("/r", [...], 0x1) = 0\n1 clone(flags=SIGCHLD) = 4\n${START}`);
    for (let i = 0; i < 9; i++) observer.push(`4 access("${i}", F_OK) = -1 ENOENT (No)\n`);
    const { missing, cut } = observer.finish(() => undefined);
    expect({ missing, cut }).toEqual({ missing: ['0', '1'], cut: true });
  });
});
