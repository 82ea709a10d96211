import { describe, expect, test } from 'bun:test';
import type { Entry, ImageConfig } from '../../oci/image/index.ts';
import { directory, sized, symbolicLink, table, whiteout } from '../../testkit/index.ts';
import { seenTree } from '../programs/index.ts';
import {
  accountConcerns,
  mergeConfigs,
  ownHistory,
  ownMakers,
  pathConcerns,
  type RebaseSubject,
  readAccounts,
} from './index.ts';

function subject(from: Entry[], onto: Entry[], own: Entry[], instruction = 'RUN make'): RebaseSubject {
  return {
    from: seenTree([table(...from)]),
    onto: seenTree([table(...onto)]),
    own: [{ instruction, entries: own }],
  };
}

const told = (...args: Parameters<typeof subject>) =>
  pathConcerns(subject(...args)).map(({ level, kind, paths }) => [level, kind, ...paths]);

describe('paths', () => {
  const etc = directory('etc');
  test('a file of the old base that RUN changed, and the new base has otherwise', () => {
    const [old, now, own] = ['a', 'b', 'c'].map((text) => sized('etc/x', 1, text));
    expect(told([etc, old!], [etc, now!], [etc, own!])).toEqual([['breaks', 'rewritten', 'etc/x']]);
    expect(told([etc, old!], [etc], [etc, own!])).toEqual([['breaks', 'rewritten', 'etc/x']]);
    expect(told([etc, old!], [etc, old!], [etc, own!])).toEqual([]);
    expect(told([etc, old!], [etc, now!], [etc, now!])).toEqual([]);
    expect(told([etc, old!], [etc, now!], [etc, own!], 'COPY x /etc/x')).toEqual([]);
    expect(told([etc, old!], [etc, now!], [etc, whiteout('etc/x')])).toEqual([]);
    expect(told([etc], [etc, now!], [etc, own!])).toEqual([['check', 'hidden', 'etc/x']]);
  });

  test('what an earlier own layer brought is not the base’s', () => {
    const base = sized('etc/x', 1, 'a');
    const changed = {
      ...subject([etc, base], [etc, sized('etc/x', 1, 'b')], []),
      own: [
        { instruction: 'COPY x /etc/', entries: [etc, sized('etc/x', 1, 'c')] },
        { instruction: 'RUN sed -i s/c/d/ /etc/x', entries: [etc, sized('etc/x', 1, 'd')] },
      ],
    };
    expect(pathConcerns(changed)).toEqual([]);
  });

  test('lists of packages, the linker’s cache, and what nobody misses', () => {
    const paths = ['var/lib/dpkg/status', 'etc/ld.so.cache', 'var/log/dpkg.log', 'lib/apk/db/installed'];
    const of = (text: string) => paths.map((path) => sized(path, 1, text));
    expect(told(of('a'), of('b'), of('c'))).toEqual([
      ['breaks', 'packages', 'lib/apk/db/installed', 'var/lib/dpkg/status'],
      ['check', 'linker-cache', 'etc/ld.so.cache'],
    ]);
  });

  test('a directory where the new base has a link', () => {
    const old = [directory('lib'), sized('lib/a', 1, 'a')];
    const now = [
      directory('usr'),
      directory('usr/lib'),
      symbolicLink('lib', 'usr/lib'),
      sized('usr/lib/a', 1, 'a'),
    ];
    expect(told(old, now, [directory('lib'), sized('lib/own', 1, 'x')], 'COPY own /lib/')).toEqual([
      ['breaks', 'in-the-way', 'lib'],
    ]);
    expect(told(old, now, [sized('lib/deep/own', 1, 'x')])).toEqual([['breaks', 'in-the-way', 'lib']]);
  });

  test('a directory of a version that the new base does not have', () => {
    const site = 'usr/lib/python3.11/site-packages';
    const own = sized(`${site}/flask.py`, 1, 'x');
    expect(told([directory(site)], [directory('usr/lib/python3.12/site-packages')], [own])).toEqual([
      ['breaks', 'directory', site],
    ]);
    expect(told([directory('srv/www')], [], [sized('srv/www/x', 1, 'x')])).toEqual([
      ['check', 'directory', 'srv/www'],
    ]);
  });

  test('links into the old base', () => {
    const own = [symbolicLink('app/python', '/usr/bin/python3.11'), symbolicLink('app/none', '/not/there')];
    expect(told([sized('usr/bin/python3.11', 1, 'x')], [], own)).toEqual([['breaks', 'link', 'app/python']]);
  });
});

describe('accounts', () => {
  const passwd = (...lines: string[]) => readAccounts({ passwd: lines.join('\n'), group: '' });
  const files = [sized('etc/passwd', 1, 'p'), sized('etc/group', 1, 'g')];
  const on = (own: Entry[], before: string, after: string, user = '') =>
    accountConcerns(
      subject(files, files, own),
      { from: passwd(before), onto: passwd(after), end: passwd(after) },
      { config: { User: user } },
    ).map(({ level, kind, text }) => [level, kind, text]);
  const file = sized('app/x', 1, 'x', { uid: 101 });
  test('numbers that mean somebody else', () => {
    const text = 'files are of user 101, nginx in the old base and redis in the new one';
    expect(on([file], 'nginx:x:101:0', 'redis:x:101:0')).toEqual([['breaks', 'owner', text]]);
    expect(on([file], 'nginx:x:101:0', 'nginx:x:101:5')).toEqual([]);
    expect(on([file], 'a:x:1:0', 'redis:x:101:0')[0]?.[0]).toBe('check');
    expect(on([file, sized('etc/passwd', 1, 'own')], 'nginx:x:101:0', 'redis:x:101:0')).toEqual([]);
  });
  test('who is not there to run as', () => {
    expect(on([], 'app:x:7:7', 'root:x:0:0', 'app:app')[0]).toEqual([
      'breaks',
      'user',
      'the image is run as app, and has no such user then',
    ]);
    expect(on([], 'app:x:7:7', 'root:x:0:0', '1000')).toEqual([]);
  });
});

describe('config', () => {
  const image = (config: ImageConfig['config']): ImageConfig => ({
    ...{ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] } },
    ...(config ? { config } : {}),
  });
  const merge = (from: ImageConfig['config'], own: ImageConfig['config'], onto: ImageConfig['config']) =>
    mergeConfigs({ from: image(from), image: image(own), onto: image(onto) });

  test('what was inherited comes from the new base, what is its own stays', () => {
    const { config, taken, kept } = merge(
      { Cmd: ['python3'], User: 'a', Env: ['A=1', 'B=1', 'GONE=1'], Labels: { v: '1', w: '1' } },
      { Cmd: ['python3'], User: 'me', Env: ['A=1', 'B=mine', 'GONE=1', 'C=3'], Labels: { v: '1', w: '2' } },
      { Cmd: ['python'], User: 'b', Env: ['A=2', 'B=2', 'NEW=1'], Labels: { v: '2' } },
    );
    expect(config).toEqual({
      ...{ Cmd: ['python'], User: 'me', Labels: { v: '2', w: '2' } },
      Env: ['A=2', 'B=mine', 'NEW=1', 'C=3'],
    });
    expect(taken).toEqual(['Cmd', 'Labels v', 'Env A', 'Env NEW', 'Env GONE']);
    expect(kept).toEqual(['User', 'Labels w', 'Env B', 'Env C']);
  });

  test('ENTRYPOINT of the image keeps CMD of the new base away', () => {
    expect(merge({}, { Entrypoint: ['app'] }, { Cmd: ['sh'] }).config).toEqual({ Entrypoint: ['app'] });
    expect(merge({}, {}, { Cmd: ['sh'] }).config).toEqual({ Cmd: ['sh'] });
  });

  test('PATH holds the new base’s', () => {
    const path = (value: string) => ({ Env: [`PATH=${value}`] });
    const { config, rewoven } = merge(path('/bin'), path('/app:/bin'), path('/usr/bin:/bin'));
    expect(config.Env).toEqual(['PATH=/app:/usr/bin:/bin']);
    expect(rewoven).toEqual(['Env PATH']);
  });

  test('triggers of a base are nobody’s; its own stay', () => {
    expect(merge({ OnBuild: ['RUN a'] }, {}, { OnBuild: ['RUN b'] }).config).toEqual({});
    expect(merge({}, { OnBuild: ['RUN c'] }, { OnBuild: ['RUN b'] }).config).toEqual({ OnBuild: ['RUN c'] });
  });
});

test('the own part of a history', () => {
  const image = (history: ImageConfig['history'], layers: number): ImageConfig => ({
    ...{ os: 'linux', architecture: 'amd64' },
    rootfs: { type: 'layers', diff_ids: Array.from({ length: layers }, () => 'sha256:x' as never) },
    ...(history ? { history } : {}),
  });
  const run = (created_by: string) => ({ created_by });
  const env = { created_by: 'ENV A=1', empty_layer: true };
  const base = image([run('RUN a'), env], 1);
  expect(ownHistory(image([run('RUN a'), env, env, run('RUN b')], 2), base)).toEqual([env, run('RUN b')]);
  // Its history was lost: what came after its layers.
  expect(ownHistory(image([run('ADD x'), env, run('RUN b')], 2), image([run('y')], 1))).toEqual([
    env,
    run('RUN b'),
  ]);
  expect(ownMakers([env, run('RUN b')], 1)).toEqual(['RUN b']);
  expect(ownMakers([env], 1)).toEqual(['']);
});
