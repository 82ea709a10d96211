// `mille run` as a user meets it: what runs, as whom, where, with what, and what comes back.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { findBusybox, testUser } from '../../src/testkit/index.ts';
import {
  type Mille,
  makePlace,
  mille,
  type Outcome,
  programFor,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('skipped: running containers needs root and busybox-static');
const user = ready ? testUser() : undefined;

let place = '';
let program: Mille;

const DOCKERFILE = `FROM busybox
RUN echo 'bob:x:1000:1000::/home/bob:/bin/sh' >>/etc/passwd && \\
    printf 'bob:x:1000:\\nextra:x:2000:bob\\n' >>/etc/group && \\
    mkdir -p /kept /own && echo kept >/kept/file && chown 1000:1000 /own && ln -s /etc /link
ENV FROM_IMAGE=yes
WORKDIR /work
VOLUME /kept
`;

async function buildApp(on: Mille): Promise<void> {
  const context = join(place, 'context');
  writeTree(context, {
    Dockerfile: DOCKERFILE,
    'both.Dockerfile': 'FROM app\nENTRYPOINT ["echo", "entry"]\nCMD ["cmd"]\n',
    'user.Dockerfile': 'FROM app\nUSER bob\n',
    'empty.Dockerfile': 'FROM scratch\nCOPY Dockerfile /\n',
  });
  await on.build(['-t', 'app', context]);
  for (const name of ['both', 'user', 'empty']) {
    await on.build(['-t', name, '-f', join(context, `${name}.Dockerfile`), context]);
  }
}

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('run');
  program = await mille(join(place, 'store'));
  await buildApp(program);
}, 120_000);
afterAll(() => removePlace(place));

/** `mille run --rm FLAGS app sh -c SCRIPT`. */
function shell(script: string, flags: readonly string[] = [], stdin?: string): Promise<Outcome> {
  return program.run(['run', '--rm', ...flags, 'app', 'sh', '-c', script], {
    cwd: place,
    ...(stdin === undefined ? {} : { stdin: Buffer.from(stdin) }),
  });
}

async function output(script: string, flags: readonly string[] = []): Promise<string> {
  const { status, stdout, stderr } = await shell(script, flags);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe.skipIf(!ready)('the command', () => {
  const table: [string, readonly string[], string][] = [
    ['both of the image', ['both'], 'entry cmd\n'],
    ['arguments replace CMD', ['both', 'a', '-b'], 'entry a -b\n'],
    ['an entry point given clears CMD', ['--entrypoint', 'echo', 'both'], '\n'],
    ['an entry point given takes arguments', ['--entrypoint', 'echo', 'both', 'x'], 'x\n'],
    ['an empty one clears both', ['--entrypoint', '', 'both', 'echo', 'y'], 'y\n'],
  ];
  for (const [name, args, expected] of table) {
    test(name, async () => expect(await program.must(['run', '--rm', ...args])).toBe(expected));
  }

  test('none at all', async () => {
    for (const args of [['empty'], ['--entrypoint', '', 'both']]) {
      const { status, stderr } = await program.run(['run', '--rm', ...args]);
      expect(status).toBe(125);
      expect(stderr).toContain('no command specified');
    }
  });

  test('its exit status comes back, and 126 and 127 where it never ran', async () => {
    expect((await shell('exit 7')).status).toBe(7);
    expect((await shell("sh -c 'kill -9 $$; :'; exit $?")).status).toBe(137);
    const missing = await program.run(['run', '--rm', 'app', 'nosuch']);
    expect(missing.status).toBe(127);
    expect(missing.stderr).toMatch(/^error: nosuch: command not found\nhint: [^\n]+\n$/);
    expect((await program.run(['run', '--rm', 'app', '/etc/passwd'])).status).toBe(126);
  });
});

describe.skipIf(!ready)('the image', () => {
  test('by the beginning of its id', async () => {
    const id = JSON.parse(await program.must(['inspect', 'app']))[0].Id as string;
    for (const name of [id, id.slice(7), id.slice(7, 19), id.slice(7, 13)]) {
      expect(await program.must(['run', '--rm', name, 'echo', 'ok'])).toBe('ok\n');
    }
  });

  test('that is missing: near names, what to do, nothing run', async () => {
    const missing = await program.run(['run', '--rm', 'busybx', 'true']);
    expect(missing.status).toBe(20);
    expect(missing.stderr).toContain('no such image: busybx\n');
    expect(missing.stderr).toContain('did you mean busybox?');
    expect((await program.run(['run', '--rm', 'app:2', 'true'])).stderr).toContain('there is app:latest');
    expect((await program.run(['run', '--rm', 'other/thing', 'true'])).stderr).toContain('mille load');
  });

  test('for another platform', async () => {
    const { status, stderr } = await program.run(['run', '--platform', 'linux/s390x', 'app', 'true']);
    expect(status).toBe(22);
    expect(stderr).toContain('not for linux/s390x');
  });
});

describe.skipIf(!ready)('streams and signals', () => {
  test('standard input with -i, nothing without', async () => {
    expect((await shell('cat', ['-i'], 'in\n')).stdout).toBe('in\n');
    expect((await shell('cat', [], 'in\n')).stdout).toBe('');
  });

  test('both outputs apart, also when opened by name', async () => {
    const { stdout, stderr } = await shell(
      'echo a >/dev/stdout; echo b >/dev/stderr; test -t 1 || echo none',
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'a\nnone\n', stderr: 'b\n' });
  });

  test('much output to a slow reader arrives whole', async () => {
    const child = Bun.spawn(
      [
        'sh',
        '-c',
        '"$@" | (sleep 1; wc -c)',
        'sh',
        ...program.command,
        'run',
        '--rm',
        'app',
        'head',
        '-c',
        '9000000',
        '/dev/zero',
      ],
      { env: { ...process.env, ...program.env }, stdout: 'pipe' },
    );
    expect((await child.stdout.text()).trim()).toBe('9000000');
  });

  test('a reader that goes away ends the container', async () => {
    const script = '"$@" 2>/dev/null | head -n 1; echo "${PIPESTATUS[0]}"';
    const child = Bun.spawn(
      [
        'bash',
        '-c',
        script,
        'sh',
        ...program.command,
        'run',
        '--rm',
        'app',
        'sh',
        '-c',
        'while :; do echo y; done',
      ],
      {
        env: { ...process.env, ...program.env },
        stdout: 'pipe',
      },
    );
    expect(await child.stdout.text()).toBe('y\n141\n');
  }, 120_000);

  test('signals reach the command', async () => {
    const child = Bun.spawn(
      [
        ...program.command,
        'run',
        '--rm',
        'app',
        'sh',
        '-c',
        "trap 'echo got; exit 9' TERM; echo started; while :; do sleep 0.05; done",
      ],
      { env: { ...process.env, ...program.env }, stdout: 'pipe' },
    );
    const reader = child.stdout.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('started\n');
    child.kill('SIGTERM');
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('got\n');
    expect(await child.exited).toBe(9);
  });

  test.skipIf(!Bun.which('script'))('a terminal with -t, and its variable', async () => {
    const line = [
      ...program.command,
      'run',
      '--rm',
      '-it',
      'app',
      'sh',
      '-c',
      '"test -t 0 && test -t 1 && echo yes $TERM; exit 5"',
    ];
    const child = Bun.spawn(['script', '-qec', line.join(' '), '/dev/null'], {
      env: { ...process.env, ...program.env },
      stdin: 'ignore',
      stdout: 'pipe',
    });
    expect(await child.stdout.text()).toContain('yes xterm');
    expect(await child.exited).toBe(5);
    const without = await program.run(['run', '--rm', '-t', 'app', 'true']);
    expect(without.status).toBe(2);
    expect(without.stderr).toContain('terminal');
  });
});

describe.skipIf(!ready)('the environment', () => {
  const variables = async (flags: readonly string[], env: Record<string, string> = {}) =>
    (await program.must(['run', '--rm', ...flags, 'app', 'env'], { cwd: place, env })).trim().split('\n');

  test("is Docker's, the image's and the caller's, and nothing of ours", async () => {
    const env = await variables(['-e', 'A=1', '-e', 'A=b=c d', '-e', 'OURS', '-e', 'GONE'], {
      OURS: 'taken',
    });
    const names = env.map((line) => line.replace(/=.*/s, '')).sort();
    expect(names).toEqual(['A', 'FROM_IMAGE', 'HOME', 'HOSTNAME', 'OURS', 'PATH']);
    expect(env).toContain('A=b=c d');
    expect(env).toContain('OURS=taken');
    expect(env).toContain('PATH=/bin');
    expect(env).toContain('HOME=/root');
  });

  test('files of variables, flags above them, the image beneath', async () => {
    writeFileSync(join(place, 'env'), '# comment\nFROM_IMAGE=file\nB=2\n');
    expect(await variables(['--env-file', 'env', '-e', 'B=3'])).toEqual(
      expect.arrayContaining(['FROM_IMAGE=file', 'B=3']),
    );
  });

  test('a name alone that has no value removes the variable', async () => {
    expect((await variables(['-e', 'FROM_IMAGE'])).join()).not.toContain('FROM_IMAGE');
  });

  test('the host name stands everywhere it should', async () => {
    const script = 'hostname; cat /etc/hostname; echo $HOSTNAME; grep -c "\t$(hostname)$" /etc/hosts';
    expect(await output(script, ['--hostname', 'box'])).toBe('box\nbox\nbox\n1\n');
    expect(await output('hostname')).toMatch(/^[0-9a-f]{12}\n$/);
  });
});

describe.skipIf(!ready)('the user', () => {
  const table: [string, string][] = [
    ['bob', 'uid=1000(bob) gid=1000(bob) groups=1000(bob),2000(extra) /home/bob'],
    ['1000', 'uid=1000(bob) gid=1000(bob) groups=1000(bob),2000(extra) /home/bob'],
    ['bob:extra', 'uid=1000(bob) gid=2000(extra) groups=2000(extra) /home/bob'],
    ['77', 'uid=77 gid=0(root) groups=0(root) /'],
    ['77:88', 'uid=77 gid=88 groups=88 /'],
    [':extra', 'uid=0(root) gid=2000(extra) groups=2000(extra) /root'],
  ];
  for (const [name, expected] of table) {
    test(`-u ${name}`, async () =>
      expect(await output('echo $(id) $HOME', ['-u', name])).toBe(`${expected}\n`));
  }

  test("the image's own, and an unknown one", async () => {
    expect(await program.must(['run', '--rm', 'user', 'id', '-un'])).toBe('bob\n');
    const unknown = await shell('true', ['-u', 'nobody-here']);
    expect(unknown.status).toBe(125);
    expect(unknown.stderr).toContain("no user 'nobody-here'");
  });
});

describe.skipIf(!ready)('the working directory', () => {
  test("the image's, another, and a new one that root owns", async () => {
    expect(await output('pwd')).toBe('/work\n');
    expect(await output('pwd', ['-w', '/tmp/'])).toBe('/tmp\n');
    expect(await output('pwd; stat -c "%u %a" /new /new/dir', ['-w', '/new/dir', '-u', 'bob'])).toBe(
      '/new/dir\n0 755\n0 755\n',
    );
    expect((await shell('true', ['-w', 'rel'])).status).toBe(2);
  });
});

describe.skipIf(!ready)('volumes', () => {
  test('a directory, read-write and read-only, and a file', async () => {
    mkdirSync(join(place, 'data'));
    writeFileSync(join(place, 'data/in'), 'in\n');
    expect(await output('cat /d/in; echo out >/d/out', ['-v', './data:/d'])).toBe('in\n');
    expect(readFileSync(join(place, 'data/out'), 'utf8')).toBe('out\n');
    const readonly = await shell('cat /d/out; echo x >/d/x', ['-v', `${place}/data:/d:ro`]);
    expect(readonly.stdout).toBe('out\n');
    expect(readonly.status).toBe(1);
    expect(existsSync(join(place, 'data/x'))).toBe(false);
    expect(await output('cat /etc/motd', ['-v', `${place}/data/in:/etc/motd`])).toBe('in\n');
  });

  test('what is missing on the host is made, nested places are mounted in order', async () => {
    await output('echo 1 >/a/b/one; echo 2 >/a/two', ['-v', './made/inner:/a/b', '-v', './made/outer:/a']);
    expect(readFileSync(join(place, 'made/inner/one'), 'utf8')).toBe('1\n');
    expect(readFileSync(join(place, 'made/outer/two'), 'utf8')).toBe('2\n');
  });

  test('a link of the image as place stays inside of it', async () => {
    mkdirSync(join(place, 'over'));
    writeFileSync(join(place, 'over/x'), 'mine\n');
    expect(await output('cat /etc/sub/x /link/sub/x', ['-v', './over:/link/sub'])).toBe('mine\nmine\n');
  });

  test("the image's own keep its content, are writable and forgotten", async () => {
    expect(await output('cat /kept/file; echo more >/kept/new; ls /kept')).toBe('kept\nfile\nnew\n');
    expect(await output('ls /kept')).toBe('file\n');
  });

  test('a read-only root, volumes apart', async () => {
    const flags = ['--read-only', '-v', '/fresh', '-v', '/link/deep'];
    const script =
      'for d in /kept /fresh /own /work /etc; do echo x >$d/x && echo $d; done 2>/dev/null; cat /kept/file';
    expect(await output(script, flags)).toBe('/kept\n/fresh\nkept\n');
    expect(readdirSync('/etc')).not.toContain('deep');
    const link = await shell('echo x >/link/written', ['--read-only', '-v', '/link']);
    expect({ status: link.status, stderr: link.stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync('/etc/written')).toBe(false);
  });

  test('named ones say that they are missing here', async () => {
    const { status, stderr } = await shell('true', ['-v', 'data:/d']);
    expect(status).toBe(2);
    expect(stderr).toContain('named volumes are not supported yet');
  });
});

describe.skipIf(!ready)('containers', () => {
  test('leave nothing behind', async () => {
    await output('echo x >/file; ls /file');
    expect((await shell('ls /file')).status).toBe(1);
    expect(readdirSync(join(place, 'store/tmp')).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });

  test('have names of their own while they run', async () => {
    const args = ['run', '--rm', '-i', '--name', 'one', 'app', 'sh', '-c', 'echo started; read x'];
    const first = Bun.spawn([...program.command, ...args], {
      env: { ...process.env, ...program.env },
      stdin: 'pipe',
      stdout: 'pipe',
    });
    await first.stdout.getReader().read();
    const second = await shell('true', ['--name', 'one']);
    expect(second.status).toBe(125);
    expect(second.stderr).toContain("the container name 'one' is already in use");
    expect((await shell('true', ['--name', 'two'])).status).toBe(0);
    first.stdin.end();
    await first.exited;
    expect((await shell('true', ['--name', 'one'])).status).toBe(0);
    expect((await shell('true', ['--name', '-'])).status).toBe(2);
  });

  test('have no network with --network none', async () => {
    expect(await output('ls /sys/class/net', ['--network', 'none'])).toBe('lo\n');
  });

  test('trust a CA bundle, of which nothing stays', async () => {
    writeFileSync(join(place, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    const script = 'cat "$SSL_CERT_FILE"; cat $APT_CONFIG; echo x >>$SSL_CERT_FILE';
    const { stdout, status } = await shell(script, ['--ca', 'ca.pem', '-u', 'bob']);
    expect(stdout).toContain('BEGIN CERTIFICATE');
    expect(stdout).toContain('Acquire::https::CAInfo');
    expect(status).toBe(1);
  });
});

describe.skipIf(!user)('without root', () => {
  let own: Mille;

  beforeAll(async () => {
    const home = join(place, 'user');
    mkdirSync(home);
    chownSync(home, user!.uid, user!.gid);
    chmodSync(home, 0o755);
    own = await mille(join(home, 'store'), { user: user!, program: programFor(place) });
    await buildApp(own);
  }, 120_000);

  const ownShell = (script: string, flags: readonly string[] = [], stdin?: string) =>
    own.run(['run', '--rm', ...flags, 'app', 'sh', '-c', script], {
      cwd: join(place, 'user'),
      ...(stdin === undefined ? {} : { stdin: Buffer.from(stdin) }),
    });

  test('users, statuses, streams and volumes are the same', async () => {
    expect((await ownShell('cat; exit 4', ['-i'], 'in\n')).stdout).toBe('in\n');
    expect((await ownShell('exit 4')).status).toBe(4);
    expect((await ownShell('id -u; stat -c %u /own', ['-u', 'bob'])).stdout).toBe('1000\n1000\n');
    const { stdout, stderr } = await ownShell('echo x >/d/file; stat -c %u /d', ['-v', './made:/d']);
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
    expect(statSync(join(place, 'user/made/file')).uid).toBe(user!.uid);
    expect((await ownShell('echo x >/kept/x && echo x >/x', ['--read-only'])).status).toBe(1);
    expect((await ownShell('ls /sys/class/net', ['--network', 'none'])).stdout).toBe('lo\n');
  });
});
