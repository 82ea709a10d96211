// `mille search` as data.

/** What is looked for, and which of it is wanted. */
export interface SearchOptions {
  /** `python`; or a registry with what names are to hold: `localhost:5000/team`. */
  readonly term: string;
  readonly limit: number;
  readonly filter: SearchFilter;
  readonly ca?: string;
}

/** All that is asked for has to be so. */
export interface SearchFilter {
  readonly official?: boolean;
  readonly automated?: boolean;
  readonly private?: boolean;
  /** At least as many. */
  readonly stars?: number;
}

/** A repository that was found. What a registry does not tell is absent. */
export interface SearchRow {
  /** With its registry, where that is not Docker Hub. */
  readonly name: string;
  readonly description?: string;
  readonly stars?: number;
  readonly official?: boolean;
  readonly automated?: boolean;
  readonly private?: boolean;
}

export interface SearchResult {
  readonly source: 'hub' | 'catalogue';
  /** `Docker Hub`, `localhost:5000`. */
  readonly place: string;
  readonly rows: readonly SearchRow[];
  /** Whether there may be more than was wanted, or was looked at. */
  readonly more: boolean;
  /** Entries that were no names. */
  readonly dropped: number;
}

/** The verb. */
export interface SearchVerbs {
  /** Looks for repositories. @throws MilleError `usage`, `registry-denied`, `network` */
  search(options: SearchOptions, signal: AbortSignal): Promise<SearchResult>;
}
