// Two builds that come to the same step at once, in two processes: one runs it, the other waits and finds the result.
// The turn is a lock on one byte of a file, which stands for the step's key and goes with the process, however that
// ends. It is held only while a step is executed, and nothing that is executed waits for a turn: so no two builds can
// wait for one another. Where the first one fails or is killed, the next runs the step itself.

import { type Digest, digestHex } from '../../core/index.ts';
import { CWD, closeFd, lockByte, O, openAt, sleep } from '../../sys/index.ts';
import type { Step } from '../graph/index.ts';
import type { ExecuteServices } from './services.ts';
import { refuseAborted } from './work.ts';

/** Milliseconds between two looks: at first, and at most. */
const SOON = 20;
const LATER = 250;

/** A step's turn: until it is released, no other process runs a step with this key. */
export interface Turn extends Disposable {
  readonly waited: boolean;
}

/** Takes the turn for a key, waiting for another process that has it. @throws MilleError `interrupted` */
export async function takeTurn(services: ExecuteServices, step: Step, key: Digest): Promise<Turn> {
  const { store, events, signal } = services;
  const fd = openAt(CWD, `${store.root}/steps.lock`, { flags: O.RDWR | O.CREAT, mode: 0o644 });
  let waited = false;
  try {
    // Not a waiting lock: it would stop this whole process.
    for (let wait = SOON; !lockByte(fd, byteOf(key), { exclusive: true, wait: false }); ) {
      if (!waited)
        events({
          type: 'step-progress',
          step: step.id,
          doing: 'waiting for another build that runs this step',
        });
      waited = true;
      await sleep(wait);
      refuseAborted(signal);
      wait = Math.min(LATER, wait * 2);
    }
  } catch (error) {
    closeFd(fd);
    throw error;
  }
  return { waited, [Symbol.dispose]: () => closeFd(fd) };
}

/** Two keys with one byte, if there ever are any, only mean that one step waits for the other. */
function byteOf(key: Digest): bigint {
  return BigInt(`0x${digestHex(key).slice(0, 15)}`);
}
