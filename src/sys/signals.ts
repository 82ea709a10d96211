// Signals that reach this process, and the state of its terminal.

import { constants } from 'node:os';
import { libc } from './calls.ts';
import { isTerminal } from './terminal.ts';

/** A signal by name, such as `SIGTERM`. */
export type SignalName = keyof typeof constants.signals;

/** The number of a signal here. */
export function signalNumber(name: SignalName): number {
  return constants.signals[name];
}

/** Calls `handler` for these signals, which then no longer end this process; returns what undoes it. */
export function onSignals(names: readonly SignalName[], handler: (signal: SignalName) => void): () => void {
  const listeners = names.map((name) => [name, () => handler(name)] as const);
  for (const [name, listener] of listeners) process.on(name, listener);
  return () => {
    for (const [name, listener] of listeners) process.off(name, listener);
  };
}

const TERMIOS_BYTES = 256;

/**
 * Remembers the settings of the terminal on standard input; returns what restores them. A program that died while
 * it had the terminal in raw mode leaves a shell unusable. Does nothing where standard input is no terminal.
 */
export function keepTerminal(): () => void {
  const settings = new Uint8Array(TERMIOS_BYTES);
  if (libc().tcgetattr(0, settings) !== 0) return () => {};
  return () => {
    libc().tcsetattr(0, 0, settings);
  };
}

/** Whether standard input and standard output are terminals. */
export function onTerminal(): boolean {
  return isTerminal(0) && isTerminal(1);
}
