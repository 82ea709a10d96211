// Stages that do not need one another run at once, and one that nobody needs is not built. Two RUNs can only both
// end if they run together: one listens, the other knocks.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

let place = '';
let self: Mille;

beforeAll(async () => {
  place = makePlace('scheduling');
  self = await mille(join(place, 'store'));
});

afterAll(() => removePlace(place));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

test('independent stages run at once', async () => {
  const port = await freePort();
  const context = join(place, 'parallel');
  writeTree(context, {
    Dockerfile: `FROM busybox AS listens
RUN timeout 30 nc -l -p ${port} && echo somebody came > /heard
FROM busybox AS knocks
RUN for i in $(seq 100); do echo knock | nc 127.0.0.1 ${port} && exit 0; sleep 0.2; done; exit 1
FROM busybox
COPY --from=listens /heard /
COPY --from=knocks /etc/passwd /knocked
`,
  });
  await self.must(['build', '-t', 'parallel', context]);
  expect(await self.must(['run', '--rm', 'parallel', 'cat', '/heard'])).toBe('somebody came\n');
}, 120_000);

test('a failing stage ends the others, and the error is its own', async () => {
  const context = join(place, 'failing');
  writeTree(context, {
    Dockerfile: `FROM busybox AS slow
RUN sleep 300
FROM busybox AS broken
RUN echo going; exit 7
FROM busybox
COPY --from=slow / /slow
COPY --from=broken / /broken
`,
  });
  const { status, stderr } = await self.run(['build', context]);
  expect(status).toBe(1);
  expect(stderr).toContain('exit code 7');
  expect(stderr).toContain('Dockerfile:4:1');
}, 120_000);

test('a stage nobody needs is not built', async () => {
  const context = join(place, 'unneeded');
  writeTree(context, { Dockerfile: 'FROM no-such-image AS unneeded\nRUN false\nFROM busybox\nRUN true\n' });
  const { ran } = await self.build([context]);
  expect(ran).toEqual(['RUN true']);
});

test('the same step in two stages runs once, whether they come to it at once or one after the other', async () => {
  const context = join(place, 'same');
  const same = 'RUN cat /proc/sys/kernel/random/uuid > /id; sleep 0.3';
  writeTree(context, {
    Dockerfile: `FROM busybox AS one
${same}
FROM busybox AS two
${same}
FROM one AS after
RUN true
FROM busybox AS later
COPY --from=after /id /unused
FROM busybox
COPY --from=later /unused /later
COPY --from=one /id /one
COPY --from=two /id /two
RUN cmp /one /two && cmp /one /later
`,
  });
  for (const args of [[], ['--no-cache']]) {
    const { ran } = await self.build([...args, context]);
    expect(ran.filter((title) => title === same)).toHaveLength(1);
  }
}, 120_000);

test('the same step that fails in two stages fails once', async () => {
  const context = join(place, 'same-failing');
  const same = 'RUN sleep 0.3; exit 9';
  writeTree(context, {
    Dockerfile: `FROM busybox AS one\n${same}\nFROM busybox AS two\n${same}\nFROM busybox\nCOPY --from=one / /1\nCOPY --from=two / /2\n`,
  });
  const { status, stderr } = await self.run(['build', '--progress', 'json', context]);
  expect(status).toBe(1);
  const failures = stderr
    .split('\n')
    .filter((line) => line.includes('"step-failed"') && line.includes('exit code 9'));
  expect(failures.filter((line) => line.includes('"type":"step-failed"'))).toHaveLength(1);
}, 120_000);
