// `mille optimize` of a small project that copies everything before it installs, with its history, and a package that lies
// in the base, so that nothing is fetched. pip is a few lines of shell; with MILLE_LONG_TESTS it is the real one.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sys/index.ts';
import { busyboxBase, pythonBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { commitAll } from '../support/git.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';
import { builtByBoth } from '../support/proposed-in-docker.ts';
import { smallZip } from '../support/small-zip.ts';

const real = process.env.MILLE_LONG_TESTS !== undefined;
const ready = process.getuid?.() === 0 && findProgram('git') !== undefined;
if (!ready) console.warn('tests of dependencies first skipped: they need root and git');
const base = ready ? await (real ? pythonBase() : busyboxBase()) : undefined;

/** Installs what a requirements file names, slowly. */
const PIP = `#!/bin/sh
while [ $# -gt 1 ]; do shift; done
mkdir -p /site && sleep 0.4 && while read -r name; do cp /wheels/$name-* /site/; done <$1
`;

const WHEEL = 'greet-1.0-py3-none-any.whl';

const INSTALL =
  'RUN pip install --no-cache-dir --no-compile --break-system-packages --no-index --find-links /wheels -r requirements.txt';
const BEFORE = `FROM base\nWORKDIR /app\n# the program\nCOPY . .\n${INSTALL}\nCMD ["python3", "app.py"]\n`;
const AFTER = `FROM base\nWORKDIR /app\nCOPY requirements.txt ./\n${INSTALL}\n# the program\nCOPY . .\nCMD ["python3", "app.py"]\n`;

interface Result {
  readonly changes: readonly {
    readonly rewrite: string;
    readonly outcome: string;
    readonly claim: { readonly secondsPerCommit: number };
  }[];
  readonly files: readonly { readonly written: boolean }[];
  readonly proof: {
    readonly same: boolean;
    readonly files: readonly unknown[];
    readonly allowed: readonly unknown[];
  };
}

let place = '';
let program: Mille;

function commit(files: Readonly<Record<string, string>>): void {
  commitAll(join(place, 'project'), 'm', files);
}

beforeAll(async () => {
  if (!base) return;
  place = makePlace('dependencies');
  program = await mille(join(place, 'store'));
  await program.must(['load', '-q', '-i', base.path]);
  const info = 'greet-1.0.dist-info';
  const wheel = smallZip({
    'greet.py': 'print("hello")\n',
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: greet\nVersion: 1.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `greet.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  });
  writeTree(join(place, 'base'), {
    Dockerfile: `FROM ${base.name}\nCOPY ${WHEEL} /wheels/\n${real ? '' : 'COPY --chmod=0755 pip /bin/pip\n'}`,
    pip: PIP,
  });
  writeFileSync(join(place, 'base', WHEEL), wheel);
  await program.build(['-t', 'base', join(place, 'base')]);
  writeTree(join(place, 'project'), { Dockerfile: BEFORE });
  command(['git', 'init', '-q', join(place, 'project')]);
  commit({ 'requirements.txt': 'greet\n', 'app.py': 'import greet\n' });
  for (let i = 0; i < 6; i++) commit({ 'app.py': `import greet  # ${i}\n` });
}, 120_000);

afterAll(() => removePlace(place));

describe.skipIf(!base)('dependencies first', () => {
  test('pip install goes above the sources, proved, and once is enough', async () => {
    const project = join(place, 'project');
    const only = ['--only', 'dependencies-first', '--format', 'json', '-q'];
    const result: Result = JSON.parse(await program.must(['optimize', ...only, '--write', project]));
    expect(result.files.map(({ written }) => written)).toEqual([true]);
    expect(readFileSync(join(project, 'Dockerfile'), 'utf8')).toBe(AFTER);
    expect(result.changes.map(({ rewrite, outcome }) => [rewrite, outcome])).toEqual([
      ['dependencies-first', 'proved'],
    ]);
    expect(result.changes[0]!.claim.secondsPerCommit).toBeGreaterThan(0.1);
    expect(result.proof).toMatchObject({ same: true, files: [], allowed: [] });
    const both = await builtByBoth(program, { place, context: project, bases: ['base'], always: true });
    if (both && !real) expect(both.theirs).toEqual(both.ours);

    // The next change of the program does not install again.
    await program.build(['-t', 'app', project]);
    commit({ 'app.py': 'import greet\nprint("again")\n' });
    expect((await program.build(['-t', 'app', project])).ran).toEqual(['COPY . .']);
  }, 120_000);
});
