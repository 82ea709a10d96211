// Room `build/reads`: from the trace of a container's system calls to the files that its processes read. Pure: a text
// goes in part by part, and what the image held before is handed in; nothing is traced or looked up here.

export { TRACED_CALLS } from './calls.ts';
export { ReadsObserver } from './observer.ts';
export type { Ground, MountPoint } from './places.ts';
