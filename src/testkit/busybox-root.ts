// A root file system for tests that run containers: one static program under its many names.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';

const PLACES = ['/usr/bin/busybox', '/bin/busybox'];

/** The static busybox of this machine, or undefined: then a test says `apt install busybox-static` and skips. */
export function findBusybox(): string | undefined {
  return PLACES.find((path) => existsSync(path) && spawnSync('ldd', [path]).status !== 0);
}

/** Fills `directory`, which is made, with /bin, /etc/passwd, /etc/group, /tmp and /root. Needs `findBusybox()`. */
export function makeBusyboxRoot(directory: string): void {
  const busybox = findBusybox();
  if (!busybox) throw new Error('busybox-static is not installed');
  for (const name of ['', '/bin', '/etc', '/root', '/tmp']) {
    mkdirSync(`${directory}${name}`, { recursive: true });
    chmodSync(`${directory}${name}`, 0o755);
  }
  chmodSync(`${directory}/tmp`, 0o1777);
  copyFileSync(busybox, `${directory}/bin/busybox`);
  chmodSync(`${directory}/bin/busybox`, 0o755);
  const names = spawnSync(busybox, ['--list'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
  for (const name of names) {
    if (name !== 'busybox') symlinkSync('busybox', `${directory}/bin/${name}`);
  }
  writeFileSync(`${directory}/etc/passwd`, 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(`${directory}/etc/group`, 'root:x:0:\n');
}
