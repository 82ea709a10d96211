// The configuration file of a run of git: the only one that it reads besides a repository's own. Pure.

/** A setting: the section, its subsection where it has one, the key. */
export interface GitSetting {
  readonly section: string;
  readonly subsection?: string;
  readonly key: string;
  readonly value: string;
}

/** Writes settings as git-config(1) reads them. */
export function writeConfig(settings: readonly GitSetting[]): string {
  return settings
    .map(({ section, subsection, key, value }) => {
      const name = subsection === undefined ? '' : ` ${quoted(subsection)}`;
      return `[${section}${name}]\n\t${key} = ${quoted(value).replaceAll('\n', '\\n')}\n`;
    })
    .join('');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // No repository here belongs to anybody else, whatever the owner of the store's directory may be.
  safe: { directory: '*' },
  core: { hooksPath: '/dev/null' },
  credential: { helper: '' },
  fetch: { recurseSubmodules: 'false' },
  submodule: { recurse: 'false' },
  init: { defaultBranch: 'master' },
  advice: { detachedHead: 'false' },
  // Nothing of git goes on once it has ended.
  gc: { autoDetach: 'false' },
  maintenance: { autoDetach: 'false' },
  checkout: { workers: '0' },
  // A server that sends nothing at all for five minutes will not send anything.
  http: { lowSpeedLimit: '1', lowSpeedTime: '300' },
};

/** What every run of git is told. */
export const COMMON_SETTINGS: readonly GitSetting[] = Object.entries(SETTINGS).flatMap(([section, keys]) =>
  Object.entries(keys).map(([key, value]) => ({ section, key, value })),
);
