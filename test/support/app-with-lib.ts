// Two repositories as projects have them: an application, and a library that is a submodule of it.

import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addSubmodule, makeRepository, type WrittenRepository } from './git-server.ts';
import { writeTree } from './mille.ts';

type Files = Parameters<typeof writeTree>[1];

/** What is in them. */
export interface AppWithLib {
  readonly lib: Files;
  readonly app: Files;
  /** More files of `app`, each with its mode. */
  readonly modes: Readonly<Record<string, readonly [text: string, mode: number]>>;
}

/**
 * Writes `lib.git` and `app.git` below a directory. `app` has two commits: the first one is the tags `light` and `v1` (an
 * annotated one) and the ref `refs/pull/1/head`; the second one, the branches `main` and `feature/x`, has `lib` at
 * `vendor/lib`. The same files are the same commits.
 */
export function makeAppWithLib(root: string, files: AppWithLib) {
  mkdirSync(root, { recursive: true });
  const lib: WrittenRepository = makeRepository(root, 'lib');
  const commit = lib.commit('one', files.lib);
  lib.push('main');
  const app: WrittenRepository = makeRepository(root, 'app');
  for (const [path, [text, mode]] of Object.entries(files.modes)) {
    writeTree(app.directory, { [path]: text });
    chmodSync(join(app.directory, path), mode);
  }
  const first = app.commit('one', files.app);
  app.git('tag', 'light');
  app.git('tag', '-a', '-m', 'annotated', 'v1');
  addSubmodule(app, { path: 'vendor/lib', url: '../lib.git', commit });
  app.git('commit', '-q', '-m', 'two');
  const second = app.git('rev-parse', 'HEAD');
  app.push('main', 'main:feature/x', 'light', 'v1', `${first}:refs/pull/1/head`);
  return { lib, app, first, second };
}
