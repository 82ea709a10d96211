// Facts of a build, and what is made of them.

/** How much is told, and in which form. */
export interface ProvenanceOptions {
  readonly mode: 'min' | 'max';
  /** Of SLSA's provenance. */
  readonly version: 'v0.2' | 'v1';
  /** Who built: often the URL of a run of CI. */
  readonly builderId?: string;
  /** Somebody claims that the build gives the same bytes each time. */
  readonly reproducible?: boolean;
}

/** By the name of the algorithm: hexadecimal digits. */
export type DigestSet = Readonly<Record<string, string>>;

/** Something that a build took from elsewhere. */
export interface Material {
  readonly uri: string;
  readonly digest?: DigestSet;
}

/** A secret or an SSH agent that a step may use; never a value. */
export interface Needed {
  readonly id: string;
  readonly optional?: boolean;
}

/** What is known of a build, for one of its platforms. */
export interface BuildFacts {
  readonly invocation: string;
  /** RFC 3339. */
  readonly started: string;
  readonly finished: string;
  /** Of the machine that built, not of the image: `linux/amd64`. */
  readonly builderPlatform: string;
  readonly materials: readonly Material[];
  /** Where the Dockerfile and the context came from, as far as that was elsewhere. */
  readonly source: { readonly uri?: string; readonly digest?: DigestSet; readonly path?: string };
  /** As BuildKit's frontend is given them: `build-arg:VERSION`, `label:a`, `target`. */
  readonly args: Readonly<Record<string, string>>;
  readonly secrets: readonly Needed[];
  readonly agents: readonly Needed[];
  /** Directories of this machine that were read, by name. */
  readonly locals: readonly string[];
  /** Whether a command could reach a network. */
  readonly network: boolean;
  /** What a checkout says of itself: `revision`, `source`, `localdir:context`. */
  readonly vcs: Readonly<Record<string, string>>;
  readonly steps: BuildSteps;
}

/** The steps of a build, told only with `mode=max`. */
export interface BuildSteps {
  readonly definition: readonly DefinedStep[];
  /** By the id of a step: the lines that it comes from. */
  readonly locations: Readonly<Record<string, SourceLines>>;
  /** By the id of a step and its output: the layers below and in it, where it made one. */
  readonly layers: Readonly<Record<string, readonly (readonly object[])[]>>;
  readonly dockerfile: {
    readonly name: string;
    /** Base64. */
    readonly data: string;
  };
}

/** A step in the shape of BuildKit's low-level definition. */
export interface DefinedStep {
  readonly id: string;
  readonly op: object;
  readonly inputs?: readonly string[];
}

/** Lines of the Dockerfile. */
export interface SourceLines {
  readonly locations?: readonly {
    readonly ranges: readonly {
      readonly start: { readonly line: number };
      readonly end: { readonly line: number };
    }[];
  }[];
}
