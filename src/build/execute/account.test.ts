import { describe, expect, test } from 'bun:test';
import { namesAccounts, resolveOwner, resolveProcessUser } from './account.ts';

const files = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\nbroken\nneg:x:-1:5::/:/x\n',
  group: 'root:x:0:\napp:x:1001:\naudio:x:29:app,other\nvideo:x:44:app\nwheel:x:10:root\n',
};
const none = { passwd: '', group: '' };

describe('owners for --chown', () => {
  const table: [text: string, uid: number, gid: number][] = [
    ['55', 55, 55],
    ['app', 1000, 1001],
    ['app:audio', 1000, 29],
    ['55:audio', 55, 29],
    ['55:66', 55, 66],
    ['app:0', 1000, 0],
    [':audio', 0, 29],
    ['0', 0, 0],
    ['app:', 1000, 0],
    ['5:', 5, 0],
    ['root', 0, 0],
    ['007', 7, 7],
    ['nobody', 0, 0],
    ['nobody:audio', 0, 29],
    ['app:nogroup', 1000, 1001],
    ['5:nogroup', 5, 5],
    ['neg', 0, 0],
    ['99999999999', 0, 0],
    ['-5', 4294967291, 4294967291],
    ['+7:-2147483648', 7, 2147483648],
    ['-1', 0, 0],
    ['-2147483649', 0, 0],
  ];
  test.each(table)('%s is %d:%d', (text, uid, gid) => {
    expect(resolveOwner(text, files)).toEqual({ uid, gid });
  });

  test('names that are not known are told', () => {
    const unknown = (text: string) => {
      const found: string[] = [];
      resolveOwner(text, files, ({ kind, name }) => found.push(`${kind} ${name}`));
      return found;
    };
    expect(unknown('nobody:nogroup')).toEqual(['user nobody', 'group nogroup']);
    expect(unknown('app:audio')).toEqual([]);
    expect(unknown('3000000000')).toEqual(['user 3000000000']);
    expect(unknown('-2147483649:-')).toEqual(['user -2147483649', 'group -']);
  });

  test('root and numbers are no names', () => {
    expect(['', '5', '5:6', 'root', 'root:root', '5:', '-5:+6'].map(namesAccounts)).not.toContain(true);
    expect(['app', '5:audio', ':audio', 'root:app'].map(namesAccounts)).not.toContain(false);
  });

  test('numbers need no files', () => {
    expect(resolveOwner('7:8', none)).toEqual({ uid: 7, gid: 8 });
  });
});

describe('the user of a process', () => {
  test('no USER is root with the groups that list root', () => {
    expect(resolveProcessUser('', files)).toEqual({ uid: 0, gid: 0, additionalGids: [10], home: '/root' });
    expect(resolveProcessUser('', none)).toEqual({ uid: 0, gid: 0, additionalGids: [] });
  });

  test('a name or its number bring the groups, a group given takes them away', () => {
    const app = { uid: 1000, gid: 1001, additionalGids: [29, 44], home: '/home/app' };
    expect(resolveProcessUser('app', files)).toEqual(app);
    expect(resolveProcessUser('1000', files)).toEqual(app);
    expect(resolveProcessUser('app:audio', files)).toEqual({
      uid: 1000,
      gid: 29,
      additionalGids: [],
      home: '/home/app',
    });
  });

  test('groups that are added stay, whatever else there is', () => {
    const gids = (user: string, added: string[]) => resolveProcessUser(user, files, added).additionalGids;
    expect(gids('app', ['wheel', '44', '7'])).toEqual([29, 44, 10, 7]);
    expect(gids('app:audio', ['wheel', '10'])).toEqual([10]);
    expect(gids('5', ['video'])).toEqual([44]);
    expect(() => gids('app', ['nosuch'])).toThrow("no group 'nosuch'");
  });

  test('a number is never a name', () => {
    const passwd = '1000:x:1:2::/a:\n#app:x:7:8::/b:\n\n  spaced:x:1000:1001::/c:\n';
    const group = '44:x:45:\ng:x:46:spaced\n';
    expect(resolveProcessUser('1000:44', { passwd, group })).toMatchObject({ uid: 1000, gid: 44 });
    expect(resolveProcessUser('1000', { passwd, group })).toEqual({
      ...{ uid: 1000, gid: 1001, additionalGids: [46], home: '/c' },
    });
  });

  test('an entry needs a number for the user; its group may be missing', () => {
    const passwd = 'short\nonly:x:70\nbad:x:number:1::/:\n';
    expect(resolveProcessUser('only', { passwd, group: '' })).toMatchObject({ uid: 70, gid: 0 });
    for (const name of ['short', 'bad'])
      expect(() => resolveProcessUser(name, { passwd, group: '' })).toThrow('no user');
  });

  test('a number without entry runs in group 0', () => {
    expect(resolveProcessUser('4321', files)).toEqual({ uid: 4321, gid: 0, additionalGids: [] });
  });

  test('root needs no entry', () => {
    expect(resolveProcessUser('root', none)).toEqual({ uid: 0, gid: 0, additionalGids: [] });
    expect(resolveProcessUser('7:root', none)).toEqual({ uid: 7, gid: 0, additionalGids: [] });
    const passwd = 'root:x:5:6::/r:\n';
    expect(resolveProcessUser('root', { passwd, group: '' })).toMatchObject({ uid: 5, gid: 6 });
  });

  test('an unknown name fails', () => {
    expect(() => resolveProcessUser('nobody', files)).toThrow("no user 'nobody'");
  });
});
