// Room `build/context`: the build context as filtered, hashed entries, and the memory of file digests. It reads the
// user's files and nothing else; every path is opened beneath the context's root, links or not. Where the memory
// is kept is the caller's business.

export * from './digest-memory.ts';
export * from './directory-tree.ts';
export * from './open-context.ts';
