// Bundles the program into dist/cli, so that `./mille` starts without reading a thousand source files. npm runs it
// at the end of `npm ci`; the launcher uses the bundle only while no source file is newer.
//
// There are two files: main.js, which knows the version only, and program.js, which is all the rest with its bytecode
// beside it. Compiled beforehand, a small build takes 110 ms; in seventy files loaded as they are needed it took 165.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist', 'cli');
rmSync(out, { recursive: true, force: true });
const bun = spawnSync(process.execPath, [join(root, 'scripts', 'run-bun.mjs'), '--path'], {
  encoding: 'utf8',
});
// Without Bun (a partial install) there is nothing to bundle with; the launcher says so when it is used.
if (bun.status === 0) {
  // Plugins that a library takes where they are installed, which they are not.
  const plugins = ['xmlbuilder2', 'libxmljs2', 'ajv', 'ajv-formats', 'ajv-formats-draft2019'];
  bundle('program.ts', ['--bytecode', '--format=cjs', ...plugins.map((name) => `--external=${name}`)]);
  // Last, for its age is what the launcher looks at.
  bundle('main.ts', ['--external=*/program.ts']);
  const main = join(out, 'main.js');
  writeFileSync(main, readFileSync(main, 'utf8').replace('./program.ts', './program.js'));
}

function bundle(source, more) {
  const args = ['build', '--target=bun', '--minify', `--outdir=${out}`, ...more, `src/front/cli/${source}`];
  const built = spawnSync(bun.stdout.trim(), args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
