// Room `insight/programs`: what programs need of other files. Finds what they name (interpreters, libraries) in an
// image's files as the kernel and the dynamic linker would, and follows it to the end. Pure: names and tables of
// contents in, paths out. What is read is hostile: counts and lengths are bounded.

export { type ClosureRequest, closureOf } from './closure.ts';
export { commandFiles, isPassing } from './command.ts';
export { type Need, needsOf, type ProgramPlace } from './needs.ts';
export { type SeenTree, seenTree } from './seen-tree.ts';
