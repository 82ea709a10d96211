// `# mille: cache=…` above an instruction, and the age of package lists.

import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { whatRan } from '../support/kinds-of-change.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;
let counter = 0;

beforeAll(async () => {
  place = makePlace('policy');
  self = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

function project(dockerfile: string) {
  const directory = join(place, `project${++counter}`);
  const write = (text: string) => writeTree(directory, { Dockerfile: text, own: `${counter}` });
  write(dockerfile);
  const build = (...args: readonly string[]) => self.build([...args, directory]);
  return {
    directory,
    write,
    build,
    ran: async (...args: readonly string[]) => whatRan(await build(...args)),
  };
}

/** Makes every record of the cache older. */
function age(days: number): void {
  const db = new Database(join(self.root, 'mille.db'));
  try {
    db.run('PRAGMA busy_timeout = 10000');
    db.run('UPDATE cache_records SET created = created - ?', [days * 86_400_000]);
  } finally {
    db.close();
  }
}

describe.skipIf(!findBusybox())('a policy', () => {
  test('never: runs in each build; what follows is found where it makes the same', async () => {
    const same = 'RUN echo same >/same';
    const other = 'RUN cat /proc/sys/kernel/random/uuid >/other';
    const last = 'COPY own /own';
    const { ran } = project(`FROM busybox
# mille: cache=never
${same}
# A reason for people.
# mille: cache=never
${other}
${last}
`);
    await ran();
    expect(await ran()).toEqual([
      `${same} → of cache=never; SAME`,
      `${other} → of cache=never`,
      `${last} → the step before it changed: ${other}; same`,
    ]);
  });

  test('an age: used until it is that old, and counted from when it ran last', async () => {
    const run = 'RUN echo daily >/daily';
    const { ran, write } = project(`FROM busybox\n# mille: cache=1d\n${run}\nCOPY own /own\n`);
    await ran();
    age(0.5);
    expect(await ran()).toEqual([]);
    age(2);
    expect(await ran()).toEqual([`${run} → older than 1d: made 2 days ago; SAME`]);
    expect(await ran()).toEqual([]);
    age(2);
    // A policy is no part of the key.
    write(`FROM busybox\n${run}\nCOPY own /own\n`);
    expect(await ran()).toEqual([]);
  });

  test('always: --no-cache leaves it alone, --no-cache-filter and what it stands on do not', async () => {
    const first = 'COPY own /own';
    const costly = 'RUN cat /proc/sys/kernel/random/uuid >/id';
    const dockerfile = `FROM busybox AS base\n${first}\n# mille: cache=always\n${costly}\n`;
    const { ran, write, directory } = project(dockerfile);
    await ran();
    expect(await ran('--no-cache')).toEqual([`${first} → of --no-cache`]);
    expect(await ran('--no-cache-filter', 'base')).toEqual([
      `${first} → of --no-cache-filter`,
      `${costly} → of --no-cache-filter`,
    ]);
    write(dockerfile);
    writeTree(directory, { own: 'changed' });
    expect(await ran()).toEqual([
      `${first} → own changed`,
      `${costly} → the step before it changed: ${first}`,
    ]);
  });

  test('above FROM it is for the whole stage, but for steps with their own', async () => {
    const dockerfile = `# mille: cache=never
FROM busybox AS made
COPY own /own
# mille: cache=1d
RUN cat /own >/made
FROM busybox
COPY --from=made /made /made
`;
    const { ran } = project(dockerfile);
    await ran();
    expect(await ran()).toEqual(['COPY own /own → of cache=never; SAME']);
  });

  test('is known to a plan', async () => {
    const run = 'RUN echo planned >/planned';
    const { ran, directory } = project(`FROM busybox\n# mille: cache=1d\n${run}\n`);
    await ran();
    age(3.1);
    const { stdout } = await self.run(['plan', directory]);
    expect(stdout).toContain('older than 1d: made 3 days ago');
  });

  test('that is misspelt, or above what has no cache, is told with its place and builds all the same', async () => {
    const { build, directory } = project(
      'FROM busybox\n# mille: cache=daily\nRUN true\n# mille: cache=1d\nENV A=1\n',
    );
    const { output } = await build();
    expect(output).toContain("InvalidMilleComment: cache can't be 'daily'");
    expect(output).toContain("InvalidMilleComment: 'mille: cache=1d' has no effect above ENV");
    const { status, stdout, stderr } = await self.run(['build', '--check', directory]);
    expect([status, stdout + stderr]).toEqual([1, expect.stringContaining('Dockerfile:2:10')]);
  });
});

describe.skipIf(!findBusybox())('package lists', () => {
  const RUN = 'RUN apt-get update || true';
  const note = 'note: apt-get update ran 8 days ago (Dockerfile:2:1)';

  test('that are old are pointed out when they are used again, in one line', async () => {
    const { build, write } = project(`FROM busybox\n${RUN}\n`);
    await build();
    age(6.1);
    expect((await build()).output).not.toContain('note:');
    age(2);
    const { output, ran } = await build();
    expect(ran).toEqual([]);
    const line = `${note}: --no-cache renews it now, '# mille: cache=7d' above it every week`;
    expect(output.split('\n').filter((each) => each.startsWith('note:'))).toEqual([line]);
    write(`FROM busybox\n# mille: cache=30d\n${RUN}\n`);
    expect((await build()).output).not.toContain('note:');
    write(`FROM busybox\n# mille: cache=7d\n${RUN}\n`);
    expect((await build()).ran).toEqual([RUN]);
  });
});
