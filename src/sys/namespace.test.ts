import { describe, expect, test } from 'bun:test';
import { findObstacles, type NamespaceFacts, privilege } from './namespace.ts';

const GOOD: NamespaceFacts = {
  user: 'ann',
  uid: 1000,
  unshare: 'good',
  mapPrograms: true,
  subuid: 'bob:100000:65536\nann:165536:65536\n',
  subgid: 'ann:165536:65536\n',
  maxNamespaces: '15000',
  unprivilegedClone: '1',
  appArmor: '0',
  status: 'Name:\tbun\nNoNewPrivs:\t0\nSeccomp:\t0\n',
};

describe('what stands in the way of user namespaces', () => {
  test('nothing on a machine that is set up', () => {
    expect(findObstacles(GOOD)).toEqual([]);
    expect(findObstacles({ ...GOOD, unprivilegedClone: '', appArmor: '', maxNamespaces: '' })).toEqual([]);
    expect(findObstacles({ ...GOOD, subuid: '1000:1:2', subgid: '1000:1:2' })).toEqual([]);
  });

  const cases: [string, Partial<NamespaceFacts>, RegExp][] = [
    ['no newuidmap', { mapPrograms: false }, /apt install uidmap/],
    ['no range of users', { subuid: 'anna:1:2\n' }, /usermod --add-subuids \S+ --add-subgids \S+ ann$/],
    ['no range of groups', { subgid: '' }, /usermod --add-subuids/],
    ["Debian's switch", { unprivilegedClone: '0' }, /kernel\.unprivileged_userns_clone=1/],
    ['a limit of none', { maxNamespaces: '0' }, /user\.max_user_namespaces=/],
    ["Ubuntu's AppArmor", { appArmor: '1' }, /apparmor_restrict_unprivileged_userns=0/],
    ['an old unshare', { unshare: 'old' }, /util-linux 2\.38/],
    ['no unshare', { unshare: 'missing' }, /apt install util-linux/],
    ['no new privileges', { status: 'NoNewPrivs:\t1\n' }, /outside/],
    ['a container', { status: 'NoNewPrivs:\t0\nSeccomp:\t2\n' }, /seccomp=unconfined/],
  ];
  for (const [what, facts, hint] of cases) {
    test(what, () => {
      const found = findObstacles({ ...GOOD, ...facts });
      expect(found.length).toBe(1);
      expect(found[0]?.hint).toMatch(hint);
    });
  }
});

test.skipIf(process.getuid?.() !== 0)('root in a user namespace is not root of the machine', () => {
  const script = `console.log(require('${import.meta.dir}/namespace.ts').privilege())`;
  const run = (command: string[]) =>
    Bun.spawnSync([...command, process.execPath, '-e', script])
      .stdout.toString()
      .trim();
  const outside = run([]);
  expect(outside).toBe(privilege());
  expect(run(['unshare', '--user', '--map-root-user'])).toBe('rootless');
});
