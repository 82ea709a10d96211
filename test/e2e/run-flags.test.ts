// What the caller of a build says of its RUN steps: hosts, limits, privileges. As seen from inside, and from outside.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox, testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { until } from '../support/leftovers.ts';
import {
  type Mille,
  makePlace,
  mille,
  programFor,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('tests of flags for RUN skipped: they need root and busybox-static');

const groups = '/sys/fs/cgroup';
const unified = existsSync(`${groups}/cgroup.controllers`);
const memory = unified ? groups : `${groups}/memory`;
const limited = ready && existsSync(memory);
if (ready && !limited) console.warn('tests of limits skipped: no control groups here');

let place = '';
let self: Mille;

beforeAll(async () => {
  place = makePlace('run-flags');
  if (ready) self = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

let contexts = 0;

function context(lines: string): string {
  const directory = join(place, `context-${++contexts}`);
  writeTree(directory, { Dockerfile: `FROM busybox\n${lines}\n` });
  return directory;
}

/** What RUN printed, without the numbers in front. */
const printed = (output: string) =>
  output.split('\n').flatMap((line) => /^#\d+ \d+\.\d+ (.*)$/.exec(line)?.[1] ?? []);

describe.skipIf(!ready)('hosts', () => {
  test('are known to RUN and are not in the image; their addresses do not count, their names do', async () => {
    const directory = context('RUN cat /etc/hosts');
    const build = (...hosts: string[]) =>
      self.build([...hosts.flatMap((host) => ['--add-host', host]), '-t', 'hosts', directory]);
    const { output } = await build('DB:10.1.2.3', 'six=[fd00::5]', 'gateway:host-gateway');
    const lines = printed(output).map((line) => line.split(/\s+/));
    expect(lines).toContainEqual(['10.1.2.3', 'db']);
    expect(lines).toContainEqual(['fd00::5', 'six']);
    expect(lines).toContainEqual(['127.0.0.1', 'gateway']);
    const out = join(place, 'hosts');
    await self.must(['build', '-o', out, '--add-host', 'db:10.1.2.3', directory]);
    expect(existsSync(join(out, 'etc/hosts'))).toBe(false);
    expect((await build('db:10.9.9.9', 'six:::1', 'gateway:host-gateway')).ran).toEqual([]);
    expect((await build('db:10.9.9.9', 'other:::1')).output).toContain('--add-host: ');
  }, 120_000);
});

describe.skipIf(!ready)('limits', () => {
  test('of processes and of /dev/shm', async () => {
    const directory = context(
      "RUN ulimit -n; ulimit -Hn; ulimit -Hc; df -k /dev/shm | awk 'END { print $2 }'",
    );
    const { output } = await self.build([
      ...['--ulimit', 'nofile=100:200', '--ulimit', 'core=0', '--shm-size', '3m'],
      directory,
    ]);
    expect(printed(output)).toEqual(['100', '200', '0', '3072']);
    const again = await self.build(['--ulimit', 'nofile=100:200', '--ulimit', 'core=0', directory]);
    expect(again.output).toContain('--shm-size=3145728 removed');
    const refused = await self.run(['build', '--ulimit', 'nofile=-1', directory]);
    expect(refused.stderr).toContain('the limit nofile can be');
    expect(refused.status).toBe(2);
  }, 120_000);

  test.skipIf(!limited)(
    'of memory: kept, and no part of the key',
    async () => {
      const file = unified ? 'memory.max' : 'memory/memory.limit_in_bytes';
      const directory = context(`RUN cat /sys/fs/cgroup/${file}`);
      const { output } = await self.build(['-m', '64m', directory]);
      expect(printed(output)).toEqual(['67108864']);
      expect((await self.build([directory])).ran).toEqual([]);
      const greedy = context('RUN dd if=/dev/zero of=/dev/null bs=200M count=1');
      const failed = await self.run(['build', '-m', '32m', '--memory-swap', '32m', greedy]);
      expect(failed.status).toBe(1);
      expect(failed.stderr).toContain('exit code 137');
      expect(failed.stderr).toContain('more than --memory gives it');
    },
    120_000,
  );

  test.skipIf(!limited)(
    'in a control group of our choice, of which nothing is left',
    async () => {
      const parent = `mille-test-${process.pid}`;
      const directory = context(
        'RUN --mount=type=bind,target=/go echo sta""rted; while [ ! -e /go/now ]; do sleep 0.05; done',
      );
      const args = ['build', '--progress', 'plain', '--cgroup-parent', `/${parent}/builds`, directory];
      const start = () =>
        Bun.spawn([...self.command, ...args], {
          env: { ...process.env, ...self.env },
          stdio: ['ignore', 'ignore', 'ignore'],
        });
      const inside = () => {
        const path = join(memory, parent, 'builds');
        return existsSync(path) ? readdirSync(path).filter((name) => name.startsWith('mille-')) : [];
      };
      try {
        const killed = start();
        expect(await until(() => inside().length === 1)).toBe(true);
        killed.kill('SIGKILL');
        await killed.exited;
        writeFileSync(join(directory, 'now'), '');
        // What a killed build left goes with the next one.
        await self.must(args);
        expect(inside()).toEqual([]);
      } finally {
        const roots = unified ? [groups] : readdirSync(groups).map((name) => join(groups, name));
        for (const root of roots) {
          for (const path of [join(root, parent, 'builds'), join(root, parent)])
            if (existsSync(path)) rmdirSync(path);
        }
      }
    },
    120_000,
  );
});

/** On one stream, so that the order of lines is theirs. */
const PRIVILEGES = `RUN --security=insecure exec 2>/dev/null; grep -E '^(CapBnd|CapEff|Seccomp):' /proc/self/status; \\
  mkdir /m; mount -t tmpfs none /m && touch /m/file && ls /m; ls /dev/fuse || echo no-fuse
RUN exec 2>/dev/null; ls -A /m; mount -t tmpfs none /m || echo refused`;

describe.skipIf(!ready)('privileges', () => {
  test('insecure has all of them, the next RUN has not', async () => {
    const { output } = await self.build(['--allow', 'security.insecure', context(PRIVILEGES)]);
    const lines = printed(output);
    const own = /^CapEff:\s*(\S+)/m.exec(await Bun.file('/proc/self/status').text())?.[1];
    expect(lines.slice(0, 3).map((line) => line.split(/\s+/)[1])).toEqual([own, own, '0']);
    expect(lines).toContain('file');
    expect(lines).toContain('/dev/fuse');
    // Two streams: which line comes last is not known.
    expect(lines).toContain('refused');
  }, 120_000);

  test('what a base image or a stage that is not needed asks for: the first is refused, the second does not matter', async () => {
    const base = context('ONBUILD RUN --security=insecure true\nONBUILD RUN --network=host true');
    await self.build(['-t', 'demanding', base]);
    const directory = context('FROM demanding\nRUN echo never');
    const refused = await self.run(['build', directory]);
    expect(refused.status).toBe(26);
    expect(refused.stderr).toContain('RUN --security=insecure is not allowed');
    expect(refused.stderr).toContain('FROM demanding');
    const allowed = ['--allow', 'security.insecure', '--network', 'none'];
    expect((await self.run(['build', ...allowed, directory])).stderr).toContain('--allow network.host');
    await self.build([...allowed, '--allow', 'network.host', directory]);
    const unneeded = context('RUN --security=insecure true\nFROM busybox\nRUN true');
    await self.build([unneeded]);
  }, 120_000);

  test('the network: none, or that of the host where it is allowed', async () => {
    const directory = context('RUN ls /sys/class/net\nRUN --network=none ls /sys/class/net');
    const inside = printed((await self.build([directory])).output);
    expect(inside.at(-1)).toBe('lo');
    expect(inside.slice(0, -1).sort()).toEqual(readdirSync('/sys/class/net').sort());
    const host = context('RUN --network=host ls /sys/class/net');
    const refused = await self.run(['build', '--network', 'none', host]);
    expect(refused.status).toBe(26);
    expect(refused.stderr).toContain('build with --allow network.host');
    await self.build(['--network', 'none', '--allow', 'network.host', host]);
  }, 120_000);
});

describe.skipIf(!ready)('mille run', () => {
  const inside = (flags: readonly string[], script: string) =>
    self.must(['run', '--rm', ...flags, 'busybox', 'sh', '-c', script]);

  test('takes the same flags', async () => {
    const out = await inside(
      [
        '--add-host',
        'server:10.1.2.3',
        '--ulimit',
        'nofile=100',
        '--shm-size',
        '1m',
        '--tmpfs',
        '/t:size=2m,mode=700',
      ],
      "grep -c server /etc/hosts; ulimit -Hn; df -k /dev/shm /t | awk 'NR > 1 { print $2 }'; stat -c %a /t",
    );
    expect(out).toBe('1\n100\n1024\n2048\n700\n');
  }, 120_000);

  test('mounts files of the host that are there, and file systems in memory, parents first', async () => {
    const host = join(place, 'mounted');
    writeTree(host, { '.env': 'SECRET=1\n', 'directory/file': 'below\n' });
    const bind = (source: string, target: string) => [
      '--mount',
      `type=bind,source=${source},target=${target}`,
    ];
    const out = await inside(
      [
        ...['-v', `${host}/directory:/memory/directory`],
        ...['--mount', 'type=tmpfs,target=/memory,tmpfs-size=1m,tmpfs-mode=700'],
        ...[...bind(`${host}/.env`, '/app/.env,readonly')],
        ...['--mount', 'target=/own,readonly'],
      ],
      [
        'cat /app/.env /memory/directory/file; stat -c %a /memory',
        "df -k /memory | awk 'END { print $2 }'",
        'for file in /app/.env /own/new; do (echo x >$file) 2>/dev/null || echo refused; done',
      ].join('\n'),
    );
    expect(out).toBe('SECRET=1\nbelow\n700\n1024\nrefused\nrefused\n');
    const missing = await self.run(['run', '--rm', ...bind(`${host}/missing`, '/x'), 'busybox', 'true']);
    expect([missing.status, missing.stderr]).toEqual([125, expect.stringContaining('does not exist')]);
    expect(readdirSync(host).sort()).toEqual(['.env', 'directory']);
  }, 120_000);

  test('adds groups', async () => {
    expect(await inside(['-u', '7', '--group-add', '44', '--group-add', '5'], 'id -G')).toBe('0 5 44\n');
    const unknown = await self.run(['run', '--group-add', 'nosuch', 'busybox', 'true']);
    expect([unknown.status, unknown.stderr]).toEqual([125, expect.stringContaining("no group 'nosuch'")]);
  }, 120_000);

  test('adds capabilities and takes them away', async () => {
    const effective = async (...flags: string[]) => {
      const text = await inside(flags, 'grep CapEff /proc/self/status');
      return text.trim().split(/\s+/)[1];
    };
    expect(await effective()).toBe('00000000a80425fb');
    expect(await effective('--cap-drop', 'ALL')).toBe('0000000000000000');
    expect(await effective('--cap-drop', 'ALL', '--cap-add', 'chown')).toBe('0000000000000001');
    const mount = 'mount -t tmpfs none /tmp && echo mounted';
    expect(await inside(['--cap-add', 'SYS_ADMIN'], mount)).toBe('mounted\n');
    expect((await self.run(['run', 'busybox', 'sh', '-c', mount])).status).not.toBe(0);
  }, 120_000);

  test.skipIf(!limited)(
    'limits memory and processes',
    async () => {
      const files = unified
        ? '/sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max'
        : '/sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max';
      expect(await inside(['-m', '32m', '--pids-limit', '50'], `cat ${files}`)).toBe('33554432\n50\n');
    },
    120_000,
  );
});

const user = testUser();

describe.skipIf(!ready || !user)('without root', () => {
  let own: Mille;
  const mine = () => join(place, 'mine');

  beforeAll(async () => {
    writeTree(mine(), { 'context/Dockerfile': '' });
    command(['chown', '-R', `${user!.uid}:${user!.gid}`, mine()]);
    own = await mille(join(mine(), 'store'), { user: user!, program: programFor(place), base: false });
    const base = await busyboxBase();
    command(['cp', base!.path, join(mine(), 'base.tar')]);
    await own.must(['load', '-q', '-i', join(mine(), 'base.tar')]);
  }, 120_000);

  const build = (lines: string, args: readonly string[]) => {
    writeFileSync(join(mine(), 'context/Dockerfile'), `FROM busybox\n${lines}\n`);
    return own.run(['build', '--progress', 'plain', ...args, join(mine(), 'context')]);
  };

  test('hosts, limits of processes and /dev/shm are the same', async () => {
    const { stderr, status } = await build(
      "RUN grep -c server /etc/hosts; ulimit -n; df -k /dev/shm | awk 'END { print $2 }'",
      ['--add-host', 'server:10.1.2.3', '--ulimit', 'nofile=100', '--shm-size', '1m'],
    );
    expect(printed(stderr)).toEqual(['1', '100', '1024']);
    expect(status).toBe(0);
  }, 120_000);

  test('insecure has what a user namespace can give', async () => {
    const { stderr, status } = await build(PRIVILEGES, ['--allow', 'security.insecure']);
    const lines = printed(stderr);
    const [effective, bounding, seccomp] = lines.slice(0, 3).map((line) => line.split(/\s+/)[1]);
    expect(effective).toMatch(/^00000[0-9a-f]{3}ffffffff$/);
    expect(bounding).toBe(effective);
    expect(seccomp).toBe('0');
    expect(lines).toContain('file');
    expect(lines).toContain('no-fuse');
    // Two streams: which line comes last is not known.
    expect(lines).toContain('refused');
    expect(status).toBe(0);
  }, 120_000);

  test('a limit that needs a control group is refused, before anything runs', async () => {
    const { stderr, status } = await build('RUN true', ['-m', '64m']);
    expect(stderr).toContain('no control group with memory is yours');
    expect(stderr).toContain('systemd-run --user --scope');
    expect(status).toBe(2);
  }, 120_000);
});
