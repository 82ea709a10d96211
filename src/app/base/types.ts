// `mille base` as data.

import type { Digest } from '../../core/index.ts';
import type { Alternative, Libc } from '../../insight/base/index.ts';
import type { SupportDates } from '../life-cycles/types.ts';
import type { TagRow } from '../tags/types.ts';

export type { Alternative, Libc, Risk } from '../../insight/base/index.ts';

/** Whose bases are looked at. */
export interface BaseOptions {
  /** A Dockerfile, a directory that holds one, or '-'. */
  readonly file: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Only what this stage needs; by default all of them. */
  readonly target?: string;
  readonly platform?: string;
  readonly ca?: string;
  /** The directory of the context; that of the Dockerfile if none is named. */
  readonly context?: string;
  /** How package indexes are asked what they have of Python packages; nobody is asked without it. */
  readonly packageIndex?: {
    /** In the place of the one that pip on this machine asks, unless the project names another. */
    readonly url?: string;
  };
}

/** An image that the Dockerfile stands on. */
export interface BaseReport {
  /** As FROM comes to: `python:3.12-slim`. */
  readonly reference: string;
  /** Lines of the FROM that name it. */
  readonly lines: readonly number[];
  /** Names or numbers of the stages made of it, those on top of others left out. */
  readonly stages: readonly string[];
  readonly platform: string;
  /** What its tag says, and what its registry knows. */
  readonly image: TagRow;
  readonly libc?: Libc;
  /** Who was asked: `Docker Hub`, `localhost:5000`; absent where nobody answered. */
  readonly place?: string;
  /** Why nothing is known but what the tag says. */
  readonly unknown?: string;
  /** What the store has under this name, and whether it is what the registry has now. */
  readonly local?: { readonly digest: Digest; readonly created?: string; readonly current?: boolean };
  /** The digest that the Dockerfile is pinned to, and whether the tag still means it. */
  readonly pinned?: { readonly digest: Digest; readonly current?: boolean };
  /** What the lock file beside the Dockerfile pins the tag to, and whether the tag still means it. */
  readonly locked?: { readonly digest: Digest; readonly current?: boolean };
  readonly alternatives: readonly Alternative[];
  /** Nothing in the Dockerfile needs a shell on it: what would do instead. */
  readonly shellless?: string;
}

export interface BaseResult {
  readonly file: string;
  readonly bases: readonly BaseReport[];
  readonly dates: SupportDates;
}

/** The verb. */
export interface BaseVerbs {
  /** The bases of a Dockerfile. @throws MilleError `dockerfile-missing`, and what is wrong with the Dockerfile */
  base(options: BaseOptions, signal: AbortSignal): Promise<BaseResult>;
}
