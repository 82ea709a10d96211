// Where package managers keep books of what is installed.

/** Databases: a file of one may tell of every package, those of lower layers too. */
const DATABASES =
  /^(?:var\/lib\/(?:dpkg|rpm|pacman\/local)|usr\/lib\/sysimage\/rpm|(?:usr\/)?lib\/apk\/db)(?:\/|$)|^var\/lib\/apt\/extended_states$/;

/** What the same programs write beside them: logs, answers to questions, states of their helpers. */
const BESIDE =
  /^(?:var\/lib\/(?:apt|dnf|ucf|pam|systemd)|var\/(?:cache|log)|usr\/lib\/sysimage|etc\/alternatives)(?:\/|$)|^etc\/(?:apk\/world|(?:passwd|group|shadow|gshadow)-|\.pwd\.lock)$/;

/** Made anew of all libraries that are there, whenever one comes or goes. */
const LINKER_CACHE = /^etc\/ld\.so\.cache$/;

/**
 * Of dpkg's books those that are written anew as a whole when any package comes or goes. Lists of single packages
 * (`var/lib/dpkg/info`) are not among them.
 */
const SHARED =
  /^(?:var\/lib\/dpkg\/(?:status|status-old|triggers\/[^/]+|alternatives\/[^/]+)|var\/lib\/apt\/extended_states|var\/cache\/debconf\/[^/]+|var\/log\/(?:dpkg\.log|alternatives\.log|apt\/[^/]+|fontconfig\.log)|var\/cache\/ldconfig\/aux-cache|usr\/share\/info\/dir(?:\.old)?)$/;

/** Whether a path is, or lies in, a database of installed packages. */
export function isPackageDatabase(path: string): boolean {
  return DATABASES.test(path);
}

/** Whether the dynamic linker's cache is at a path. */
export function isLinkerCache(path: string): boolean {
  return LINKER_CACHE.test(path);
}

/** Whether a path is of what installing packages leaves beside the packages' own files. */
export function isPackageBook(path: string): boolean {
  return isPackageDatabase(path) || BESIDE.test(path) || isLinkerCache(path);
}

/** Whether dpkg and its helpers write a file anew as a whole, whichever package comes or goes. */
export function isSharedBook(path: string): boolean {
  return SHARED.test(path) || isLinkerCache(path);
}
