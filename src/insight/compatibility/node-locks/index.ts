// Lock files of Node projects, by their names.

import type { NodeNeed } from './needs.ts';
import { readNpmLock } from './npm.ts';
import { readPnpmLock } from './pnpm.ts';
import { readYarnLock } from './yarn.ts';

export { type NodeBuild, type NodeNeed, onMusl } from './needs.ts';

/** What is installed by a lock file. */
export interface NodeLockUse {
  /** Whether what is only for developing is not installed. */
  readonly production: boolean;
  /** package.json beside it: yarn says nowhere else what is for developing. */
  readonly manifest?: string;
}

/** Readers. @returns undefined for what is no such file */
export const NODE_LOCKS: Readonly<
  Record<string, (text: string, use: NodeLockUse) => readonly NodeNeed[] | undefined>
> = {
  'package-lock.json': (text, { production }) => readNpmLock(text, production),
  'npm-shrinkwrap.json': (text, { production }) => readNpmLock(text, production),
  'yarn.lock': (text, { production, manifest }) => readYarnLock(text, production, manifest),
  'pnpm-lock.yaml': (text, { production }) => readPnpmLock(text, production),
};
