// The terminal while the explorer has it: another screen, no cursor, keys one by one; all of it given back at the end,
// whatever the end is.

import { onEnd, takeKeys } from '../../../sys/index.ts';
import type { Screen } from '../../explore/index.ts';
import type { Host } from '../spec.ts';

/** Alternate screen, no cursor, nothing goes on in the next line by itself. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';
/** Terminals that know it show all that stands between at once. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';

/** A terminal that was taken. */
export interface TakenTerminal extends Disposable {
  /** Shows a screen: only the lines that are not there already. */
  draw(screen: Screen): void;
  /** What is on the screen is not known any more. */
  forget(): void;
  /** Gives the terminal back, and takes it again. */
  leave(): void;
  enter(): void;
}

/** Takes the terminal. */
export function takeTerminal(host: Host): TakenTerminal {
  let shown: readonly string[] = [];
  let restoreKeys: (() => void) | undefined;
  const enter = () => {
    if (restoreKeys) return;
    restoreKeys = takeKeys();
    shown = [];
    host.out(ENTER);
  };
  const leave = () => {
    if (!restoreKeys) return;
    const restore = restoreKeys;
    restoreKeys = undefined;
    // A terminal that is gone cannot be written to; its settings are tried all the same.
    try {
      host.out(LEAVE);
    } finally {
      restore();
    }
  };
  const unwatch = onEnd(leave);
  enter();
  return {
    enter,
    leave,
    forget: () => {
      shown = [];
    },
    draw(screen) {
      const lines = screen.lines.map((text, i) =>
        text === shown[i] ? '' : `\x1b[${i + 1};1H${text}\x1b[0m`,
      );
      const cursor = screen.cursor
        ? `\x1b[${screen.cursor.row + 1};${screen.cursor.column + 1}H\x1b[?25h`
        : '\x1b[?25l';
      const clear = shown.length === 0 ? '\x1b[2J' : '';
      shown = screen.lines;
      host.out(`${BEGIN}${clear}${lines.join('')}${cursor}${END}`);
    },
    [Symbol.dispose]() {
      unwatch();
      leave();
    },
  };
}
