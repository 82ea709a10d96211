// What comes to the explorer from outside, and what it wants from there.

import type { ScreenSize } from './state.ts';

/** A key, or the answer to something that was wanted. */
export type ExplorerEvent =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'resize'; readonly size: ScreenSize }
  | {
      readonly type: 'content';
      readonly node: number;
      readonly version: number;
      readonly bytes: Uint8Array;
      readonly size: number;
    }
  | { readonly type: 'extracted'; readonly path: string }
  /** There is something already where a file was to be extracted to. */
  | { readonly type: 'exists'; readonly version: number; readonly path: string }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'cancelled' };

/** Something that only whoever has the terminal can do. */
export type Effect =
  | { readonly type: 'quit' }
  /** Gives the terminal back to the shell for a while, as control-Z does. */
  | { readonly type: 'suspend' }
  | { readonly type: 'redraw' }
  | { readonly type: 'read'; readonly node: number; readonly version: number }
  | {
      readonly type: 'extract';
      readonly version: number;
      readonly path: string;
      readonly overwrite: boolean;
    }
  /** Stops reading or extracting. */
  | { readonly type: 'cancel' };
