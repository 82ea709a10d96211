// How a cache that travels is known from outside: an OCI image manifest of our own artifact type, so that any registry
// keeps it, and nothing of it is collected as garbage.

export const TRAVEL_MEDIA = {
  artifact: 'application/vnd.millefeuille.cache.v1',
  /** The config: the document with the records. */
  document: 'application/vnd.millefeuille.cache.document.v1+json',
  /** The table of contents of one layer. */
  table: 'application/vnd.millefeuille.cache.table.v1+zstd',
  /** The named inputs of all records, for explanations only. */
  inputs: 'application/vnd.millefeuille.cache.inputs.v1+zstd',
} as const;

/** The key of the config of an image that carries its own cache. Other tools pass over it. */
export const INLINE_KEY = 'millefeuille.cache.v1';
