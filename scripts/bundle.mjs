// Bundles the program into dist/cli, so that `./mille` starts without reading two hundred source files. npm runs it
// at the end of `npm ci`; the launcher uses the bundle only while no source file is newer.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
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
  const args = [
    'build',
    '--target=bun',
    '--minify',
    '--splitting',
    // Plugins that a library takes where they are installed, which they are not.
    ...['xmlbuilder2', 'libxmljs2', 'ajv', 'ajv-formats', 'ajv-formats-draft2019'].map(
      (name) => `--external=${name}`,
    ),
    `--outdir=${out}`,
    'src/front/cli/main.ts',
  ];
  const built = spawnSync(bun.stdout.trim(), args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  process.exit(built.status ?? 1);
}
