// Git repositories by SSH, from a real sshd on this machine, with a real agent. It listens at an address of its own, so
// that `user@host:path`, which has no place for a port, can be tried as well.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/docker.ts';
import { makeRepository } from '../support/git-server.ts';
import { processesWith, until } from '../support/leftovers.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const HOST = '127.0.0.77';
const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));
const possible = SSHD !== undefined && process.getuid?.() === 0 && Bun.which('ssh-agent') !== null;
if (!possible) console.warn('skipped: git by SSH needs root, sshd (Debian: openssh-server) and ssh-agent');

let place = '';
let self: Mille;
let bare = '';
let sshd: ReturnType<typeof Bun.spawn> | undefined;
let agent: ReturnType<typeof Bun.spawn> | undefined;
let socket = '';

beforeAll(async () => {
  if (!possible) return;
  place = makePlace('git-ssh');
  self = await mille(join(place, 'store'));
  const app = makeRepository(place, 'app');
  app.commit('one', { 'a.txt': 'by ssh\n', Dockerfile: 'FROM busybox\nCOPY a.txt /\n' });
  app.push('main');
  bare = app.bare;
  for (const name of ['host', 'other-host', 'mine', 'stranger'])
    must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(place, name)]);
  await startSshd('host');
  socket = join(place, 'agent');
  agent = Bun.spawn(['ssh-agent', '-D', '-a', socket], { stdout: 'ignore', stderr: 'ignore' });
  for (let i = 0; i < 1000 && !existsSync(socket); i++) await Bun.sleep(20);
});

afterAll(() => {
  sshd?.kill();
  agent?.kill();
  removePlace(place);
});

function must(args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const { status, stderr } = command(args, { env });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
}

async function startSshd(hostKey: string): Promise<void> {
  sshd?.kill();
  await sshd?.exited;
  mkdirSync('/run/sshd', { recursive: true });
  const settings = [
    `ListenAddress ${HOST}:22`,
    `HostKey ${place}/${hostKey}`,
    `AuthorizedKeysFile ${place}/mine.pub`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
    'PidFile none',
  ];
  writeTree(place, { sshd_config: `${settings.join('\n')}\n` });
  const child = Bun.spawn([SSHD!, '-D', '-e', '-f', join(place, 'sshd_config')], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: Bun.file(join(place, 'sshd.log')),
  });
  sshd = child;
  for (let i = 0; i < 1000; i++) {
    if (readFileSync(join(place, 'sshd.log'), 'utf8').includes('listening on')) return;
    if (child.exitCode !== null) break;
    await Bun.sleep(20);
  }
  throw new Error(`sshd did not start: ${readFileSync(join(place, 'sshd.log'), 'utf8')}`);
}

function dockerfile(line: string): string {
  const context = join(place, 'context');
  writeTree(context, { Dockerfile: `FROM busybox\n${line}\n` });
  return context;
}

test.skipIf(!possible)(
  'ADD needs the agent of --ssh, with the key in it, and uses no key of this machine',
  async () => {
    const home = join(place, 'home');
    mkdirSync(join(home, '.ssh'), { recursive: true });
    must(['cp', join(place, 'mine'), join(home, '.ssh/id_ed25519')]);
    writeTree(join(home, '.ssh'), { config: `Host *\n  ProxyCommand touch ${place}/proxied\n` });
    const env = { SSH_AUTH_SOCK: socket, HOME: home };
    const context = dockerfile(`ADD ssh://root@${HOST}${bare} /src`);
    expect((await self.run(['build', context], { env })).status).toBe(25);
    must(['ssh-add', '-q', join(place, 'stranger')], env);
    const refused = await self.run(['build', '--ssh', 'default', context], { env });
    expect([refused.status, refused.stderr]).toEqual([
      60,
      expect.stringContaining('no key of the SSH agent is accepted'),
    ]);
    must(['ssh-add', '-q', join(place, 'mine')], env);
    await self.must(['build', '-t', 'ssh', '--ssh', `default=${socket}`, context], { env: { HOME: home } });
    expect(await self.must(['run', '--rm', 'ssh', 'cat', '/src/a.txt'])).toBe('by ssh\n');
    expect(existsSync(join(place, 'proxied'))).toBe(false);
  },
);

test.skipIf(!possible)('a key of --ssh is in an agent of its own, which ends with the build', async () => {
  const env = { SSH_AUTH_SOCK: undefined, HOME: join(place, 'keyless') };
  const context = dockerfile(`ADD ssh://root@${HOST}${bare} /src`);
  const withKeys = (keys: string) => self.run(['build', '--ssh', `default=${keys}`, context], { env });
  const [mine, stranger, locked] = ['mine', 'stranger', 'locked'].map((name) => join(place, name));
  expect((await withKeys(stranger!)).status).toBe(60);
  // As with Docker the mode of the file does not matter.
  chmodSync(mine!, 0o644);
  expect((await withKeys(`${stranger},${mine}`)).status).toBe(0);
  must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', 'geheim', '-f', locked!]);
  const refused = await withKeys(locked!);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('has a passphrase')]);
  expect((await withKeys(join(place, 'mine.pub'))).stderr).toContain('is no private key of SSH');
  expect(await until(() => processesWith(self.root).length === 0)).toBe(true);
});

test.skipIf(!possible)('a context needs no --ssh, as with docker', async () => {
  const env = { SSH_AUTH_SOCK: socket };
  await self.must(['build', '-t', 'ssh', `root@${HOST}:${bare}#main`], { env });
  expect(await self.must(['run', '--rm', 'ssh', 'cat', '/a.txt'])).toBe('by ssh\n');
  expect(
    (await self.run(['build', `root@${HOST}:${bare}`], { env: { SSH_AUTH_SOCK: undefined } })).status,
  ).toBe(25);
});

test.skipIf(!possible)('a host whose key has changed is refused, unless this machine knows it', async () => {
  const env = { SSH_AUTH_SOCK: socket, HOME: join(place, 'home') };
  await startSshd('other-host');
  const build = ['build', '--no-cache', `root@${HOST}:${bare}`];
  const { status, stderr } = await self.run(build, { env });
  expect([status, stderr]).toEqual([60, expect.stringContaining('the host is not the one it was')]);
  rmSync(join(self.root, 'git/known_hosts'));
  const known = `${HOST} ${readFileSync(join(place, 'host.pub'), 'utf8')}`;
  writeTree(join(place, 'home/.ssh'), { known_hosts: known });
  expect((await self.run(build, { env })).status).toBe(60);
  writeTree(join(place, 'home/.ssh'), {
    known_hosts: known.replace(/ .*/s, ` ${readFileSync(join(place, 'other-host.pub'), 'utf8')}`),
  });
  await self.must(build, { env });
});
