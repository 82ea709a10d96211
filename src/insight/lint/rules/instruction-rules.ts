// Rules about instructions and the commands in them; those that hadolint has too have its codes.

import type { Rule } from '../rule.ts';
import { basePastItsLife } from './base/base-past-its-life.ts';
import { instructionBeforeFrom } from './base/instruction-before-from.ts';
import { noLatestTag } from './base/no-latest-tag.ts';
import { noPlatformInFrom } from './base/no-platform-in-from.ts';
import { tagBaseImage } from './base/tag-base-image.ts';
import { trustedRegistry } from './base/trusted-registry.ts';
import { aptUpdateAlone } from './cache/apt-update-alone.ts';
import { changeOwnerInCopy } from './cache/change-owner-in-copy.ts';
import { changingArgEarly } from './cache/changing-arg-early.ts';
import { copyBeforeInstall } from './cache/copy-before-install.ts';
import { removeInLaterLayer } from './cache/remove-in-later-layer.ts';
import { addForArchives } from './commands/add-for-archives.ts';
import { consecutiveRuns } from './commands/consecutive-runs.ts';
import { noSudo } from './commands/no-sudo.ts';
import { pipeIntoShell } from './commands/pipe-into-shell.ts';
import { pipefail } from './commands/pipefail.ts';
import { pointlessCommand } from './commands/pointless-command.ts';
import { shellNotLink } from './commands/shell-not-link.ts';
import { useraddNoLogInit } from './commands/useradd-no-log-init.ts';
import { wgetOrCurl } from './commands/wget-or-curl.ts';
import { wgetQuiet } from './commands/wget-quiet.ts';
import { workdirInsteadOfCd } from './commands/workdir-instead-of-cd.ts';
import { ignoreComment } from './comments/ignore-comment.ts';
import { absoluteWorkdir } from './files/absolute-workdir.ts';
import { addWithChecksum } from './files/add-with-checksum.ts';
import { copyFromKnownStage } from './files/copy-from-known-stage.ts';
import { copyFromOwnStage } from './files/copy-from-own-stage.ts';
import { copyInsteadOfAdd } from './files/copy-instead-of-add.ts';
import { copyManyToDirectory } from './files/copy-many-to-directory.ts';
import { copyToRelativePath } from './files/copy-to-relative-path.ts';
import { copyWholeFileSystem } from './files/copy-whole-file-system.ts';
import { labelIsCommit } from './labels/label-is-commit.ts';
import { labelIsEmail } from './labels/label-is-email.ts';
import { labelIsLicence } from './labels/label-is-licence.ts';
import { labelIsTime } from './labels/label-is-time.ts';
import { labelIsUrl } from './labels/label-is-url.ts';
import { labelIsVersion } from './labels/label-is-version.ts';
import { labelMissing } from './labels/label-missing.ts';
import { labelNotEmpty } from './labels/label-not-empty.ts';
import { labelSuperfluous } from './labels/label-superfluous.ts';
import { validLabelKey } from './labels/valid-label-key.ts';
import { apkNoCache } from './packages/apk-no-cache.ts';
import { aptAssumeYes } from './packages/apt-assume-yes.ts';
import { aptGetNotApt } from './packages/apt-get-not-apt.ts';
import { aptListsLeft } from './packages/apt-lists-left.ts';
import { aptListsMissing } from './packages/apt-lists-missing.ts';
import { aptNoRecommends } from './packages/apt-no-recommends.ts';
import { dnfAssumeYes } from './packages/dnf-assume-yes.ts';
import { dnfClean } from './packages/dnf-clean.ts';
import { npmCi } from './packages/npm-ci.ts';
import { pinApkVersions } from './packages/pin-apk-versions.ts';
import { pinAptVersions } from './packages/pin-apt-versions.ts';
import { pinDnfVersions } from './packages/pin-dnf-versions.ts';
import { pinGemVersions } from './packages/pin-gem-versions.ts';
import { pinGoVersions } from './packages/pin-go-versions.ts';
import { pinNpmVersions } from './packages/pin-npm-versions.ts';
import { pinPipVersions } from './packages/pin-pip-versions.ts';
import { pinYumVersions } from './packages/pin-yum-versions.ts';
import { pinZypperVersions } from './packages/pin-zypper-versions.ts';
import { pipNoCacheDir } from './packages/pip-no-cache-dir.ts';
import { yarnCacheClean } from './packages/yarn-cache-clean.ts';
import { yumAssumeYes } from './packages/yum-assume-yes.ts';
import { yumClean } from './packages/yum-clean.ts';
import { zypperClean } from './packages/zypper-clean.ts';
import { zypperDistUpgrade } from './packages/zypper-dist-upgrade.ts';
import { zypperNonInteractive } from './packages/zypper-non-interactive.ts';
import { cmdAndEntrypoint } from './process/cmd-and-entrypoint.ts';
import { execForm } from './process/exec-form.ts';
import { healthcheckMissing } from './process/healthcheck-missing.ts';
import { lastUserIsRoot } from './process/last-user-is-root.ts';
import { malformedJsonArray } from './process/malformed-json-array.ts';
import { numericUser } from './process/numeric-user.ts';
import { onbuildNested } from './process/onbuild-nested.ts';
import { oneCmd } from './process/one-cmd.ts';
import { oneEntrypoint } from './process/one-entrypoint.ts';
import { oneHealthcheck } from './process/one-healthcheck.ts';
import { rootAtRunTime } from './process/root-at-run-time.ts';
import { validPort } from './process/valid-port.ts';
import { variableInExecForm } from './process/variable-in-exec-form.ts';
import { argAtRunTime } from './variables/arg-at-run-time.ts';
import { envForBuildOnly } from './variables/env-for-build-only.ts';
import { envInSameLine } from './variables/env-in-same-line.ts';
import { globalArgInStage } from './variables/global-arg-in-stage.ts';
import { secretLikeName } from './variables/secret-like-name.ts';

export const INSTRUCTION_RULES: readonly Rule[] = [
  ignoreComment,
  basePastItsLife,
  instructionBeforeFrom,
  noLatestTag,
  noPlatformInFrom,
  tagBaseImage,
  trustedRegistry,
  absoluteWorkdir,
  addWithChecksum,
  copyFromKnownStage,
  copyFromOwnStage,
  copyInsteadOfAdd,
  copyManyToDirectory,
  copyToRelativePath,
  copyWholeFileSystem,
  cmdAndEntrypoint,
  execForm,
  healthcheckMissing,
  lastUserIsRoot,
  malformedJsonArray,
  numericUser,
  onbuildNested,
  oneCmd,
  oneEntrypoint,
  oneHealthcheck,
  rootAtRunTime,
  validPort,
  variableInExecForm,
  argAtRunTime,
  envForBuildOnly,
  envInSameLine,
  globalArgInStage,
  secretLikeName,
  labelIsCommit,
  labelIsEmail,
  labelIsLicence,
  labelIsTime,
  labelIsUrl,
  labelIsVersion,
  labelMissing,
  labelNotEmpty,
  labelSuperfluous,
  validLabelKey,
  aptUpdateAlone,
  changeOwnerInCopy,
  changingArgEarly,
  copyBeforeInstall,
  removeInLaterLayer,
  apkNoCache,
  aptAssumeYes,
  aptGetNotApt,
  aptListsLeft,
  aptListsMissing,
  aptNoRecommends,
  dnfAssumeYes,
  dnfClean,
  npmCi,
  pinApkVersions,
  pinAptVersions,
  pinDnfVersions,
  pinGemVersions,
  pinGoVersions,
  pinNpmVersions,
  pinPipVersions,
  pinYumVersions,
  pinZypperVersions,
  pipNoCacheDir,
  yarnCacheClean,
  yumAssumeYes,
  yumClean,
  zypperClean,
  zypperDistUpgrade,
  zypperNonInteractive,
  addForArchives,
  consecutiveRuns,
  noSudo,
  pipeIntoShell,
  pipefail,
  pointlessCommand,
  shellNotLink,
  useraddNoLogInit,
  wgetOrCurl,
  wgetQuiet,
  workdirInsteadOfCd,
];
