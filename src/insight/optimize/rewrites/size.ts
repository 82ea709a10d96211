// The rewrites that make images smaller by what is inside of their steps, in the order in which they are made.

import type { Rewrite } from '../rewrite.ts';
import { CACHE_REWRITES } from './caches/index.ts';
import { joinRuns } from './join-runs.ts';
import { mountCopied } from './mount-copied.ts';
import { ownerInCopy } from './owner-in-copy.ts';
import { noInstallRecommends } from './recommends/no-install-recommends.ts';
import { removeBuildTree } from './remove-build-tree.ts';
import { removeDownloads } from './remove-downloads.ts';
import { writtenOnce } from './written-once.ts';

export const SIZE_REWRITES: readonly Rewrite[] = [
  writtenOnce,
  noInstallRecommends,
  ownerInCopy,
  mountCopied,
  joinRuns,
  removeDownloads,
  removeBuildTree,
  ...CACHE_REWRITES,
];
