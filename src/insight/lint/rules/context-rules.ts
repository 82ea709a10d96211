// Rules about what the Dockerfile alone does not tell: the build context, and builds that have been.

import type { Rule } from '../rule.ts';
import { contextFilesUnused } from './context/context-files-unused.ts';
import { copyOfLeftovers } from './context/copy-of-leftovers.ts';
import { copyOfSecretFile } from './context/copy-of-secret-file.ts';
import { copySourceMissing } from './context/copy-source-missing.ts';
import { ignoreCommentBehind } from './context/ignore-comment-behind.ts';
import { ignoreFileMissing } from './context/ignore-file-missing.ts';

export const CONTEXT_RULES: readonly Rule[] = [
  copySourceMissing,
  copyOfLeftovers,
  copyOfSecretFile,
  ignoreCommentBehind,
  ignoreFileMissing,
  contextFilesUnused,
];
