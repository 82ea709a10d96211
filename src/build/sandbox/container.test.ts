// Real containers, as root.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import type { MilleError } from '../../core/index.ts';
import { processIds } from '../../sys/index.ts';
import { findBusybox, makeBusyboxRoot } from '../../testkit/index.ts';
import { type ContainerIo, type ContainerSpec, probeRuntime, type Runtime, runContainer } from './index.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.log('skipped: containers need root and busybox-static (apt install busybox-static)');

let base = '';
let runtime: Runtime;

beforeAll(async () => {
  if (!ready) return;
  base = mkdtempSync(`${tmpdir()}/mille-sandbox-`);
  makeBusyboxRoot(`${base}/layers/root`);
  runtime = await probeRuntime();
});

afterAll(() => {
  if (base) rmSync(base, { recursive: true, force: true });
});

interface Outcome {
  readonly status?: number;
  readonly error?: MilleError;
  readonly out: string;
  readonly err: string;
  readonly upper: string;
}

async function run(
  args: readonly string[],
  options: { spec?: Partial<ContainerSpec>; io?: ContainerIo } = {},
): Promise<Outcome> {
  const directory = mkdtempSync(`${base}/run-`);
  for (const name of ['bundle', 'upper', 'work']) mkdirSync(`${directory}/${name}`);
  const chunks = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  const upper = `${directory}/upper`;
  const outcome = await runContainer(
    runtime,
    {
      bundle: `${directory}/bundle`,
      lowerBase: `${base}/layers`,
      lowers: ['root'],
      upper,
      work: `${directory}/work`,
      args,
      env: ['PATH=/usr/bin:/bin', 'GREETING=hello world'],
      cwd: '/',
      user: { uid: 0, gid: 0 },
      network: 'host',
      ...options.spec,
    },
    {
      onStdout: (chunk) => chunks.out.push(chunk),
      onStderr: (chunk) => chunks.err.push(chunk),
      ...options.io,
    },
  ).catch((error: MilleError) => ({ error }));
  const text = (parts: Uint8Array[]) => Buffer.concat(parts).toString();
  return { ...outcome, out: text(chunks.out), err: text(chunks.err), upper };
}

/** What the runtime makes in a root that lacks it, and what stays, as with BuildKit. */
const NEEDED = ['dev', 'proc', 'sys'];

const shell = (script: string, spec: Partial<ContainerSpec> = {}) => run(['sh', '-c', script], { spec });

describe.skipIf(!ready)('what a command gives back', () => {
  test('its status and its two streams', async () => {
    expect(await shell('echo out; echo err >&2; exit 3')).toMatchObject({
      status: 3,
      out: 'out\n',
      err: 'err\n',
    });
  });

  test('128 + n where a signal killed it', async () => {
    // The first process of a namespace ignores signals that it sends itself; a child of it does not.
    const inner = await shell("sh -c 'kill -SEGV $$'; echo $?");
    expect(inner.out.trim()).toBe('139');
  });

  test("a status of 1 is the command's own, also with words that a runtime could have said", async () => {
    const said = await shell('echo "runc run failed: nonsense" >&2; exit 1');
    expect(said).toMatchObject({ status: 1, err: 'runc run failed: nonsense\n' });
    expect(said.error).toBeUndefined();
  });

  test('much output arrives whole', async () => {
    const { out } = await shell('head -c 5000000 /dev/zero | tr "\\0" x');
    expect(out.length).toBe(5_000_000);
  });

  test('standard input: nothing, or what is given', async () => {
    expect((await shell('cat; echo end')).out).toBe('end\n');
    const given = await run(['cat'], { io: { stdin: Buffer.from('some bytes') } });
    expect(given).toMatchObject({ status: 0, out: 'some bytes' });
  });

  test('processes left behind end with it', async () => {
    expect(await shell('sleep 300 & echo done')).toMatchObject({ status: 0, out: 'done\n' });
  });
});

describe.skipIf(!ready)('an end from outside', () => {
  test('interrupting kills all processes before it returns', async () => {
    const abort = new AbortController();
    const mark = `${process.pid}77`;
    const outcome = await run(['sh', '-c', `trap '' TERM INT; sleep ${mark} & echo up; sleep ${mark}`], {
      io: { signal: abort.signal, onStdout: () => abort.abort() },
    });
    expect(outcome.error?.code).toBe('interrupted');
    expect(outcome.err).toBe('');
    expect(running(`sleep\0${mark}`)).toEqual([]);
  });

  test('interrupted before it starts, nothing runs', async () => {
    const { error, upper } = await run(['touch', '/f'], { io: { signal: AbortSignal.abort() } });
    expect(error?.code).toBe('interrupted');
    expect(readdirSync(upper)).toEqual([]);
  });

  test('a handler that throws ends the container, and its error is the result', async () => {
    const mark = `${process.pid}78`;
    const onStdout = () => {
      throw new Error('no more');
    };
    const { error } = await run(['sh', '-c', `echo x; sleep ${mark}`], { io: { onStdout } });
    expect(error?.message).toBe('no more');
    expect(running(`sleep\0${mark}`)).toEqual([]);
  });
});

/** Processes whose command line holds a text. */
function running(text: string): number[] {
  return processIds().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith(text);
    } catch {
      return false;
    }
  });
}

describe.skipIf(!ready)('a command that cannot be started', () => {
  const cases: [string, string, string][] = [
    ['not on PATH', 'nope', 'command-missing'],
    ['no such path', '/no/such', 'command-missing'],
    ['no execute bit', '/etc/passwd', 'command-not-executable'],
    ['a directory', '/etc', 'command-not-executable'],
  ];
  for (const [what, command, code] of cases) {
    test(what, async () => {
      const { error, err } = await run([command]);
      expect(error?.code).toBe(code as never);
      expect(error?.message).toContain(command);
      expect(error?.message).not.toContain('runc');
      expect(err).toBe('');
    });
  }

  test('a script whose interpreter is missing, and one that is no program', async () => {
    mkdirSync(`${base}/layers/scripts`);
    writeFileSync(`${base}/layers/scripts/interp`, '#!/no/such/interpreter\n', { mode: 0o755 });
    writeFileSync(`${base}/layers/scripts/garbage`, 'not a program\n', { mode: 0o755 });
    const spec = { lowers: ['scripts', 'root'] };
    const interp = await run(['/interp'], { spec });
    expect(interp.error?.code).toBe('command-missing');
    expect(interp.error?.message).toContain('interpreter');
    const garbage = await run(['/garbage'], { spec });
    expect(garbage.error?.code).toBe('command-not-executable');
  });

  test('a mount source that does not exist is a failure of the set-up', async () => {
    const { error } = await shell('true', {
      mounts: [{ type: 'bind', source: '/no/such/source', target: '/x' }],
    });
    expect(error?.code).toBe('run-failed');
    expect(error?.message).toContain('/no/such/source');
  });
});

describe.skipIf(!ready)('what a command sees', () => {
  test("Docker's capabilities, no more, none inheritable; none at all as a user", async () => {
    const root = await shell('grep Cap /proc/self/status');
    expect(root.out).toMatch(
      /CapInh:\s+0+\nCapPrm:\s+0+a80425fb\nCapEff:\s+0+a80425fb\nCapBnd:\s+0+a80425fb\nCapAmb:\s+0+\n/,
    );
    const user = await shell('grep Cap /proc/self/status; id', {
      user: { uid: 7, gid: 8, additionalGids: [9] },
    });
    expect(user.out).toMatch(/CapPrm:\s+0+\nCapEff:\s+0+\nCapBnd:\s+0+a80425fb\n/);
    expect(user.out).toContain('uid=7 gid=8 groups=8,9');
  });

  test('its environment and nothing of ours, no descriptor, no ignored signal, the usual mask', async () => {
    const { out } = await shell(
      'env -u PWD -u SHLVL -u HOME env | sort; umask; grep SigIgn /proc/self/status; ls /proc/$$/fd; true',
    );
    expect(out).toBe('GREETING=hello world\nPATH=/usr/bin:/bin\n0022\nSigIgn:\t0000000000000000\n0\n1\n2\n');
  });

  test('namespaces of its own: processes, host name, control group', async () => {
    const { out } = await shell('echo $$; hostname; cut -d: -f3 /proc/self/cgroup | sort -u');
    expect(out).toBe('1\nbuildkitsandbox\n/\n');
    expect((await shell('hostname; cat /etc/hostname', { hostname: 'box', hostnameFile: true })).out).toBe(
      'box\nbox\n',
    );
  });

  test('hosts and resolv.conf, not writable unless asked for', async () => {
    const spec = { extraHosts: [{ name: 'db', address: '10.1.2.3' }] };
    const { out } = await shell('cat /etc/hosts /etc/resolv.conf; echo x 2>&1 >>/etc/hosts', spec);
    const resolv = existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '';
    expect(out).toStartWith(
      `127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n10.1.2.3\tdb\n${resolv}`,
    );
    expect(out).toContain('Read-only');
    const writable = await shell('echo x >>/etc/hosts && tail -n 1 /etc/hosts', {
      writableNetworkFiles: true,
    });
    expect(writable).toMatchObject({ status: 0, out: 'x\n' });
    expect(readdirSync(writable.upper).sort()).toEqual(NEEDED);
  });

  test('no network but loopback, with `none`', async () => {
    const { out } = await shell('ls /sys/class/net; ip -o link show lo', { network: 'none' });
    expect(out).toMatch(/^lo\n.*LOOPBACK,UP/);
  });

  test('disks cannot be opened although CAP_MKNOD is there', async () => {
    const disk = lstatSync('/dev').isDirectory() ? '254 0' : '8 0';
    const { out } = await shell(
      `mknod /tmp/disk b ${disk}; head -c 1 /tmp/disk 2>&1; mknod /tmp/null c 1 3; echo >/tmp/null; echo $?`,
    );
    expect(out).toContain('Operation not permitted');
    expect(out).toEndWith('0\n');
  });

  test('calls that Docker blocks are blocked', async () => {
    const { out, err } = await shell(
      'unshare -U true; unshare -n true; dmesg >/dev/null; mount -t tmpfs x /tmp',
    );
    expect((out + err).match(/not permitted|denied/g)?.length).toBe(4);
  });

  test('a read-only root, a tmpfs, a bind mount, a read-only bind mount, a small /dev/shm', async () => {
    mkdirSync(`${base}/shared`);
    chmodSync(`${base}/shared`, 0o777);
    const { out } = await shell(
      'touch /no 2>/dev/null || echo refused; touch /scratch/f /shared/from-inside; touch /fixed/f 2>/dev/null || echo refused; stat -c %a /scratch; df -k /dev/shm | tail -n 1',
      {
        readonlyRoot: true,
        shmSize: 1 << 20,
        mounts: [
          { type: 'tmpfs', target: '/scratch', mode: 0o700, size: 1 << 20 },
          { type: 'bind', source: `${base}/shared`, target: '/shared' },
          { type: 'bind', source: `${base}/shared`, target: '/fixed', readonly: true },
        ],
      },
    );
    expect(out).toMatch(/^refused\nrefused\n700\nshm\s+1024 /);
    expect(existsSync(`${base}/shared/from-inside`)).toBe(true);
  });

  test('its working directory', async () => {
    expect((await shell('pwd', { cwd: '/root' })).out).toBe('/root\n');
  });

  test('what cannot be written as UTF-8 is refused and not mangled', async () => {
    const { error } = await run(['echo', '\udcff']);
    expect(error?.code).toBe('run-failed');
    expect(error?.message).toContain('UTF-8');
  });
});

describe.skipIf(!ready)('what stays', () => {
  test('only what the command wrote', async () => {
    const { upper } = await shell('mkdir /made; echo x >/made/file; chown 12:34 /made/file; rm /etc/group');
    expect(readdirSync(upper).sort()).toEqual(['dev', 'etc', 'made', 'proc', 'sys']);
    expect(lstatSync(`${upper}/made/file`)).toMatchObject({ uid: 12, gid: 34 });
    const whiteout = lstatSync(`${upper}/etc/group`);
    expect(whiteout.isCharacterDevice() && whiteout.rdev === 0).toBe(true);
  });

  test('no mount point but those of every container, however deep or odd', async () => {
    mkdirSync(`${base}/layers/links/run`, { recursive: true });
    mkdirSync(`${base}/layers/links/etc`);
    symlinkSync('../run/resolve/stub.conf', `${base}/layers/links/etc/resolv.conf`);
    const { upper, out, error } = await shell('cat /run/resolve/stub.conf >/dev/null && echo there', {
      lowers: ['links', 'root'],
      mounts: [
        { type: 'bind', source: '/etc/hostname', target: '/a/b/c/secret', readonly: true },
        { type: 'tmpfs', target: '/a/b/d' },
        { type: 'tmpfs', target: '/tmp/t' },
      ],
    });
    expect(error).toBeUndefined();
    expect(out).toBe('there\n');
    expect(readdirSync(upper).sort()).toEqual(NEEDED);
  });

  test('an empty image: nothing but what was written', async () => {
    const { upper, status } = await run(['/bin/busybox', 'touch', '/file'], {
      spec: {
        lowers: [],
        mounts: [{ type: 'bind', source: `${base}/layers/root/bin`, target: '/bin', readonly: true }],
      },
    });
    expect(status).toBe(0);
    expect(readdirSync(upper).sort()).toEqual(['dev', 'file', 'proc', 'sys']);
  });

  test('125 layers', async () => {
    const lowers = Array.from({ length: 124 }, (_, i) => `n${i.toString(36)}`);
    for (const [i, name] of lowers.entries()) {
      mkdirSync(`${base}/layers/${name}/many`, { recursive: true });
      writeFileSync(`${base}/layers/${name}/many/${i}`, '');
    }
    const { out, error } = await shell('ls /many | wc -l', { lowers: [...lowers, 'root'] });
    expect(error).toBeUndefined();
    expect(out.trim()).toBe('124');
  });

  test('a store below a path with spaces, commas and colons', async () => {
    const odd = `${base}/a, b:c"d\\e`;
    makeBusyboxRoot(`${odd}/layers/root`);
    for (const name of ['bundle', 'upper', 'work']) mkdirSync(`${odd}/${name}`);
    const { status, error } = await shell('touch /f', {
      bundle: `${odd}/bundle`,
      lowerBase: `${odd}/layers`,
      upper: `${odd}/upper`,
      work: `${odd}/work`,
    });
    expect(error).toBeUndefined();
    expect(status).toBe(0);
    expect(readdirSync(`${odd}/upper`).sort()).toEqual(['dev', 'f', 'proc', 'sys']);
  });
});
