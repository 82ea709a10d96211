// A plain user builds and runs what root builds and runs: the same contents with the same owners, and as little left
// behind. What such a machine may lack is said in words that help.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { asUser, findBusybox, testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { makeRepository, serveGit } from '../support/git-server.ts';
import { processesWith, until } from '../support/leftovers.ts';
import { listTar } from '../support/list-tar.ts';
import {
  type Mille,
  makePlace,
  mille,
  programFor,
  removePlace,
  verifyStore,
  writeTree,
} from '../support/mille.ts';

const user = testUser();
const ready = user !== undefined && findBusybox() !== undefined;
if (!ready) console.warn('rootless tests skipped: they need root, uidmap and busybox-static');

let place = '';
let mine = '';
let own: Mille;
let rooted: Mille;
let program: readonly string[] = [];

beforeAll(async () => {
  if (!user || !ready) return;
  place = makePlace('rootless');
  mine = join(place, 'mine');
  mkdirSync(mine);
  program = programFor(place);
  own = await mille(join(mine, 'store'), { user, program, base: false });
  rooted = await mille(join(place, 'store'));
  const base = await busyboxBase();
  command(['cp', base!.path, join(mine, 'base.tar')]);
  command(['chown', '-R', `${user.uid}:${user.gid}`, mine]);
  await own.must(['load', '-q', '-i', join(mine, 'base.tar')]);
}, 120_000);
afterAll(() => removePlace(place));

/** A context that belongs to the user. */
function context(name: string, files: Parameters<typeof writeTree>[1]): string {
  const directory = join(mine, name);
  writeTree(directory, files);
  command(['chown', '-R', `${user!.uid}:${user!.gid}`, directory]);
  return directory;
}

describe.skipIf(!ready)('a user without root', () => {
  test('builds what root builds', async () => {
    const directory = context('same', {
      Dockerfile: `FROM busybox
RUN echo app:x:1000:1000::/home/app:/bin/sh >>/etc/passwd && echo app:x:1000: >>/etc/group
COPY --chown=app:app src /home/app/src
COPY --chown=33:65533 --chmod=0640 src/a /numbers
COPY src /plain
ADD odd.tar /
RUN chown 65533:12 /plain/a && chmod 4755 /plain/b && mkfifo /plain/fifo && ln /plain/b /plain/hard
RUN touch /odd/capability && mv /odd/user-attribute /odd/moved
USER app
WORKDIR /home/app/work
RUN id >who && touch mine && rm -r ../src/gone
`,
      'src/a': 'a\n',
      'src/b': 'b\n',
      'src/gone/c': 'c\n',
    });
    const script = join(import.meta.dir, '../support/odd-tree.py');
    expect(command(['python3', script, join(directory, 'odd.tar')]).status).toBe(0);
    chmodSync(join(directory, 'odd.tar'), 0o644);
    const archives = await Promise.all(
      [own, rooted].map(async (program, i) => {
        const archive = join(i === 0 ? mine : place, 'contents.tar');
        await program.build(['-t', 'same', '--load', '-o', `type=tar,dest=${archive}`, directory]);
        return listTar(archive);
      }),
    );
    const [byUser, byRoot] = archives.map((archive) => Object.fromEntries(archive));
    expect(byUser).toEqual(byRoot!);
    expect(byUser?.['/home/app/src/a']).toMatchObject({ uid: 1000, gid: 1000 });
    expect(byUser?.['/numbers']).toMatchObject({ uid: 33, gid: 65533, mode: '0o640' });
    expect(byUser?.['/plain/b']).toMatchObject({ uid: 0, gid: 0, mode: '0o4755' });
    expect(byUser?.['/odd/capability']?.xattrs).toHaveProperty(['security.capability']);
    expect(byUser?.['/odd/moved']?.xattrs).toHaveProperty(['user.note']);
    expect(byUser?.['/home/app/work/mine']).toMatchObject({ uid: 1000, gid: 1000 });
    expect(await own.verify()).toEqual([]);
  }, 120_000);

  test.skipIf(!Bun.which('git'))('git repositories, as root has them', async () => {
    const root = join(place, 'served');
    mkdirSync(root);
    const app = makeRepository(root, 'app');
    app.commit('one', { 'run.sh': 'x\n', Dockerfile: 'FROM busybox\nCOPY run.sh /\n' });
    app.push('main');
    const server = serveGit(root);
    try {
      const lines = [`ADD ${server.url}/app.git /src`, `ADD --keep-git-dir ${server.url}/app.git /kept`];
      const files = { Dockerfile: ['FROM busybox', ...lines, ''].join('\n') };
      const tar = (name: string) => ['-o', `type=tar,dest=${join(mine, name)}`];
      await own.must(['build', ...tar('own.tar'), context('git', files)]);
      await rooted.must(['build', ...tar('rooted.tar'), context('git', files)]);
      expect(await listTar(join(mine, 'own.tar'))).toEqual(await listTar(join(mine, 'rooted.tar')));
      await own.must(['build', `${server.url}/app.git`]);
    } finally {
      server.stop();
    }
  });

  test('an archive saved without root is the image for root', async () => {
    const saved = join(mine, 'saved.tar');
    await own.must(['save', '-o', saved, 'same']);
    const third = await mille(join(place, 'third'), { base: false });
    await third.must(['load', '-i', saved]);
    const list = 'stat -c "%n %u %g %a" /plain/* /home/app/* /odd/*; cat /home/app/work/who';
    const out = await third.must(['run', '-u', '0', 'same', 'sh', '-c', list]);
    expect(out).toContain('/plain/a 65533 12 644\n');
    expect(out).toContain('uid=1000(app)');
    expect(await own.must(['run', '-u', '0', 'same', 'sh', '-c', list])).toBe(out);
    expect(await verifyStore(third.root)).toEqual([]);
  }, 120_000);

  test('runs: users, exit status, volumes that stay theirs', async () => {
    expect(await own.must(['run', 'same', 'id', '-u'])).toBe('1000\n');
    expect((await own.run(['run', 'same', 'sh', '-c', 'exit 7'])).status).toBe(7);
    const volume = join(mine, 'volume');
    mkdirSync(volume);
    chownSync(volume, user!.uid, user!.gid);
    await own.must(['run', '-u', '0', '-v', `${volume}:/v`, 'same', 'sh', '-c', 'echo hi >/v/file']);
    expect(readFileSync(join(volume, 'file'), 'utf8')).toBe('hi\n');
    expect(command(['stat', '-c', '%u', join(volume, 'file')]).stdout.toString()).toBe(`${user!.uid}\n`);
  }, 120_000);

  test('a file of the context that the user cannot read', async () => {
    const directory = context('unreadable', { Dockerfile: 'FROM busybox\nCOPY . /x/\n', secret: 's' });
    chownSync(join(directory, 'secret'), 0, 0);
    chmodSync(join(directory, 'secret'), 0o600);
    const { status, stderr } = await own.run(['build', directory]);
    expect(stderr).toContain('secret');
    expect(stderr).toMatch(/permission denied/i);
    expect(stderr).not.toContain('internal error');
    expect(status).toBe(52);
    writeFileSync(join(directory, '.dockerignore'), 'secret\n');
    await own.build([directory]);
  }, 120_000);

  test('killed at any moment, leaves nothing', async () => {
    const marker = `mille-rootless-marker-${process.pid}`;
    const directory = context('killed', {
      Dockerfile: `FROM busybox\nCOPY round /round\nRUN : ${marker}; sleep 0.2; cp /round /made\nRUN : ${marker}; sleep 0.2\n`,
      round: '0',
    });
    for (let kill = 0; kill < 8; kill++) {
      writeFileSync(join(directory, 'round'), `${kill}\n`);
      const child = Bun.spawn([...own.command, 'build', '-q', '-t', 'killed', directory], {
        cwd: mine,
        env: { ...process.env, ...own.env },
        stdio: ['ignore', 'ignore', 'ignore'],
      });
      await Bun.sleep(100 + kill * 150);
      child.kill('SIGKILL');
      await child.exited;
      expect(await until(() => processesWith(marker).length === 0)).toBe(true);
      expect(await until(() => processesWith(own.root).length === 0)).toBe(true);
    }
    // Something to do: a build that has it all may never look at what the others left.
    writeFileSync(join(directory, 'round'), 'last\n');
    await own.build(['-t', 'killed', directory]);
    expect(readdirSync(join(own.root, 'tmp'))).toEqual([]);
    expect(await own.must(['run', 'killed', 'cat', '/made'])).toBe('last\n');
    expect(await own.verify()).toEqual([]);
  }, 120_000);

  test('SIGINT, to the whole group as from a terminal, ends with 130', async () => {
    const marker = `mille-rootless-int-${process.pid}`;
    const directory = context('endless', {
      Dockerfile: `FROM busybox\nRUN : ${marker}; echo begun; sleep 1000\n`,
    });
    const child = Bun.spawn(['setsid', ...own.command, 'build', '--progress', 'plain', directory], {
      cwd: mine,
      env: { ...process.env, ...own.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) {
      output += decoder.decode(chunk);
      if (/^#\d+ (\S+ )?begun$/m.test(output)) process.kill(-child.pid, 'SIGINT');
    }
    expect(await child.exited).toBe(130);
    expect(output).toContain('interrupted');
    expect(await until(() => processesWith(marker).length === 0)).toBe(true);
  }, 120_000);
});

describe.skipIf(!ready)('what the machine may lack', () => {
  const build = (environment: readonly string[], who: readonly string[]) => {
    const args = ['build', '-t', 'x', join(mine, 'same')];
    return command([...who, ...environment, `MILLE_ROOT=${join(mine, 'lacking')}`, ...program, ...args], {
      cwd: '/',
    });
  };

  test('newuidmap', () => {
    // Hidden in a mount namespace; what is there instead cannot be executed.
    const hide = 'mount --bind /dev/null "$0" && exec "$@"';
    const newuidmap = Bun.which('newuidmap')!;
    const hidden = ['unshare', '--mount', 'sh', '-c', hide, newuidmap, ...asUser(user!, [])];
    const { status, stderr } = build([], hidden);
    expect(stderr).toContain('newuidmap');
    expect(stderr).toContain('apt install uidmap');
    expect(status).toBe(31);
  });

  test('a PATH with the system directories', async () => {
    const bin = join(mine, 'bin');
    mkdirSync(bin);
    for (const name of ['sh', 'find', 'env', 'readlink']) symlinkSync(Bun.which(name)!, join(bin, name));
    const { status, stderr } = build([`PATH=${bin}`], asUser(user!, []));
    expect(stderr).toContain('is not in the store');
    expect(status).toBe(20);
  });

  test('subordinate ids', () => {
    // A user that has none, since the machine does not know it.
    const stranger = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups', '--', 'env', 'HOME=/'];
    const { status, stderr } = build([], stranger);
    expect(stderr).toContain('/etc/subuid');
    expect(stderr).toContain('usermod --add-subuids');
    expect(status).toBe(31);
  });
});
