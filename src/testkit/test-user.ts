// An ordinary user with subordinate ids, for tests of rootless work that run as root.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A user of this machine. */
export interface TestUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

const NAMES = ['tester', 'mille-tester'];

/** The test user, made if need be; undefined where we are not root or the machine has no subordinate ids. */
export function testUser(): TestUser | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/newuidmap')) return undefined;
  const found = NAMES.map(lookUp).find((user) => user !== undefined);
  if (found) return found;
  spawnSync('useradd', ['--create-home', '--shell', '/bin/sh', 'mille-tester']);
  return lookUp('mille-tester');
}

function lookUp(name: string): TestUser | undefined {
  const fields = lineOf('/etc/passwd', name)?.split(':');
  if (!fields || !lineOf('/etc/subuid', name)) return undefined;
  return { name, uid: Number(fields[2]), gid: Number(fields[3]), home: String(fields[5]) };
}

function lineOf(table: string, name: string): string | undefined {
  if (!existsSync(table)) return undefined;
  return readFileSync(table, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${name}:`));
}

/** A command line that runs another one as the user. */
export function asUser(user: TestUser, command: readonly string[]): string[] {
  return [
    ...['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups', '--', 'env'],
    ...[`HOME=${user.home}`, `USER=${user.name}`, 'TMPDIR=/tmp', ...command],
  ];
}

/** What libraries take where it is installed, which it is not: as in scripts/bundle.mjs. */
const PLUGINS: readonly string[] = [
  'xmlbuilder2',
  'libxmljs2',
  'ajv',
  'ajv-formats',
  'ajv-formats-draft2019',
];

/**
 * Puts this Bun and a program, bundled to one file, into a directory that the user can read; a checkout below
 * /root is not.
 * @returns the command that runs the program
 */
export async function placeProgram(source: string, directory: string): Promise<string[]> {
  const bun = `${directory}/bun`;
  if (!existsSync(bun)) {
    try {
      linkSync(process.execPath, bun);
    } catch {
      copyFileSync(process.execPath, bun);
    }
  }
  const file = `${directory}/${basename(source, '.ts')}.js`;
  if (!existsSync(file)) {
    const built = await Bun.build({ entrypoints: [source], target: 'bun', external: [...PLUGINS] });
    await Bun.write(file, built.outputs[0]!);
  }
  return [bun, file];
}
