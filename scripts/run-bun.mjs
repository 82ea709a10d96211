// Runs the Bun that npm installed, wherever npm put it: its install script moves the binary into the `bun`
// package, and an npm that runs no install scripts leaves it in the platform's package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules');
const arch = process.arch === 'arm64' ? 'aarch64' : process.arch;
const candidates = [
  join(modules, '@oven', `bun-linux-${arch}`, 'bin', 'bun'),
  join(modules, '@oven', `bun-linux-${arch}-baseline`, 'bin', 'bun'),
  join(modules, 'bun', 'bin', 'bun.exe'),
];
const bun = candidates.find((path) => existsSync(path));
if (!bun) {
  console.error('bun is not installed: run `npm ci` first');
  process.exit(1);
}
if (process.argv[2] === '--path') {
  console.log(bun);
  process.exit(0);
}
const result = spawnSync(bun, process.argv.slice(2), { stdio: 'inherit' });
process.exit(result.status ?? 1);
