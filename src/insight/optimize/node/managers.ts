// The package managers of Node: how each is told to leave development dependencies out, and what it keeps.

/** A package manager. */
export interface NodeManager {
  readonly programs: RegExp;
  /** First operands with which it installs a project; '' is none. */
  readonly verbs: RegExp;
  readonly withoutDevelopment: string;
  /** Why that is left to people. */
  readonly left?: string;
  /** The file by which it is known that it installed, in node_modules. */
  readonly record: string;
  /** What it writes of what it installed, from the project on. */
  readonly records: readonly string[];
}

export type NodeManagerName = 'npm' | 'yarn' | 'yarn-berry' | 'pnpm';

/** All of them. */
export const NODE_MANAGERS: Readonly<Record<NodeManagerName, NodeManager>> = {
  npm: {
    ...{ programs: /^npm$/, verbs: /^(ci|clean-install|i|install)$/, withoutDevelopment: '--omit=dev' },
    record: '.package-lock.json',
    records: ['node_modules/.package-lock.json'],
  },
  yarn: {
    ...{ programs: /^yarn(pkg)?$/, verbs: /^(|install)$/, withoutDevelopment: '--production' },
    record: '.yarn-integrity',
    records: ['node_modules/.yarn-integrity'],
  },
  // 2 and newer, where it puts packages into node_modules.
  'yarn-berry': {
    ...{ programs: /^yarn(pkg)?$/, verbs: /^(|install)$/, withoutDevelopment: '--production' },
    left: 'yarn 2 and newer leave them out by another command, which does not ask whether the lock file is up to date: yarn workspaces focus --production',
    record: '.yarn-state.yml',
    records: ['node_modules/.yarn-state.yml', '.yarn/install-state.gz'],
  },
  pnpm: {
    ...{ programs: /^pnpm$/, verbs: /^(i|install)$/, withoutDevelopment: '--prod' },
    record: '.modules.yaml',
    records: [
      ...['node_modules/.modules.yaml', 'node_modules/.pnpm/lock.yaml'],
      ...['node_modules/.pnpm-workspace-state.json', 'node_modules/.pnpm-workspace-state-v1.json'],
    ],
  },
};

/** What these and their packages keep for themselves: of logs and archives nobody needs the same. */
export const NODE_CACHES =
  /^((?:root|home\/[^/]+)\/(?:\.npm|\.cache\/(?:yarn|pnpm)|\.yarn\/berry|\.local\/(?:share\/pnpm\/store|state\/pnpm))|usr\/local\/share\/\.cache\/yarn|tmp\/(?:node-compile-cache|v8-compile-cache-0))(?:\/|$)/;

/** A file in which a package notes for itself when it last looked for a newer version: of a package's name. */
export function ownNote(path: string): string | undefined {
  const [, name] =
    /^(?:root|home\/[^/]+)\/\.config\/configstore\/(?:update-notifier-)?([^/]+)\.json$/.exec(path) ?? [];
  return name;
}
