// Makes the program one executable, dist/cli/mille, so that `./mille` starts without reading a thousand source files. npm
// runs it at the end of `npm ci`; the launcher uses it only while no source file is newer. `npm run compile` makes the
// same to be taken elsewhere, `--outfile PATH`.
//
// Compiled beforehand, a small build takes 75 ms; as a bundle with its bytecode beside it 110, as seventy files loaded
// when they are needed 165.
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [flag, given] = process.argv.slice(2);
const out = flag === '--outfile' && given ? resolve(root, given) : join(root, 'dist', 'cli', 'mille');
const bun = spawnSync(process.execPath, [join(root, 'scripts', 'run-bun.mjs'), '--path'], {
  encoding: 'utf8',
});
// Without Bun (a partial install) there is nothing to compile with; the launcher says so when it is used.
if (bun.status === 0) {
  mkdirSync(dirname(out), { recursive: true });
  const made = `${out}.new`;
  const args = [
    ...['build', '--compile', '--minify', '--bytecode', '--format=esm'],
    // A directory somebody works in is a stranger's.
    ...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
    // Plugins that a library takes where they are installed, which they are not.
    ...['xmlbuilder2', 'libxmljs2', 'ajv', 'ajv-formats', 'ajv-formats-draft2019'].map(
      (name) => `--external=${name}`,
    ),
    ...['src/front/cli/main.ts', `--outfile=${made}`],
  ];
  const built = spawnSync(bun.stdout.trim(), args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  // Whole or not at all: somebody may be starting it.
  if (built.status === 0) renameSync(made, out);
  else rmSync(made, { force: true });
  process.exit(built.status ?? 1);
}
