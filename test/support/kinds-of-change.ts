// One change of a project, and what a build makes of it: which steps run and what is said of each. A step that is not
// listed must not run.

import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Built, type Mille, makePlace, mille, removePlace, writeTree } from './mille.ts';

/** A project: a directory with a Dockerfile, and the flags it is built with. */
export interface Project {
  readonly directory: string;
  /** The absolute path of a file. */
  at(name: string): string;
  /** Writes a file, and the directories above it. */
  write(name: string, content: string): void;
  remove(name: string): void;
  chmod(name: string, mode: number): void;
  /** Replaces a text in the Dockerfile, which must be there. */
  edit(before: string, after: string): void;
}

/** One row of a table of changes. */
export interface Change {
  readonly name: string;
  /** Flags before the change; `after` are those with it, the same by default. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** Variables of the environment of the second build. */
  readonly env?: Readonly<Record<string, string>>;
  /** @returns the directory that is built then, where it is another one */
  readonly change?: (project: Project) => unknown;
  /** The steps that run, in the order of the file, `TITLE → reason; more`, see `whatRan`. */
  readonly ran: readonly string[];
  /** Texts that the output has as well. */
  readonly says?: readonly string[];
}

/** Files below a directory as they are to be at the beginning of each change. */
export type Files = Readonly<Record<string, string | { readonly link: string }>>;

/** A test for each change, made to the same project, which is built once before; in a store of their own. */
export function changes(name: string, files: Files, rows: readonly Change[]): void {
  describe.skipIf(!findBusybox())(name, () => {
    let place = '';
    let program: Mille;
    let record = 0;
    const built = new Set<string>();
    beforeAll(async () => {
      place = makePlace('kinds');
      program = await mille(join(place, 'store'));
    }, 60_000);
    afterAll(() => removePlace(place));
    test.each(rows.map((row) => [row.name, row] as const))('%s', async (_, row) => {
      const project = writeProject(join(place, 'project'), files);
      const before = [...(row.before ?? [])];
      if (!built.has(before.join(' '))) {
        await program.build([...before, project.directory]);
        built.add(before.join(' '));
        record = latestRecord(program);
      }
      const after = await buildChanged(program, project, row);
      forgetRecordsAfter(program, record);
      expect(whatRan(after)).toEqual([...row.ran]);
      for (const text of row.says ?? []) expect(after.output).toContain(text);
    });
  });
}

/** What is said of the steps after one whose result is another, where they make what they made. */
export function follow(changed: string, ...steps: readonly string[]): string[] {
  return steps.map(
    (step, i) => `${step} → ${i === 0 ? 'the step before it' : 'an earlier step'} changed: ${changed}; same`,
  );
}

/** Writes a project anew. */
export function writeProject(directory: string, files: Files): Project {
  rmSync(directory, { recursive: true, force: true });
  writeTree(directory, files);
  const at = (name: string): string => join(directory, name);
  return {
    directory,
    at,
    write: (name, content) => {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    },
    remove: (name) => rmSync(at(name), { recursive: true }),
    chmod: (name, mode) => chmodSync(at(name), mode),
    edit: (before, after) => {
      const text = String(files.Dockerfile);
      if (!text.includes(before)) throw new Error(`the Dockerfile has no '${before}'`);
      writeFileSync(
        at('Dockerfile'),
        text.replace(before, () => after),
      );
    },
  };
}

/** Builds a project that was built before, with one change; what ran. */
async function buildChanged(
  program: Mille,
  project: Project,
  { change, before = [], after = before, env = {} }: Change,
): Promise<Built> {
  const moved = change?.(project);
  return program.build([...after, typeof moved === 'string' ? moved : project.directory], { env });
}

/** The latest record of a store's cache. */
function latestRecord({ root }: Mille): number {
  const db = new Database(join(root, 'mille.db'), { readonly: true });
  try {
    return db.query<{ id: number | null }, []>('SELECT MAX(id) AS id FROM cache_records').get()?.id ?? 0;
  } finally {
    db.close();
  }
}

/** Takes back the records after one, so that the next change is compared with the same builds as this one. */
function forgetRecordsAfter({ root }: Mille, record: number): void {
  const db = new Database(join(root, 'mille.db'));
  try {
    db.run('PRAGMA busy_timeout = 10000');
    db.run('DELETE FROM cache_records WHERE id > ?', [record]);
  } finally {
    db.close();
  }
}

/**
 * The steps that ran, a line each: the title, why, what came of it. The numbers of steps are left out, and
 * `same content as before: what follows can be reused` is `SAME`, without the promise `same`.
 */
export function whatRan(built: Built): string[] {
  return built.ran.map((title) => {
    const said = (built.steps.get(title) ?? []).filter((line) => /^(runs |same content)/.test(line));
    const words = said.map((line) =>
      line
        .replace('runs because ', '')
        .replace(/\[[^\]]*\d+\/\d+\] /g, '')
        .replace('same content as before: what follows can be reused', 'SAME')
        .replace('same content as before', 'same'),
    );
    return `${title} → ${words.join('; ')}`;
  });
}
