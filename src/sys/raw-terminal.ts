// A terminal that a program has for itself: keys as they are typed, news of its size.

import { libc } from './libc.ts';

const TERMIOS_BYTES = 256;
/** Offsets in `struct termios` and flags of Linux, all our architectures (termios(3)). */
const IFLAG = 0;
const LFLAG = 3;
const CC = 17;
const VTIME = 5;
const VMIN = 6;
/** BRKINT, ISTRIP, INLCR, IGNCR, ICRNL, IXON. */
const COOKED_INPUT = 0x2 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
/** ISIG, ICANON, ECHO, ECHONL, IEXTEN. */
const COOKED_LOCAL = 0x1 | 0x2 | 0x8 | 0x40 | 0x8000;
/** tcsetattr(3): once all that was written is out. */
const TCSADRAIN = 1;

/**
 * Has keys on standard input come one by one, control-C among them, and unseen.
 * @returns what puts the terminal back as it was
 */
export function takeKeys(): () => void {
  const before = new Uint8Array(TERMIOS_BYTES);
  if (libc().tcgetattr(0, before) !== 0) return () => {};
  const raw = before.slice();
  const flags = new Uint32Array(raw.buffer);
  flags[IFLAG]! &= ~COOKED_INPUT;
  flags[LFLAG]! &= ~COOKED_LOCAL;
  raw[CC + VMIN] = 1;
  raw[CC + VTIME] = 0;
  libc().tcsetattr(0, TCSADRAIN, raw);
  return () => {
    libc().tcsetattr(0, TCSADRAIN, before);
  };
}

/** Calls back with what is typed; with nothing once the terminal is gone. Returns what ends that. */
export function onTyped(callback: (bytes: Uint8Array | undefined) => void): () => void {
  const data = (bytes: Uint8Array) => callback(bytes);
  const end = () => callback(undefined);
  process.stdin.on('data', data);
  process.stdin.on('end', end);
  process.stdin.on('error', end);
  // Where somebody listened before, it was paused.
  process.stdin.resume();
  return () => {
    process.stdin.off('data', data);
    process.stdin.off('end', end);
    process.stdin.off('error', end);
    process.stdin.pause();
  };
}

/** Calls back when the terminal has another size. Returns what ends that. */
export function onResize(callback: () => void): () => void {
  process.on('SIGWINCH', callback);
  return () => {
    process.off('SIGWINCH', callback);
  };
}

/** Calls back when this process ends, however it does, short of being killed. Returns what ends that. */
export function onEnd(callback: () => void): () => void {
  process.on('exit', callback);
  return () => {
    process.off('exit', callback);
  };
}

/** Calls back with what was thrown where nobody catches it, which then does not end this process. Returns what ends that. */
export function onUncaught(callback: (error: unknown) => void): () => void {
  process.on('uncaughtException', callback);
  process.on('unhandledRejection', callback);
  return () => {
    process.off('uncaughtException', callback);
    process.off('unhandledRejection', callback);
  };
}

/** Stops this process and those with it, as control-Z does, until somebody lets them go on. */
export function stopHere(): void {
  process.kill(0, 'SIGTSTP');
}
