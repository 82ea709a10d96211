// How long an image's own command is given to show that it does not start. On a machine that has much else to do a program
// that is to fail may not have come to it yet: it would be taken for one that runs on.

import { machineLoad } from '../../sys/index.ts';

/** Seconds on a machine that does nothing else. */
const QUIET = 6;
const LONGEST = 60;
/** Processes for each core, up to which a program starts about as soon as on a quiet one. */
const USUAL = 2;

/** In seconds, as this machine is now. */
export function ownPatience(): number {
  const { load, cores } = machineLoad();
  return patienceFor(load, cores);
}

/** @param load how many processes want to run @param cores that can */
export function patienceFor(load: number, cores: number): number {
  return Math.min(LONGEST, Math.round(QUIET * Math.max(1, load / (USUAL * Math.max(1, cores)))));
}
