// The live display on a terminal: each picture replaces the one before it, line by line, so that nothing flickers.

import { makeStyle } from '../style.ts';
import { finalFrame, liveFrame } from './frame.ts';
import type { ProgressRenderer } from './renderer.ts';
import { initialState, reduce } from './state.ts';

export interface LiveOptions {
  readonly color: boolean;
  /** The terminal's present size. */
  readonly size: () => { readonly columns: number; readonly rows: number };
}

/** A display that redraws on `tick`; `now` is when the build begins. */
export function createLiveProgress(now: number, options: LiveOptions): ProgressRenderer {
  const style = makeStyle(options.color);
  let state = initialState(now);
  let drawn = 0;
  /** Replaces what was drawn: up, each line over the old one, then away with what is left. */
  const replace = (lines: readonly string[]): string => {
    const up = drawn > 0 ? `\x1b[${drawn}A\r` : '\r';
    drawn = lines.length;
    return `${up}${lines.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`;
  };
  return {
    event(event, at) {
      state = reduce(state, event, at);
      return '';
    },
    tick: (at) => replace(liveFrame(state, { now: at, style, ...options.size() })),
    end: (at) => replace(finalFrame(state, { now: at, style, ...options.size() })),
  };
}
