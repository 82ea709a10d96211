// COPY out of a stage that is as it was: what it takes is remembered by the stage's layers, and never mistaken for what
// another COPY takes of the same.

import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mille, makePlace, mille, removePlace, repeatsCommands } from '../support/mille.ts';

repeatsCommands();

let place = '';
let program: Mille;
const project = () => join(place, 'project');

beforeAll(async () => {
  place = makePlace('known-stages');
  program = await mille(join(place, 'store'));
  mkdirSync(join(project(), 'd'), { recursive: true });
  for (const name of ['a', 'b.md', 'd/c']) writeFileSync(join(project(), name), name);
});

afterAll(() => removePlace(place));

/** Builds, and lists what the image has. */
async function built(
  ...copies: readonly string[]
): Promise<{ readonly files: string; readonly ran: string }> {
  const text = ['FROM scratch AS made', 'COPY . /in', 'FROM scratch', ...copies, ''].join('\n');
  writeFileSync(join(place, 'Dockerfile'), text);
  const tar = join(place, 'out.tar');
  const args = ['build', '-f', join(place, 'Dockerfile'), '-o', `type=tar,dest=${tar}`, project()];
  const { status, stderr } = await program.run(args);
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  const { stdout } = Bun.spawnSync(['tar', '-tf', tar]);
  const files = stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith('/'));
  return { files: files.sort().join(' '), ran: /#\d+ runs because.*/.exec(stderr)?.[0] ?? 'nothing' };
}

function inStore<T>(work: (db: Database) => T): T {
  const db = new Database(join(program.root, 'mille.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

test('what one COPY takes is not taken for what another takes', async () => {
  expect((await built('COPY --from=made /in /out')).files).toBe('out/a out/b.md out/d/c');
  expect((await built('COPY --from=made --exclude=*.md /in /out')).files).toBe('out/a out/d/c');
  expect((await built('COPY --from=made /in/d /out')).files).toBe('out/c');
  expect((await built('COPY --from=made --parents /in/d /out')).files).toBe('out/in/d/c');
  expect((await built('COPY --from=made --chown=1:2 /in /out')).files).toBe('out/a out/b.md out/d/c');
});

test('it is the same with what is remembered and without, and it is remembered', async () => {
  const copy = 'COPY --from=made /in /out';
  await built(copy);
  expect((await built(copy)).ran).toBe('nothing');
  expect(inStore((db) => db.query('SELECT count(*) AS n FROM cache_selections').get())).toEqual({ n: 5 });
  inStore((db) => db.run('DELETE FROM cache_selections'));
  expect((await built(copy)).ran).toBe('nothing');
  expect(inStore((db) => db.query('SELECT count(*) AS n FROM cache_selections').get())).toEqual({ n: 1 });
});

test('a stage that changed is looked into again, and the file is named', async () => {
  const copy = 'COPY --from=made /in/d /out';
  await built(copy);
  writeFileSync(join(project(), 'd/c'), 'other');
  const { files, ran } = await built(copy);
  expect(files).toBe('out/c');
  expect(ran).toContain('d/c changed');
  const missing = join(place, 'Dockerfile');
  writeFileSync(missing, 'FROM scratch AS made\nCOPY . /in\nFROM scratch\nCOPY --from=made /inn /out\n');
  const { status, stderr } = await program.run(['build', '-q', '-f', missing, project()]);
  expect(status).not.toBe(0);
  expect(stderr).toContain("'/inn' is not in stage made");
});
