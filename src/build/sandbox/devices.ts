// The devices that BuildKit puts into /dev of an insecure container, beside the usual ones: made by the runtime, whether
// or not the machine has a driver for them.

import { CWD, statAt } from '../../sys/index.ts';

const CHARACTER: readonly (readonly [path: string, major: number, minor: number])[] = [
  ['kmsg', 1, 11],
  ['cuse', 10, 203],
  ['fuse', 10, 229],
  ['kvm', 10, 232],
  ['net/tun', 10, 200],
  ['loop-control', 10, 237],
];

/** How many loop devices there are beyond the first free one. */
const SPARE_LOOPS = 7;

/** `linux.devices` of the runtime's config. */
export function insecureDevices(freeLoop: number): object[] {
  const loops = Array.from({ length: freeLoop + SPARE_LOOPS + 1 }, (_, i) => i);
  return [
    ...CHARACTER.map(([name, major, minor]) => ({ path: `/dev/${name}`, type: 'c', major, minor })),
    ...loops.map((minor) => ({ path: `/dev/loop${minor}`, type: 'b', major: 7, minor })),
  ];
}

/** The number of the first loop device that nothing is attached to. */
export function freeLoopDevice(): number {
  let number = 0;
  while (statAt(CWD, `/sys/block/loop${number}/loop`)) number++;
  return number;
}
