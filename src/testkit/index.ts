// Room `testkit`: what tests need beside the code they test: root file systems, users, random values. Nothing of
// the program imports it.

export * from './busybox-root.ts';
export * from './sample-image.ts';
export * from './tables.ts';
export * from './test-user.ts';
