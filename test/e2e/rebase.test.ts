// `mille rebase`: an image on another base without a build, held against a build on that base.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const base = process.getuid?.() === 0 ? await busyboxBase() : undefined;

const BASE = (version: number, conf: string) => `FROM busybox
ENV BASE_VERSION=${version} PATH=/usr/bin:/bin:/v${version}
RUN echo ${conf} > /etc/base.conf
CMD ["cat", "/etc/base.conf"]
`;

describe.skipIf(!base)('mille rebase', () => {
  let place = '';
  let own: Mille;
  beforeAll(async () => {
    place = makePlace('rebase');
    own = await mille(join(place, 'store'));
    writeTree(place, {
      one: BASE(1, 'a'),
      two: BASE(2, 'b'),
      app: 'ARG BASE=base:1\nFROM $BASE\nENV PATH=/app/bin:$PATH\nCOPY one /app/one\nRUN echo app > /app/made\nLABEL a=b\n',
      grown: 'FROM base:1\nRUN echo more >> /etc/base.conf\n',
    });
    await own.build(['-f', join(place, 'one'), '-t', 'base:1', place]);
    await own.build(['-f', join(place, 'two'), '-t', 'base:2', place]);
    await own.build(['-f', join(place, 'app'), '-t', 'app', place]);
  });
  afterAll(() => removePlace(place));

  test('is what a build on the new base makes', async () => {
    const out = await own.must(['rebase', '--onto', 'base:2', '-t', 'app:rebased', 'app']);
    expect(out).toContain('stands on  base:1, 2 layers');
    expect(out).toContain('from base  Env BASE_VERSION');
    expect(out).toContain('rewritten  Env PATH');
    expect(out).toContain('as app:rebased (nothing speaks against it)');
    await own.build(['-f', join(place, 'app'), '--build-arg', 'BASE=base:2', '-t', 'app:built', place]);
    expect(await own.must(['diff', 'app:rebased', 'app:built'])).toContain('Nothing differs.');
    expect(await own.must(['run', 'app:rebased'])).toBe('b\n');
    // And back, by what its own annotations say of the base: the same image as at first, but for those.
    const back = JSON.parse(
      await own.must(['rebase', '--format=json', '--onto', 'base:1', '-t', 'app:back', 'app:rebased']),
    );
    const [first] = JSON.parse(await own.must(['inspect', 'app']));
    expect(back).toMatchObject({ safe: true, from: { layers: 2 }, made: { names: ['app:back'] } });
    expect(JSON.parse(await own.must(['inspect', 'app:back']))[0].RootFS).toEqual(first.RootFS);
    expect(await own.verify()).toEqual([]);
  });

  test('asks both, and makes nothing where they do not answer alike', async () => {
    const line = ['rebase', '--onto', 'base:2', '-t', 'asked'];
    const good = await own.must([...line, '--check', 'cat /app/made', '--check', '["true"]', 'app']);
    expect(good).toContain('  alike      cat /app/made\n  alike      ["true"]\n');
    expect(good).toContain('as asked:latest');
    const before = await own.must(['images', '-q']);
    const other = ['rebase', '--onto', 'base:2', '-t', 'other'];
    for (const [check, why] of [
      ['cat /etc/base.conf', 'it says something else on standard output'],
      ['false', 'with the original it ends with exit status 1'],
    ] as const) {
      const refused = await own.run([...other, '--check', check, 'app']);
      expect([refused.status, refused.stdout]).toEqual([49, expect.stringContaining(`${check}: ${why}`)]);
      expect(refused.stdout).toContain(
        'not rebased: nothing speaks against it, but what was asked does not end well',
      );
      expect((await own.run(['inspect', 'other'])).status).toBe(20);
    }
    expect(await own.must(['images', '-q'])).toBe(before);
    const forced = await own.run([...other, '--force', '--check', 'cat /etc/base.conf', 'app']);
    expect([forced.status, forced.stdout]).toEqual([0, expect.stringContaining('as other:latest')]);
    expect(
      (await own.run(['rebase', '--dry-run', '--check', 'true', '--onto', 'base:2', 'app'])).status,
    ).toBe(2);
    expect(await own.verify()).toEqual([]);
  });

  test('makes nothing where something breaks, unless it is forced', async () => {
    await own.build(['-f', join(place, 'grown'), '-t', 'grown', place]);
    const refused = await own.run(['rebase', '--onto', 'base:2', '-t', 'grown:2', 'grown']);
    expect(refused.status).toBe(49);
    expect(refused.stdout).toContain('breaks     files of the old base were changed');
    expect(refused.stdout).toContain('by RUN echo more >> /etc/base.conf\n    etc/base.conf\n');
    expect((await own.run(['inspect', 'grown:2'])).status).toBe(20);
    const forced = await own.run(['rebase', '-q', '--force', '--onto', 'base:2', '-t', 'grown:2', 'grown']);
    expect(forced).toMatchObject({ status: 0, stdout: expect.stringMatching(/^sha256:[0-9a-f]{64}\n$/) });
    expect(await own.must(['run', 'grown:2'])).toBe('a\nmore\n');
  });

  test('says which base is meant where nothing tells', async () => {
    const wrong = await own.run(['rebase', '--onto', 'base:1', '--from', 'base:2', 'app']);
    expect(wrong.status).toBe(56);
    expect(wrong.stderr).toContain('app:latest does not stand on base:2');
    const unknown = await own.run(['rebase', '--onto', 'base:2', 'busybox']);
    expect(unknown.stderr).toContain('nothing says which base busybox:latest stands on');
  });
});
