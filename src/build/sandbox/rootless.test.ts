// Real containers without root: the program enters a user namespace and everything else is as it is for root.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { findProgram } from '../../sys/index.ts';
import { asUser, findBusybox, placeProgram, testUser } from '../../testkit/index.ts';
import type { ContainerSpec } from './index.ts';

const user = testUser();
const ready = user !== undefined && findBusybox() !== undefined;
if (!ready) console.log('skipped: needs root, uidmap and busybox-static');

let base = '';
let program: readonly string[] = [];

beforeAll(async () => {
  if (!user || !ready) return;
  base = mkdtempSync(`${tmpdir()}/mille-rootless-`);
  chownSync(base, user.uid, user.gid);
  program = await placeProgram(`${import.meta.dir}/testdata/run-container.ts`, base);
});

afterAll(() => {
  if (base) rmSync(base, { recursive: true, force: true });
});

function run(
  script: string,
  spec: Partial<ContainerSpec> & { readonly traced?: readonly string[] } = {},
): { out: string; upper: string } {
  const argument = JSON.stringify({ directory: base, args: ['sh', '-c', script], ...spec });
  const result = Bun.spawnSync(asUser(user!, [...program, argument]), { stderr: 'pipe' });
  const out = result.stdout.toString() + result.stderr.toString();
  return { out, upper: /upper (\S+)/.exec(out)?.[1] ?? '' };
}

/** The first subordinate id of the test user: number 1 inside. */
function firstSubordinate(): number {
  const line = readFileSync('/etc/subuid', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${user?.name}:`));
  return Number(line?.split(':')[1]);
}

describe.skipIf(!ready)('rootless', () => {
  test('owners are right inside, and stand for the subordinate ids outside', () => {
    const { out, upper } = run('id -u; touch /f /g; chown 33:44 /g; stat -c %u:%g /f /g');
    expect(out).toContain('0\n0:0\n33:44\nstatus 0');
    expect(lstatSync(`${upper}/f`)).toMatchObject({ uid: user!.uid, gid: user!.gid });
    expect(lstatSync(`${upper}/g`)).toMatchObject({
      uid: firstSubordinate() + 32,
      gid: firstSubordinate() + 43,
    });
    expect(readdirSync(upper).sort()).toEqual(['dev', 'f', 'g', 'proc', 'sys']);
  });

  test('a user of the image', () => {
    const { out } = run('id; touch /tmp/x; stat -c %u:%g /tmp/x; touch /x 2>/dev/null || echo refused', {
      user: { uid: 1000, gid: 1000 },
    });
    expect(out).toContain('uid=1000 gid=1000');
    expect(out).toContain('1000:1000\nrefused\nstatus 0');
  });

  test('a deletion is a whiteout, a replaced directory opaque', () => {
    const { out, upper } = run('rm /etc/group; rm -r /root; mkdir /root');
    expect(out).toContain('status 0');
    expect(lstatSync(`${upper}/etc/group`).isCharacterDevice()).toBe(true);
    const attributes = Bun.spawnSync(['getfattr', '-d', '-m', '-', `${upper}/root`]);
    if (attributes.success) expect(attributes.stdout.toString()).toContain('user.overlay.opaque="y"');
  });

  test('no network but loopback, no control group of the user to write to, no word of the runtime', () => {
    const { out } = run(
      'ls /sys/class/net; ls /sys/fs/cgroup | wc -l; touch /sys/fs/cgroup/x 2>/dev/null || echo ro',
      {
        network: 'none',
      },
    );
    expect(out).toStartWith('lo\n0\nro\nstatus 0');
    expect(run('ls /sys/fs/cgroup | wc -l').out).toStartWith('0\nstatus 0');
  });

  test('a missing command has its own error', () => {
    const argument = JSON.stringify({ directory: base, args: ['nope'] });
    const { stdout, stderr } = Bun.spawnSync(asUser(user!, [...program, argument]), { stderr: 'pipe' });
    expect(stdout.toString()).toStartWith('error command-missing');
    expect(stderr.toString()).toBe('');
  });

  test('a store below a directory that only the user may enter', () => {
    const directory = mkdtempSync(`${base}/private-`);
    chownSync(directory, user!.uid, user!.gid);
    mkdirSync(`${directory}/store`, 0o700);
    chownSync(`${directory}/store`, user!.uid, user!.gid);
    const argument = JSON.stringify({ directory: `${directory}/store`, args: ['true'] });
    const { stdout } = Bun.spawnSync(asUser(user!, [...program, argument]), { stderr: 'inherit' });
    expect(stdout.toString()).toStartWith('status 0');
  });

  test.skipIf(findProgram('strace') === undefined)('its system calls can be traced', () => {
    const script = 'cat /etc/passwd; echo "$$"; ls /proc/self/fd; touch /f; chown 33 /f; stat -c %u /f';
    const plain = run(script);
    const { out } = run(script, { traced: ['execve', 'open', 'openat', 'nosuchcall'] });
    expect(out).toMatch(/^\| .*"\/etc\/passwd", O_RDONLY.* = \d+<\/etc\/passwd>$/m);
    const untraced = (text: string) => text.replace(/^\| .*\n/gm, '').replace(/ upper .*/, '');
    expect(untraced(out)).toBe(untraced(plain.out));
  });
});
