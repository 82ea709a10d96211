// All caches that are left out of layers.

import type { Rewrite } from '../../rewrite.ts';
import { cleanCache } from './clean-cache.ts';
import { BUNDLER, CARGO, COMPOSER, GO_BUILD } from './languages.ts';
import { BUN, COMPILE_CACHE, NODE_GYP, NPM, PNPM, YARN, YARN_BERRY } from './node.ts';
import { CONDA, PIP, POETRY, UV } from './python.ts';
import { APK, APT, DNF, YUM, ZYPPER } from './system.ts';

export const CACHE_REWRITES: readonly Rewrite[] = [
  ...[APT, APK, DNF, YUM, ZYPPER],
  ...[PIP, POETRY, UV, CONDA],
  ...[NPM, YARN, YARN_BERRY, PNPM, BUN, NODE_GYP, COMPILE_CACHE],
  ...[COMPOSER, BUNDLER, GO_BUILD, CARGO],
].map(cleanCache);
