// Bounds on what is read from outside, in one place. Each is far above honest use and far below what hurts.

const MIB = 1024 * 1024;

export const LIMITS = {
  /** Bytes of a Dockerfile or an ignore file. */
  dockerfile: 4 * MIB,
  /** Bytes of a manifest, an index or a config. */
  manifest: 16 * MIB,
  /** Bytes of all of these in one archive of images together. */
  documents: 64 * MIB,
  /** Bytes of /etc/passwd or /etc/group in an image. */
  accountFile: 10 * MIB,
  /** Entries of one archive. */
  archiveEntries: 4_000_000,
  /** Bytes that the extended headers of one tar entry may hold together. */
  tarHeader: 1 * MIB,
  /** Bytes that one archive may expand to. */
  archiveBytes: 1024 * 1024 * MIB,
  /** Unpacked bytes per compressed byte, counted after the first 100 MiB. */
  archiveRatio: 1200,
  /** Bytes of one file that is downloaded. */
  download: 1024 * 1024 * MIB,
  /** Bytes of all git repositories that are kept, with their checkouts. */
  gitCache: 10 * 1024 * MIB,
  /** Bytes of a path inside a layer. */
  path: 4096,
} as const;
