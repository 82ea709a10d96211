// A cache is right when nobody can tell that it was there: after any edits, what a build makes with all that earlier
// builds left is what it makes from nothing. File times are no content, so they are left out; with --reproducible
// they are not, and the digests are the same.
//
// A few short sequences here; MILLE_LONG_TESTS=MINUTES runs long ones for so many minutes.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { openStore } from '../../src/oci/store/index.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace } from '../support/mille.ts';
import {
  dockerfileOf,
  type Edit,
  EPOCH,
  edits,
  makeEdit,
  type Recipe,
  recipes,
  writeContext,
} from '../support/random-project.ts';

const minutes = Number(process.env.MILLE_LONG_TESTS ?? 0);
const ready = findBusybox() !== undefined;

let place = '';
let empty: Mille;
let warm: Mille;
let counter = 0;

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('cold');
  empty = await mille(join(place, 'empty'));
  warm = await mille(join(place, 'warm'));
}, 120_000);
afterAll(() => removePlace(place));

/** What a build came to: an image, or the error that it ended with. */
interface Result {
  readonly status: number;
  readonly imageId?: string;
  readonly stderr: string;
}

async function build(
  program: Mille,
  directory: string,
  { args }: Recipe,
  reproducible: boolean,
): Promise<Result> {
  const given = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const env = reproducible ? { SOURCE_DATE_EPOCH: String(EPOCH) } : {};
  const { status, stderr, stdout } = await program.run(['build', '-q', ...given, directory], { env });
  return status === 0 ? { status, stderr, imageId: stdout.trim() } : { status, stderr };
}

/** An image without what is of the moment: its config, and what each of its layers holds. */
function contentOf({ root }: Mille, { imageId = '' }: Result): unknown {
  const text = readFileSync(join(root, 'blobs/sha256', imageId.slice('sha256:'.length)), 'utf8');
  const store = openStore(root, { privilege: 'root' });
  try {
    const { created: _, history, rootfs, ...config } = JSON.parse(text);
    const layers = (rootfs.diff_ids as string[]).map((id) => store.layer(id as never)?.info.contentId);
    return {
      config,
      layers,
      history: (history as object[]).map((entry) => ({ ...entry, created: undefined })),
    };
  } finally {
    store.close();
  }
}

async function compare(directory: string, recipe: Recipe, reproducible: boolean): Promise<void> {
  const cold: Mille = await mille(join(place, `cold${++counter}`), { base: false });
  cpSync(empty.root, cold.root, { recursive: true });
  try {
    const [ours, theirs] = [
      await build(warm, directory, recipe, reproducible),
      await build(cold, directory, recipe, reproducible),
    ];
    if (ours.status !== theirs.status)
      throw new Error(`warm ${ours.status}: ${ours.stderr}\ncold ${theirs.status}: ${theirs.stderr}`);
    if (ours.imageId === undefined) return;
    if (reproducible) expect(ours.imageId).toBe(theirs.imageId!);
    else expect(contentOf(warm, ours)).toEqual(contentOf(cold, theirs));
  } finally {
    rmSync(cold.root, { recursive: true, force: true });
  }
}

/** Builds after each edit; compares after the last, or after each. */
async function runSequence(
  { recipe, sequence }: { readonly recipe: Recipe; readonly sequence: readonly Edit[] },
  { reproducible, each }: { readonly reproducible: boolean; readonly each: boolean },
): Promise<void> {
  const directory = join(place, `project${++counter}`);
  mkdirSync(directory);
  writeContext(directory, recipe);
  let now = recipe;
  await build(warm, directory, now, reproducible);
  for (const [i, edit] of sequence.entries()) {
    now = makeEdit(directory, now, edit);
    if (each || i === sequence.length - 1) await compare(directory, now, reproducible);
    else await build(warm, directory, now, reproducible);
  }
  rmSync(directory, { recursive: true, force: true });
}

for (const reproducible of [false, true]) {
  const name = reproducible ? 'clamped times: the same digest' : 'the same content';
  const input = fc.record({
    recipe: recipes(reproducible),
    sequence: fc.array(
      edits(reproducible),
      minutes > 0 ? { minLength: 3, maxLength: 12 } : { minLength: 2, maxLength: 3 },
    ),
  });
  test.skipIf(!ready)(
    `from cold as from warm: ${name}`,
    async () => {
      const limit =
        minutes > 0 ? { numRuns: 1_000_000, interruptAfterTimeLimit: minutes * 30_000 } : { numRuns: 2 };
      await fc.assert(
        fc.asyncProperty(input, (given) => runSequence(given, { reproducible, each: minutes > 0 })),
        {
          ...limit,
          reporter: (details) => {
            if (!details.failed) return;
            const dockerfile = details.counterexample ? dockerfileOf(details.counterexample[0].recipe) : '';
            throw new Error(`${fc.defaultReportMessage(details)}\n${dockerfile}`);
          },
        },
      );
    },
    Math.max(120_000, minutes * 120_000),
  );
}
