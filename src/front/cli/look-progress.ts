// A line on the terminal while a large image is read or fetched to be looked into; silence elsewhere, and for what is quick.

import { formatSize } from '../report/index.ts';
import type { Host } from './spec.ts';

/** What is shown of it. */
export interface LookProgress extends Disposable {
  readonly progress: (done: number, total: number) => void;
  /** Takes the line away. */
  clear(): void;
}

/** Milliseconds after which somebody may wonder, and between two changes of the line. */
const WONDER = 1000;
const PAUSE = 200;

/** Shows how far reading is. */
export function lookProgress(host: Pick<Host, 'terminal' | 'env' | 'now' | 'err'>): LookProgress {
  const isShown = host.terminal.stderr && host.env.TERM !== 'dumb';
  let next = host.now() + WONDER;
  let dirty = false;
  const clear = () => {
    if (dirty) host.err('\r\x1b[K');
    dirty = false;
  };
  const show = (done: number, total: number) => {
    next = host.now() + PAUSE;
    dirty = true;
    host.err(`\r\x1b[Kreading the image: ${formatSize(done)} of ${formatSize(total)}`);
  };
  return {
    progress(done, total) {
      // What comes afterwards needs the line.
      if (done >= total) clear();
      else if (isShown && host.now() >= next) show(done, total);
    },
    clear,
    [Symbol.dispose]: clear,
  };
}
