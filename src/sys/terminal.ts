// Terminals behind descriptors. Bun's own `process.stdout` would tell as well, but making it takes 10 ms, a good part
// of what a short command may take in all.

import { libc } from './libc.ts';

const TERMIOS_BYTES = 256;
/** ioctl(2) request on Linux, all our architectures: `struct winsize` of a terminal. */
const TIOCGWINSZ = 0x5413;

/** Whether an open descriptor is a terminal. */
export function isTerminal(fd: number): boolean {
  return libc().tcgetattr(fd, new Uint8Array(TERMIOS_BYTES)) === 0;
}

/** The size of the terminal behind a descriptor; undefined where there is none, or it doesn't say. */
export function terminalSize(fd: number): { readonly columns: number; readonly rows: number } | undefined {
  const winsize = new Uint8Array(8);
  if (libc().ioctl(fd, TIOCGWINSZ, winsize) !== 0) return undefined;
  const [rows = 0, columns = 0] = new Uint16Array(winsize.buffer);
  return rows > 0 && columns > 0 ? { columns, rows } : undefined;
}
