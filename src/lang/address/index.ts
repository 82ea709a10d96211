// Room `lang/address`: the addresses of what a build takes from elsewhere. A text is a git repository, a file by HTTP,
// or neither (a path), exactly as BuildKit and docker tell them apart; a repository's address falls into its parts.
// Pure: nothing is asked of any server here.

export * from './git-address.ts';
export * from './git-query.ts';
export * from './relative-remote.ts';
export * from './remote-address.ts';
