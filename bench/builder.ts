// What the scenarios ask of a builder: mille and its peers each in one file of builders/.

import type { Sample } from './measure.ts';

/** What to build. */
export interface BuildRequest {
  /** Directory with a Dockerfile at its top. */
  readonly context: string;
  readonly tag: string;
  readonly noCache?: boolean;
}

/** A program that builds images, with a store that the benchmark may fill. */
export interface Builder {
  readonly name: string;
  /** Program and version, as the table names it. */
  readonly version: string;
  /** What is started. */
  readonly program: string;
  /** Whether the memory of its process is that of the work: not so where a daemon does it. */
  readonly ownMemory: boolean;
  build(request: BuildRequest): Sample;
  /** Loads an archive (Docker's format) with one named image. */
  load(archive: string): Sample;
  save(tag: string, archive: string): Sample;
  /** Sends an image to the registry of its name, with gzip layers. */
  push(tag: string): Sample;
  /** Fetches an image and unpacks it. */
  pull(tag: string): Sample;
  /** Forgets an image, so that loading it again is work again. */
  remove(tag: string): void;
  /** Removes everything the benchmark left. */
  close(): Promise<void>;
}
