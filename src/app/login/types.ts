// Logins for registries, as the fronts see them.

export interface LoginOptions {
  /** As written: a host, an address; Docker's own registry if not given. */
  readonly server?: string;
  /** CA bundle trusted beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
}

export interface NewLogin extends LoginOptions {
  readonly user: string;
  readonly password: string;
}

export interface LoginResult {
  /** `docker.io`, `registry.example:5000`. */
  readonly registry: string;
  readonly user?: string;
  /** False where the registry asks nobody for a login, so that nothing could be tried. */
  readonly checked: boolean;
  /** The file that has it, or that names the helper which has it. */
  readonly path: string;
  readonly helper?: string;
  /** Whether the password itself is kept, for who reads the file to see. */
  readonly plain: boolean;
}

/** A login that was kept before, tried again. */
export interface KnownLogin {
  readonly registry: string;
  readonly user?: string;
  /** Whether the registry takes it still. */
  readonly accepted: boolean;
}

export interface LogoutResult {
  readonly registry: string;
  /** Where a login was, which is gone; absent where there was none. */
  readonly from?: { readonly path: string; readonly helper?: string };
  /** Other places that still have one, which mille does not write to. */
  readonly remaining: readonly string[];
}

export interface LoginVerbs {
  /**
   * Tries a login at its registry, and keeps it where Docker does. Rejects with `registry-denied` for one that is
   * refused, which is then not kept.
   */
  login(options: NewLogin, signal: AbortSignal): Promise<LoginResult>;
  /** Tries the login that there is; undefined where there is none. */
  knownLogin(options: LoginOptions, signal: AbortSignal): Promise<KnownLogin | undefined>;
  /** Forgets the login for a registry. */
  logout(server?: string): Promise<LogoutResult>;
}
