// What a RUN was seen to read, as plain data: no step knows it beforehand.

/**
 * What the processes of a RUN were seen to look at in the image's root, as it was before the step: what a step made
 * itself and looked at again is not in it. Paths as in tables of contents: no leading slash, normalised, symbolic links
 * on the way resolved; the root is ''. Each list is sorted, and a path that is in `files` is not in `looked`.
 */
export interface StepReads {
  /**
   * Files whose content can have made a difference: opened for reading or for adding to them, mapped, executed, or
   * taken into the step's layer because their name, owner, mode or times were changed.
   */
  readonly files: readonly string[];
  /** What was only looked at by name: stat, access, readlink, links on the way, what was replaced or removed unread. */
  readonly looked: readonly string[];
  /** Directories whose names were listed. */
  readonly listed: readonly string[];
  /** Looked for and not there. */
  readonly missing: readonly string[];
  /** The same of bind mounts, where there was anything. */
  readonly mounts?: readonly MountReads[];
  /** There was more than is kept: the lists are not whole. */
  readonly cut?: true;
}

/** What was looked at in a bind mount; paths are those in the mount, '' for what was mounted. */
export interface MountReads extends Pick<StepReads, 'files' | 'looked' | 'listed' | 'missing'> {
  /** Absolute and clean. */
  readonly target: string;
}
