// Rules about how commands of RUN are written; those that ShellCheck has too have its codes.

import type { Rule } from '../rule.ts';
import { andOrIsNotIf } from './shell/and-or-is-not-if.ts';
import { assignThenExport } from './shell/assign-then-export.ts';
import { backticks } from './shell/backticks.ts';
import { checkCd } from './shell/check-cd.ts';
import { echoEscapes } from './shell/echo-escapes.ts';
import { findPatternUnquoted } from './shell/find-pattern-unquoted.ts';
import { findWithoutPath } from './shell/find-without-path.ts';
import { findXargs } from './shell/find-xargs.ts';
import { globLikeFlag } from './shell/glob-like-flag.ts';
import { grepFlags } from './shell/grep-flags.ts';
import { heredocWithoutErrexit } from './shell/heredoc-without-errexit.ts';
import { loopOverOutput } from './shell/loop-over-output.ts';
import { loopRunsOnce } from './shell/loop-runs-once.ts';
import { mkdirMode } from './shell/mkdir-mode.ts';
import { negationUnderErrexit } from './shell/negation-under-errexit.ts';
import { pathOverwritten } from './shell/path-overwritten.ts';
import { posixShell } from './shell/posix-shell.ts';
import { printfFormat } from './shell/printf-format.ts';
import { quoteArguments } from './shell/quote-arguments.ts';
import { quoteSubstitutions } from './shell/quote-substitutions.ts';
import { quoteVariables } from './shell/quote-variables.ts';
import { quotesEndEarly } from './shell/quotes-end-early.ts';
import { readRaw } from './shell/read-raw.ts';
import { removeBelowVariable } from './shell/remove-below-variable.ts';
import { singleQuotedVariable } from './shell/single-quoted-variable.ts';
import { spacesAroundAssignment } from './shell/spaces-around-assignment.ts';
import { testAndOr } from './shell/test-and-or.ts';
import { unusedVariable } from './shell/unused-variable.ts';
import { uselessCat } from './shell/useless-cat.ts';
import { uselessEcho } from './shell/useless-echo.ts';
import { variableNotAssigned } from './shell/variable-not-assigned.ts';
import { unreadableScript } from './unreadable-script.ts';

export const SHELL_RULES: readonly Rule[] = [
  unreadableScript,
  andOrIsNotIf,
  assignThenExport,
  backticks,
  checkCd,
  echoEscapes,
  findPatternUnquoted,
  findWithoutPath,
  findXargs,
  globLikeFlag,
  grepFlags,
  heredocWithoutErrexit,
  loopOverOutput,
  loopRunsOnce,
  mkdirMode,
  negationUnderErrexit,
  pathOverwritten,
  posixShell,
  printfFormat,
  quoteArguments,
  quoteSubstitutions,
  quoteVariables,
  quotesEndEarly,
  readRaw,
  removeBelowVariable,
  singleQuotedVariable,
  spacesAroundAssignment,
  testAndOr,
  unusedVariable,
  uselessCat,
  uselessEcho,
  variableNotAssigned,
];
