// The mounts of RUN, from the command line: what a command sees, what of it stays, and what is seen nowhere else.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
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
if (!ready) console.warn('mount tests skipped: they need root and busybox-static');

let place = '';
let self: Mille;

beforeAll(async () => {
  place = makePlace('mounts');
  if (ready) self = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

let contexts = 0;

/** A context with a Dockerfile of these lines after FROM busybox. */
function context(lines: string, files: Parameters<typeof writeTree>[1] = {}): string {
  const directory = join(place, `context-${++contexts}`);
  writeTree(directory, { ...files, Dockerfile: `FROM busybox\n${lines}\n` });
  return directory;
}

/** Nothing where a file has just gone. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Everything that a directory and what is below it holds, files and names, as one string of bytes. */
function allBytes(directory: string): string {
  let all = '';
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    all += `${entry.name}\n`;
    if (entry.isFile()) all += contentOf(join(entry.parentPath, entry.name));
  }
  return all;
}

/** Starts the program: what it said on standard error so far, its end, its violent end. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn([...self.command, ...args], {
    env: { ...process.env, ...self.env, ...env },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  let text = '';
  const reading = (async () => {
    for await (const chunk of child.stderr) text += Buffer.from(chunk).toString('latin1');
  })();
  const ended = async () => {
    const status = await child.exited;
    await reading;
    return status;
  };
  return { said: () => text, ended, kill: () => child.kill('SIGKILL') };
}

describe.skipIf(!ready)('secrets', () => {
  test('are no part of the key, but a cached step does not need them', async () => {
    const directory = context('RUN --mount=type=secret,id=k,required wc -c < /run/secrets/k > /length');
    const file = join(place, 'k');
    writeFileSync(file, 'first value');
    expect((await self.build(['--secret', `id=k,src=${file}`, directory])).ran).toHaveLength(1);
    writeFileSync(file, 'another one');
    expect((await self.build(['--secret', `id=k,src=${file}`, directory])).ran).toHaveLength(0);
    expect((await self.build([directory])).ran).toHaveLength(0);
  }, 120_000);

  test('of several lines, with any bytes, and up to 500 KiB', async () => {
    const directory = context(
      'RUN --mount=type=secret,id=a --mount=type=secret,id=b sha1sum /run/secrets/* > /sums; cat /run/secrets/b',
    );
    const bytes = Buffer.alloc(500 * 1024);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7) ^ (i >> 8);
    const lines = '-----BEGIN KEY-----\nabcdefghijkl\nmnopqrstuvwx\n-----END KEY-----\n';
    writeFileSync(join(place, 'a'), bytes);
    writeFileSync(join(place, 'b'), lines);
    const secrets = ['a', 'b'].flatMap((id) => ['--secret', `id=${id},src=${join(place, id)}`]);
    const { output } = await self.build([...secrets, '-t', 'sums', directory]);
    expect(output).not.toContain('abcdefghijkl');
    const sha = (data: string | Buffer) => new Bun.CryptoHasher('sha1').update(data).digest('hex');
    expect(await self.must(['run', '--rm', 'sums', 'cat', '/sums'])).toBe(
      `${sha(bytes)}  /run/secrets/a\n${sha(lines)}  /run/secrets/b\n`,
    );
    writeFileSync(join(place, 'a'), Buffer.concat([bytes, bytes]));
    expect((await self.run(['build', ...secrets, directory])).stderr).toContain('larger than 500 KiB');
  }, 120_000);
});

describe.skipIf(!ready)('binds', () => {
  test('show what the ignore file leaves, and nothing else of the host', async () => {
    const directory = context(
      'RUN --mount=type=bind,target=/src find /src | sort > /found; cat /src/hidden/x /src/passwd /src/up 2>&1; true',
      { 'keep/a': 'a', 'hidden/x': 'HIDDEN', '.dockerignore': 'hidden\n', passwd: { link: '/etc/shadow' } },
    );
    symlinkSync('../../..', join(directory, 'up'));
    const { output } = await self.build(['-t', 'found', directory]);
    expect(output).not.toContain('HIDDEN');
    expect(output).not.toContain('root:');
    const found = (await self.must(['run', '--rm', 'found', 'cat', '/found'])).split('\n');
    expect(found).toContain('/src/keep/a');
    expect(found.some((path) => path.includes('hidden'))).toBe(false);
  }, 120_000);

  test('cannot leave the context, nor a stage, by links', async () => {
    const out = context('RUN --mount=type=bind,source=link/hostname,target=/x cat /x', {
      link: { link: '/etc' },
    });
    expect((await self.run(['build', out])).stderr).toContain("'link/hostname' is not in the build context");
    const up = context('RUN --mount=type=bind,source=../../etc/hostname,target=/x cat /x');
    expect((await self.run(['build', up])).status).toBe(15);
    const marker = join(place, 'outside');
    mkdirSync(marker, { recursive: true });
    const stage = context(
      `FROM busybox AS linked
RUN mkdir -p ${place} && ln -s / /root-link && ln -s ${marker} /marker
FROM busybox
RUN --mount=type=bind,from=linked,source=/root-link,target=/x,rw touch /x${place}/made /x/made && ls /x > /seen
RUN --mount=type=bind,from=linked,source=/marker,target=/x,rw touch /x/made`,
    );
    const { status, stderr } = await self.run(['build', stage]);
    expect(status).toBe(15);
    expect(stderr).toContain("'marker' is not in stage linked");
    expect(stderr).toContain('which is not there');
    expect(existsSync(join(place, 'made'))).toBe(false);
    expect(existsSync('/made')).toBe(false);
    expect(readdirSync(marker)).toEqual([]);
  }, 120_000);

  test('are never changed, whatever the command does and whatever is mounted inside', async () => {
    const directory = context(
      `RUN --mount=type=bind,target=/src touch /src/new; rm -f /src/a; chmod 777 /src/a; true
RUN --mount=type=bind,target=/src,rw rm /src/a && touch /src/new
RUN --mount=type=bind,source=a,target=/f,rw echo changed > /f && grep changed /f`,
      { a: 'a' },
    );
    const before = allBytes(directory);
    await self.build([directory]);
    const inside = context('RUN --mount=type=bind,target=/src --mount=type=tmpfs,target=/src/inside true');
    const listed = readdirSync(inside);
    await self.run(['build', inside]);
    expect(readdirSync(inside)).toEqual(listed);
    expect(allBytes(directory)).toBe(before);
  }, 120_000);

  test('count file by file, and only the files that they show', async () => {
    const directory = context('RUN --mount=type=bind,source=used,target=/src cat /src/*', {
      'used/a': '1',
      'used/b': '1',
      other: '1',
    });
    await self.build([directory]);
    writeFileSync(join(directory, 'other'), '2');
    expect((await self.build([directory])).ran).toEqual([]);
    writeFileSync(join(directory, 'used/b'), '2');
    const { output } = await self.build([directory]);
    expect(output).toContain('runs because /src/b changed');
    chmodSync(join(directory, 'used/a'), 0o600);
    expect((await self.build([directory])).output).toContain('mode of /src/a');
  }, 120_000);

  test('files that change under a command make the step fail: nothing wrong is kept', async () => {
    const directory = context(
      'RUN --mount=type=bind,target=/src cat /src/a; echo sta""rted; while [ ! -e /src/go ]; do sleep 0.05; done',
      { a: '1' },
    );
    const { said, ended } = start(['build', '--progress', 'plain', directory]);
    expect(await until(() => said().includes('started'))).toBe(true);
    writeFileSync(join(directory, 'go'), '');
    const status = await ended();
    expect(said()).toContain('files mounted at /src changed while the command was reading them');
    expect(status).toBe(52);
  }, 120_000);
});

describe.skipIf(!ready)('caches', () => {
  test('outlive builds, are in no layer, and no id leads out of the store', async () => {
    const directory = context(
      `ARG N
RUN --mount=type=cache,id=../../../../escape,target=/c echo $N >> /c/log; cat /c/log; echo lines $(wc -l < /c/log)
RUN test ! -e /c`,
    );
    expect((await self.build(['--build-arg', 'N=1', directory])).output).toContain('lines 1');
    expect((await self.build(['--build-arg', 'N=2', directory])).output).toContain('lines 2');
    expect(existsSync(join(place, 'escape'))).toBe(false);
    const names = readdirSync(join(self.root, 'cache-mounts'));
    expect(names.every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
    const read = context(
      'RUN --mount=type=cache,id=../../../../escape,target=/c,ro cat /c/log; touch /c/x || echo refused',
    );
    expect((await self.build([read])).output).toMatch(/1\n.*2\n.*refused|Read-only/s);
    expect(await self.verify()).toEqual([]);
  }, 120_000);

  const SHARED = `RUN --mount=type=cache,id=ID,target=/c,sharing=SHARING touch /c/$N; \\
  for i in $(seq 100); do [ "$(ls /c | wc -l)" -ge 2 ] && echo together && break; sleep 0.05; done; rm /c/$N; true`;

  async function two(sharing: string): Promise<string[]> {
    // Whoever will be met is waited for, however slow the machine is; for nobody, not as long.
    const most = sharing === 'shared' ? '300' : '30';
    const directory = context(
      `ARG N\n${SHARED.replace('SHARING', sharing).replace('ID', sharing).replace('100', most)}`,
    );
    const outcomes = await Promise.all(
      ['1', '2'].map((n) => self.build(['--build-arg', `N=${n}`, directory])),
    );
    return outcomes.map(({ output }) =>
      / together/.test(output.replace(/RUN.*/g, '')) ? 'together' : 'alone',
    );
  }

  test('shared ones are seen by two builds at once, locked and private ones by one', async () => {
    expect(await two('shared')).toContain('together');
    expect(await two('locked')).toEqual(['alone', 'alone']);
    expect(await two('private')).toEqual(['alone', 'alone']);
  }, 120_000);

  test('a link that one container leaves in a cache leads nowhere in the next', async () => {
    const plant = context(
      'RUN --mount=type=cache,id=link,target=/c rm -rf /c/*; ln -s /etc /c/out; ln -s / /c/root',
    );
    await self.build([plant]);
    const use = context(
      'RUN --mount=type=cache,id=link,target=/c ls /c/root; touch /c/out/planted; test -e /etc/planted',
    );
    await self.build([use]);
    expect(existsSync('/etc/planted')).toBe(false);
    const inside = context('RUN --mount=type=cache,id=link,source=out,target=/c touch /c/planted');
    expect((await self.run(['build', inside])).status).toBe(15);
    expect(existsSync('/etc/planted')).toBe(false);
  }, 120_000);
});

const agentTools = ['ssh-agent', 'ssh-add', 'ssh-keygen'].every((name) => Bun.which(name) !== null);
if (!agentTools) console.warn('ssh tests skipped: they need openssh-client');

/** Copies programs of this machine, and what their loader needs, below a directory. */
function copyWithLibraries(names: readonly string[], directory: string): void {
  for (const name of names) {
    const program = Bun.which(name)!;
    const libraries = command(['ldd', program]).stdout.toString().match(/\/\S+/g) ?? [];
    for (const path of [program, ...libraries]) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      command(['cp', '-L', path, join(directory, path)]);
    }
  }
}

describe.skipIf(!ready || !agentTools)('an SSH agent', () => {
  test('lists and signs inside, and does nothing else', async () => {
    const socket = join(place, 'agent.sock');
    const agent = Bun.spawn(['ssh-agent', '-D', '-a', socket], { stdout: 'ignore', stderr: 'ignore' });
    try {
      expect(await until(() => existsSync(socket))).toBe(true);
      const key = join(place, 'key');
      command(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
      expect(command(['ssh-add', '-q', key], { env: { SSH_AUTH_SOCK: socket } }).status).toBe(0);
      const directory = context(
        `ENV PATH=/bin:/usr/bin
COPY tools /
COPY key.pub /
RUN --mount=type=ssh,mode=0640,gid=5,required ls -ln $SSH_AUTH_SOCK && ssh-add -l && echo text > /text && \\
    ssh-keygen -q -Y sign -n file -f /key.pub /text && cat /text.sig; ssh-add -D || echo refused; true
RUN --mount=type=ssh --mount=type=ssh,id=second,target=/second --mount=type=ssh,id=third ls -1 /run/buildkit /second; \\
    SSH_AUTH_SOCK=/second ssh-add -l > /listed && echo $SSH_AUTH_SOCK $(wc -l < /listed)
RUN test ! -e /run/buildkit && test ! -e /second && [ -z "$SSH_AUTH_SOCK" ]`,
      );
      copyWithLibraries(['ssh-add', 'ssh-keygen'], join(directory, 'tools'));
      command(['cp', `${key}.pub`, join(directory, 'key.pub')]);
      const agents = ['--ssh', `default=${socket}`, '--ssh', `second=${socket}`];
      const { output } = await self.build([...agents, directory]);
      expect(output).toMatch(/srw-r-----\s+1 0\s+5 .*\/run\/buildkit\/ssh_agent\.0/);
      expect(output).toContain('(ED25519)');
      expect(output).toContain('BEGIN SSH SIGNATURE');
      // The third was not given.
      expect(output).not.toMatch(/ssh_agent\.[12]/);
      expect(output).toContain('/run/buildkit/ssh_agent.0 1');
      expect(output).toMatch(/^#\d+ [0-9.]+ refused$/m);
      // REMOVE_ALL was refused: the key is still there.
      expect(command(['ssh-add', '-l'], { env: { SSH_AUTH_SOCK: socket } }).status).toBe(0);
    } finally {
      agent.kill();
      await agent.exited;
    }
  }, 120_000);
});

const user = testUser();

describe.skipIf(!ready || !user)('without root', () => {
  test('every mount works', async () => {
    const mine = join(place, 'mine');
    const directory = join(mine, 'context');
    writeTree(directory, {
      Dockerfile: `FROM busybox AS tools
RUN mkdir /t && echo tool > /t/f && chown 7:8 /t/f
FROM busybox
RUN --mount=type=bind,target=/src cat /src/a && stat -c %u:%g /src/a && ! touch /src/x
RUN --mount=type=bind,target=/src,rw touch /src/x
RUN --mount=type=bind,from=tools,source=/t,target=/t stat -c %u:%g /t/f && ! touch /t/x
RUN --mount=type=bind,from=tools,target=/t,rw touch /t/x
RUN --mount=type=cache,target=/c,uid=7 ls -lnd /c && echo 1 >> /c/log
RUN --mount=type=secret,id=s,uid=7,target=/deep/s --mount=type=secret,id=s,env=S ls -ln /deep/s && [ "$S" = "$(cat /deep/s)" ]
RUN ls /deep /t /c /src 2>/dev/null && exit 1 || true
`,
      a: 'hello',
    });
    writeFileSync(join(mine, 'token'), 'value-of-a-token');
    command(['chown', '-R', `${user!.uid}:${user!.gid}`, mine]);
    const own = await mille(join(mine, 'store'), { user: user!, program: programFor(place), base: false });
    const base = await busyboxBase();
    command(['cp', base!.path, join(mine, 'base.tar')]);
    await own.must(['load', '-q', '-i', join(mine, 'base.tar')]);
    const { output } = await own.build(['--secret', `id=s,src=${join(mine, 'token')}`, directory]);
    expect(output).toContain('hello0:0');
    expect(output).toMatch(/ 7:8$/m);
    expect(readdirSync(directory).sort()).toEqual(['Dockerfile', 'a']);
    expect(allBytes(join(mine, 'store')).includes('value-of-a-token')).toBe(false);
  }, 120_000);
});
