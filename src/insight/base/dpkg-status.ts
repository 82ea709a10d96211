// The packages of a root file system, from dpkg's database (`/var/lib/dpkg/status`). Pure.

/** An installed package. */
export interface Package {
  readonly name: string;
  readonly version: string;
}

/** Reads the status file; sorted by name, those that are only known or half removed left out. */
export function parseDpkgStatus(text: string): Package[] {
  const found: Package[] = [];
  for (const stanza of text.split(/\n\n+/)) {
    const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'm').exec(stanza)?.[1];
    const name = field('Package');
    const version = field('Version');
    if (name && version && field('Status')?.endsWith(' installed')) found.push({ name, version });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
