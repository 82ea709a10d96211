// Room `oci/image`: OCI values. Documents, references, platforms, the table of contents of a layer and the tree
// of files that COPY reads. Pure: no I/O, no clock, no hashing; nothing here changes once made.

export * from './attestations.ts';
export * from './cache-documents.ts';
export * from './choose-image.ts';
export * from './contents.ts';
export * from './documents.ts';
export * from './media-types.ts';
export * from './opened.ts';
export * from './parse.ts';
export * from './platform.ts';
export * from './reference.ts';
export * from './surroundings.ts';
