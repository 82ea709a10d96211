// What is built again and what is not over several builds, stores and images. What each kind of change does is in
// kinds-of-change.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import {
  type Built,
  type Mille,
  makePlace,
  mille,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';

repeatsCommands();

let place = '';
let program: Mille;
let counter = 0;

beforeAll(async () => {
  place = makePlace('cache');
  program = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

const DOCKERFILE = `FROM busybox
ARG VERSION=1
COPY deps.txt /app/
RUN wc -c /app/deps.txt >/app/deps.size
ENV MODE=fast
COPY src /app/src
RUN echo "$VERSION" | cat - /app/src/* >/app/out
CMD ["cat", "/app/out"]
`;
const COPY_DEPS = 'COPY deps.txt /app/';
const RUN_DEPS = 'RUN wc -c /app/deps.txt >/app/deps.size';
const COPY_SRC = 'COPY src /app/src';
const RUN_OUT = (version = 1) => `RUN echo "${version}" | cat - /app/src/* >/app/out`;

interface Project {
  readonly directory: string;
  at(name: string): string;
  build(...args: string[]): Promise<Built>;
}

/** A project of its own, so that no test meets another's records. Its content is its own as well. */
function project(files: Record<string, string> = {}): Project {
  const name = `project${++counter}`;
  const directory = join(place, name);
  writeTree(directory, {
    Dockerfile: DOCKERFILE,
    'deps.txt': `dependencies of ${name}\n`,
    'src/a.txt': 'a\n',
    'src/b.txt': 'b\n',
    'src/c.txt': 'c\n',
    ...files,
  });
  return {
    directory,
    at: (file) => join(directory, file),
    build: (...args) => program.build(['-t', name, ...args, directory]),
  };
}

/** What was said about a step, without its seconds. */
function said(built: Built, title: string): string[] {
  const lines = built.steps.get(title);
  if (!lines) throw new Error(`no step ${title} in\n${built.output}`);
  return lines.filter((line) => !line.startsWith('DONE') && !line.startsWith('unpacking'));
}

describe.skipIf(!findBusybox())('the cache', () => {
  test('nothing changed: nothing runs, and the image is the same', async () => {
    const { build } = project();
    const first = await build();
    expect(first.ran).toEqual([COPY_DEPS, RUN_DEPS, COPY_SRC, RUN_OUT()]);
    const second = await build();
    expect(second.ran).toEqual([]);
    expect(second.imageId).toBe(first.imageId);
  });

  test('one file changed: its COPY runs and what follows, with the name of the file', async () => {
    const { build, at } = project();
    const first = await build();
    writeFileSync(at('src/b.txt'), 'b, changed\n');
    const second = await build();
    expect(second.ran).toEqual([COPY_SRC, RUN_OUT()]);
    expect(said(second, COPY_SRC)).toEqual(['runs because src/b.txt changed']);
    expect(said(second, RUN_OUT())).toEqual([`runs because the step before it changed: [4/5] ${COPY_SRC}`]);
    expect(second.imageId).not.toBe(first.imageId);
    expect(await program.must(['run', second.imageId])).toBe('1\na\nb, changed\nc\n');
  });

  test('what is odd about a result is told on a hit as well, where the instruction stands now', async () => {
    const { build, at } = project({ Dockerfile: 'FROM busybox\nCOPY --chown=nobody-known deps.txt /\n' });
    const warning = "no user 'nobody-known' in the image's /etc/passwd: its files belong to root";
    expect((await build()).output).toContain(`${warning} (Dockerfile:2:1)`);
    writeFileSync(at('Dockerfile'), '# a comment\nFROM busybox\nCOPY --chown=nobody-known deps.txt /\n');
    const second = await build();
    expect(second.ran).toEqual([]);
    expect(second.output.split(warning)).toHaveLength(2);
    expect(second.output).toContain(`${warning} (Dockerfile:3:1)`);
  });

  test('more files than can be named are counted', async () => {
    const { build, at } = project();
    await build();
    for (let i = 0; i < 20; i++) writeFileSync(at(`src/new${i}.txt`), `${i}\n`);
    const [reason = ''] = said(await build(), COPY_SRC);
    expect(reason).toContain('src/new0.txt');
    expect(reason).toContain('and 18 more files');
  });

  test('a secret-looking build argument is never shown', async () => {
    const { build } = project({
      Dockerfile: 'FROM busybox\nARG API_TOKEN=first-value\nRUN echo ok >/ok\n',
    });
    await build();
    const second = await build('--build-arg', 'API_TOKEN=second-value');
    expect(said(second, 'RUN echo ok >/ok')).toContain('runs because build argument API_TOKEN changed');
    expect(second.output).not.toContain('-value');
  });

  test('back at an earlier state everything is found again', async () => {
    const { build, at } = project();
    const first = await build();
    writeFileSync(at('src/b.txt'), 'another branch\n');
    await build();
    writeFileSync(at('src/b.txt'), 'b\n');
    const third = await build();
    expect(third.ran).toEqual([]);
    expect(third.imageId).toBe(first.imageId);
  });

  test('a step that runs again and makes the same keeps its layer; what follows is found', async () => {
    const { build, at } = project();
    const first = await build();
    const edited = RUN_DEPS.replace('wc -c', 'wc  -c');
    writeFileSync(at('Dockerfile'), DOCKERFILE.replace(RUN_DEPS, edited));
    const second = await build();
    expect(second.ran).toEqual([edited]);
    expect(said(second, edited)).toEqual([
      'runs because instruction edited',
      'same content as before: what follows can be reused',
    ]);
    expect(await layersOf(second)).toEqual(await layersOf(first));
    // The text of the instruction stands in the history: the config differs in that only.
    expect(second.imageId).not.toBe(first.imageId);
  });

  test('a file rewritten right after a build, time and again, is noticed every time', async () => {
    const { build, at } = project();
    for (const letter of 'uvwxyz') {
      writeFileSync(at('src/b.txt'), `${letter}\n`);
      const built = await build();
      expect(await program.must(['run', built.imageId])).toBe(`1\na\n${letter}\nc\n`);
    }
  });

  test('projects that share a store share layers of the same content, whatever their place', async () => {
    const one = project();
    const first = await one.build();
    const elsewhere = join(place, `copy${++counter}`);
    cpSync(one.directory, elsewhere, { recursive: true });
    const second = await program.build([elsewhere]);
    expect(second.ran).toEqual([]);
    expect(second.imageId).toBe(first.imageId);
    const third = await project().build();
    expect(said(third, COPY_DEPS)).toEqual(['runs for the first time']);
    expect(third.ran).toHaveLength(4);
  });

  test('a failing step does not lose the ones before it', async () => {
    const { at, directory, build } = project();
    writeFileSync(at('Dockerfile'), `${DOCKERFILE}RUN exit 3\n`);
    const { status } = await program.run(['build', directory]);
    expect(status).toBe(1);
    writeFileSync(at('Dockerfile'), DOCKERFILE);
    expect((await build()).ran).toEqual([]);
  });

  test('removing an image leaves the cache as it is', async () => {
    const { build } = project();
    const first = await build();
    await program.must(['rmi', `project${counter}`]);
    const second = await build();
    expect(second.ran).toEqual([]);
    expect(second.imageId).toBe(first.imageId);
    expect(await program.verify()).toEqual([]);
  });
});

async function layersOf(built: Built): Promise<string[]> {
  const [document] = JSON.parse(await program.must(['inspect', built.imageId]));
  return document.RootFS.Layers;
}
