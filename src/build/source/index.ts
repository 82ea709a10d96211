// Room `build/source`: what a build takes from elsewhere. Git repositories and files by HTTP are fetched into the
// store, checked, remembered, and given as trees of files: for ADD, and as build contexts. What comes in is hostile:
// nothing of a repository is ever run, no link and no name leads out of its checkout, and only https, http, ssh and
// git are spoken. No secret gets into a file, an argument, a key or a message.

export { fileTree } from './file-tree.ts';
export type { Checkout, FoundGit } from './git/checkout.ts';
export { type CheckoutFacts, readCheckout } from './git/checkout-facts.ts';
export { type Commit, type History, readHistory } from './git/history.ts';
export { openReplayClone, type ReplayClone, type ReplayCommit } from './git/replay-clone.ts';
export { trackedFiles } from './git/tracked.ts';
export type { FetchedFile } from './http-file.ts';
export * from './kept.ts';
export * from './remote-context.ts';
export * from './remote-sources.ts';
export type { Report, SourceOptions } from './session.ts';
