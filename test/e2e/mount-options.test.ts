// The options of RUN --mount, as a command finds them; and what hostile images, caches and commands may not reach.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('tests of mount options skipped: they need root and busybox-static');

let place = '';
let self: Mille;

beforeAll(async () => {
  place = makePlace('mount-options');
  if (ready) self = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

let contexts = 0;

function context(lines: string, files: Parameters<typeof writeTree>[1] = {}): string {
  const directory = join(place, `context-${++contexts}`);
  writeTree(directory, { ...files, Dockerfile: `FROM busybox\n${lines}\n` });
  return directory;
}

/** What RUN printed, without the numbers in front. */
const printed = (output: string) =>
  output.split('\n').flatMap((line) => /^#\d+ \d+\.\d+ (.*)$/.exec(line)?.[1] ?? []);

/** Builds lines on busybox and gives what was printed. */
const seen = async (lines: string, args: readonly string[] = [], files?: Parameters<typeof writeTree>[1]) =>
  printed((await self.build([...args, context(lines, files)])).output);

describe.skipIf(!ready)('options', () => {
  test('of tmpfs: size, read-only, devices', async () => {
    const lines = await seen(
      `RUN --mount=type=tmpfs,target=/t,size=3m df -k /t | awk 'END { print $2 }'
RUN --mount=type=tmpfs,target=/t,ro touch /t/x 2>/dev/null || echo refused
RUN --mount=type=tmpfs,target=/t mknod /t/null c 1 3 && echo x > /t/null && stat -c %a /t`,
    );
    expect(lines).toEqual(['3072', 'refused', '1777']);
  }, 120_000);

  test('targets: relative, with variables, through a link of the image, over a file, one in another', async () => {
    const lines = await seen(
      `ARG WHERE=sub
RUN mkdir /real && ln -s /real /link && ln -s ../../../../../../escape /out
WORKDIR /w
RUN --mount=type=bind,target=$WHERE/../rel,source=\${WHERE} ls /w/rel
RUN --mount=type=tmpfs,target=/link/x touch /real/x/f && ls /real
RUN --mount=type=tmpfs,target=/out touch /escape/f && echo inside
RUN --mount=type=bind,source=sub/file,target=/etc/group cat /etc/group
RUN --mount=type=tmpfs,target=/a/b --mount=type=bind,target=/a --mount=type=bind,source=sub,target=/a/b/c ls /a /a/b
RUN ls -A / /real /w | tr '\\n' ' '`,
      [],
      { 'sub/file': 'content\n', 'b/.keep': '' },
    );
    expect(lines.slice(0, -1)).toEqual([
      ...['file', 'x', 'inside', 'content', '/a:', 'Dockerfile', 'b', 'sub', '/a/b:', 'c'],
    ]);
    expect(lines.at(-1)).toEndWith('/real:  /w:');
    expect(lines.at(-1)).not.toContain('escape');
  }, 120_000);

  test('of caches: mode and owner, what one begins with, a second name for the same', async () => {
    const id = crypto.randomUUID();
    const base = `FROM busybox AS first
RUN mkdir -p /seed/d && echo 1 > /seed/d/f && chown 7:8 /seed/d && chmod 750 /seed/d
FROM busybox\n`;
    const lines = await seen(
      `${base}RUN --mount=type=cache,id=${id},target=/c,mode=1770,uid=3,gid=4 stat -c '%a %u:%g' /c && touch /c/x
RUN --mount=type=cache,id=${id},target=/c ls -A /c | wc -l
RUN --mount=type=cache,id=${id},target=/c,mode=1770,uid=3,gid=4 ls /c
RUN --mount=type=cache,id=${id},target=/c,from=first,source=/seed/d stat -c '%a %u:%g' /c && cat /c/f && echo 2 > /c/f
RUN --mount=type=cache,id=${id},target=/other,from=first,source=seed/d/,ro cat /other/f; ! touch /other/f 2>/dev/null`,
    );
    expect(lines).toEqual(['1770 3:4', '0', 'x', '750 7:8', '1', '2']);
  }, 120_000);

  test('of secrets: a variable is set, given or not; the mode and owner of a file', async () => {
    writeFileSync(join(place, 'token'), 'some-secret-value');
    const lines = await seen(
      `ENV NONE=image
RUN --mount=type=secret,id=none,env=NONE echo "<$NONE>"
RUN --mount=type=secret,id=token,target=rel/token,mode=0404,uid=5,gid=6 stat -c '%a %u:%g %s' /rel/token
RUN --mount=type=secret,target=/deep/token,id=token,env=BOTH [ "$BOTH" = "$(cat /deep/token)" ] && echo both
RUN ls -d /rel /deep /run/secrets 2>/dev/null; echo none`,
      ['--secret', `id=token,src=${join(place, 'token')}`],
    );
    expect(lines).toEqual(['<>', '404 5:6 17', 'both', 'none']);
  }, 120_000);
});

/** Two stages of one build, each of which says whether it met the other in a cache. */
const MEETING = (sharing: string) => {
  // Whoever will be met is waited for, however slow the machine is; for nobody, not as long.
  const most = sharing === 'shared' ? 300 : 30;
  const stage = (name: string) => `FROM busybox AS ${name}
RUN --mount=type=cache,id=meeting-${sharing},target=/c,sharing=${sharing} touch /c/${name}; met=alone; \\
  for i in $(seq ${most}); do [ "$(ls /c | wc -l)" -ge 2 ] && met=together && break; sleep 0.05; done; \\
  echo $met > /met; sleep 0.1; rm /c/${name}`;
  return `${stage('one')}\n${stage('two')}
FROM busybox
COPY --from=one /met /one
COPY --from=two /met /two
RUN : ${sharing}; cat /one /two`;
};

describe.skipIf(!ready)('a cache of two stages that run at once', () => {
  test.each(['shared', 'locked', 'private'])(
    '%s',
    async (sharing) => {
      const lines = await seen(MEETING(sharing));
      expect(lines).toHaveLength(2);
      expect(lines.includes('together')).toBe(sharing === 'shared');
    },
    120_000,
  );
});

describe.skipIf(!ready)('attacks', () => {
  test('a mount point that the command replaced by a link: what the link names stays (CVE-2024-23652)', async () => {
    const victim = join(place, 'victim');
    mkdirSync(join(victim, 'x'), { recursive: true });
    mkdirSync(join(victim, 'run/secrets'), { recursive: true });
    writeFileSync(join(victim, 'run/secrets/s'), '');
    const lines = await seen(
      `RUN --mount=type=tmpfs,target=/m/x mv /m /moved && ln -s ${victim} /m && readlink /m
RUN --mount=type=secret,id=s mv /run /moved-run && ln -s ${victim}/run /run && echo done`,
      ['--secret', 'id=s,env=HOME'],
    );
    expect(lines).toEqual([victim, 'done']);
    expect(readdirSync(victim).sort()).toEqual(['run', 'x']);
    expect(existsSync(join(victim, 'run/secrets/s'))).toBe(true);
  }, 120_000);

  test('sources that lead out of a stage, a cache or the context (CVE-2024-1753, CVE-2024-9675)', async () => {
    const outside = join(place, 'outside');
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, 'file'), 'HOST');
    const base = `FROM busybox AS hostile
RUN mkdir -p ${place} && ln -s / /root-link && ln -s ../../../../.. /up && ln -s ${outside} ${place}/outside
FROM busybox\n`;
    const fails = async (mount: string) => {
      const { status, stderr } = await self.run(['build', context(`${base}RUN --mount=${mount} ls /x`)]);
      expect(stderr).not.toContain('HOST');
      expect([mount, status]).toEqual([mount, 15]);
    };
    for (const type of ['bind', 'cache,id=attack']) {
      await fails(`type=${type},from=hostile,source=/root-link${outside},target=/x`);
      await fails(`type=${type},from=hostile,source=/up${outside},target=/x`);
      await fails(`type=${type},from=hostile,source=../..${outside},target=/x`);
    }
    await fails(`type=bind,source=../../..${outside},target=/x`);
    await fails(`type=cache,id=attack2,source=../../..${outside},target=/x`);
  }, 120_000);

  test('a path that is swapped while mounts are made is never looked up (CVE-2024-23651)', async () => {
    const outside = join(place, 'swapped');
    mkdirSync(join(outside, 'target'), { recursive: true });
    // One stage swaps a directory of a cache for a link without pause; the other mounts that cache at many places.
    const mounts = Array.from({ length: 8 }, (_, i) => `--mount=type=cache,id=swap,target=/m${i}`).join(' ');
    const lines = Array.from(
      { length: 6 },
      (_, i) => `RUN ${mounts} : ${i}; touch /m0/sub/target/made-${i} || true`,
    );
    await self.build([
      context(`FROM busybox AS swaps
RUN --mount=type=cache,id=swap,target=/c end=$(($(date +%s) + 3)); while [ $(date +%s) -lt $end ]; do \\
  rm -rf /c/sub; mkdir -p /c/sub/target; rm -rf /c/sub; ln -s ${outside} /c/sub; done
FROM busybox AS uses
${lines.join('\n')}
FROM busybox
COPY --from=swaps /etc/passwd /a
COPY --from=uses /etc/passwd /b`),
    ]);
    expect(readdirSync(join(outside, 'target'))).toEqual([]);
  }, 120_000);
});
