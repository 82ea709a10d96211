// The pages of rules in French, by the rules' names: A to L.

import absoluteWorkdir from './AbsoluteWorkdir.md' with { type: 'text' };
import addForArchives from './AddForArchives.md' with { type: 'text' };
import addWithChecksum from './AddWithChecksum.md' with { type: 'text' };
import andOrIsNotIf from './AndOrIsNotIf.md' with { type: 'text' };
import apkNoCache from './ApkNoCache.md' with { type: 'text' };
import aptAssumeYes from './AptAssumeYes.md' with { type: 'text' };
import aptGetNotApt from './AptGetNotApt.md' with { type: 'text' };
import aptListsLeft from './AptListsLeft.md' with { type: 'text' };
import aptListsMissing from './AptListsMissing.md' with { type: 'text' };
import aptNoRecommends from './AptNoRecommends.md' with { type: 'text' };
import aptUpdateAlone from './AptUpdateAlone.md' with { type: 'text' };
import argAtRunTime from './ArgAtRunTime.md' with { type: 'text' };
import assignThenExport from './AssignThenExport.md' with { type: 'text' };
import backticks from './Backticks.md' with { type: 'text' };
import basePastItsLife from './BasePastItsLife.md' with { type: 'text' };
import changeOwnerInCopy from './ChangeOwnerInCopy.md' with { type: 'text' };
import changingArgEarly from './ChangingArgEarly.md' with { type: 'text' };
import checkCd from './CheckCd.md' with { type: 'text' };
import cmdAndEntrypoint from './CmdAndEntrypoint.md' with { type: 'text' };
import consecutiveRuns from './ConsecutiveRuns.md' with { type: 'text' };
import consistentInstructionCasing from './ConsistentInstructionCasing.md' with { type: 'text' };
import contextFilesUnused from './ContextFilesUnused.md' with { type: 'text' };
import copyBeforeInstall from './CopyBeforeInstall.md' with { type: 'text' };
import copyFromKnownStage from './CopyFromKnownStage.md' with { type: 'text' };
import copyFromOwnStage from './CopyFromOwnStage.md' with { type: 'text' };
import copyIgnoredFile from './CopyIgnoredFile.md' with { type: 'text' };
import copyInsteadOfAdd from './CopyInsteadOfAdd.md' with { type: 'text' };
import copyManyToDirectory from './CopyManyToDirectory.md' with { type: 'text' };
import copyOfLeftovers from './CopyOfLeftovers.md' with { type: 'text' };
import copyOfSecretFile from './CopyOfSecretFile.md' with { type: 'text' };
import copySourceMissing from './CopySourceMissing.md' with { type: 'text' };
import copyToRelativePath from './CopyToRelativePath.md' with { type: 'text' };
import copyWholeFileSystem from './CopyWholeFileSystem.md' with { type: 'text' };
import dnfAssumeYes from './DnfAssumeYes.md' with { type: 'text' };
import dnfClean from './DnfClean.md' with { type: 'text' };
import duplicateStageName from './DuplicateStageName.md' with { type: 'text' };
import echoEscapes from './EchoEscapes.md' with { type: 'text' };
import envForBuildOnly from './EnvForBuildOnly.md' with { type: 'text' };
import envInSameLine from './EnvInSameLine.md' with { type: 'text' };
import execForm from './ExecForm.md' with { type: 'text' };
import exposeInvalidFormat from './ExposeInvalidFormat.md' with { type: 'text' };
import exposeProtoCasing from './ExposeProtoCasing.md' with { type: 'text' };
import findPatternUnquoted from './FindPatternUnquoted.md' with { type: 'text' };
import findWithoutPath from './FindWithoutPath.md' with { type: 'text' };
import findXargs from './FindXargs.md' with { type: 'text' };
import fromAsCasing from './FromAsCasing.md' with { type: 'text' };
import fromPlatformFlagConstDisallowed from './FromPlatformFlagConstDisallowed.md' with { type: 'text' };
import globalArgInStage from './GlobalArgInStage.md' with { type: 'text' };
import globLikeFlag from './GlobLikeFlag.md' with { type: 'text' };
import grepFlags from './GrepFlags.md' with { type: 'text' };
import healthcheckMissing from './HealthcheckMissing.md' with { type: 'text' };
import heredocWithoutErrexit from './HeredocWithoutErrexit.md' with { type: 'text' };
import ignoreComment from './IgnoreComment.md' with { type: 'text' };
import ignoreCommentBehind from './IgnoreCommentBehind.md' with { type: 'text' };
import ignoreFileMissing from './IgnoreFileMissing.md' with { type: 'text' };
import instructionBeforeFrom from './InstructionBeforeFrom.md' with { type: 'text' };
import invalidBaseImagePlatform from './InvalidBaseImagePlatform.md' with { type: 'text' };
import invalidDefaultArgInFrom from './InvalidDefaultArgInFrom.md' with { type: 'text' };
import invalidDefinitionDescription from './InvalidDefinitionDescription.md' with { type: 'text' };
import invalidMilleComment from './InvalidMilleComment.md' with { type: 'text' };
import jsonArgsRecommended from './JSONArgsRecommended.md' with { type: 'text' };
import labelIsCommit from './LabelIsCommit.md' with { type: 'text' };
import labelIsEmail from './LabelIsEmail.md' with { type: 'text' };
import labelIsLicence from './LabelIsLicence.md' with { type: 'text' };
import labelIsTime from './LabelIsTime.md' with { type: 'text' };
import labelIsUrl from './LabelIsUrl.md' with { type: 'text' };
import labelIsVersion from './LabelIsVersion.md' with { type: 'text' };
import labelMissing from './LabelMissing.md' with { type: 'text' };
import labelNotEmpty from './LabelNotEmpty.md' with { type: 'text' };
import labelSuperfluous from './LabelSuperfluous.md' with { type: 'text' };
import lastUserIsRoot from './LastUserIsRoot.md' with { type: 'text' };
import legacyKeyValueFormat from './LegacyKeyValueFormat.md' with { type: 'text' };
import loopOverOutput from './LoopOverOutput.md' with { type: 'text' };
import loopRunsOnce from './LoopRunsOnce.md' with { type: 'text' };

/** Titles and texts. */
export const A_TO_L: Readonly<Record<string, string>> = {
  AbsoluteWorkdir: absoluteWorkdir,
  AddForArchives: addForArchives,
  AddWithChecksum: addWithChecksum,
  AndOrIsNotIf: andOrIsNotIf,
  ApkNoCache: apkNoCache,
  AptAssumeYes: aptAssumeYes,
  AptGetNotApt: aptGetNotApt,
  AptListsLeft: aptListsLeft,
  AptListsMissing: aptListsMissing,
  AptNoRecommends: aptNoRecommends,
  AptUpdateAlone: aptUpdateAlone,
  ArgAtRunTime: argAtRunTime,
  AssignThenExport: assignThenExport,
  Backticks: backticks,
  BasePastItsLife: basePastItsLife,
  ChangeOwnerInCopy: changeOwnerInCopy,
  ChangingArgEarly: changingArgEarly,
  CheckCd: checkCd,
  CmdAndEntrypoint: cmdAndEntrypoint,
  ConsecutiveRuns: consecutiveRuns,
  ConsistentInstructionCasing: consistentInstructionCasing,
  ContextFilesUnused: contextFilesUnused,
  CopyBeforeInstall: copyBeforeInstall,
  CopyFromKnownStage: copyFromKnownStage,
  CopyFromOwnStage: copyFromOwnStage,
  CopyIgnoredFile: copyIgnoredFile,
  CopyInsteadOfAdd: copyInsteadOfAdd,
  CopyManyToDirectory: copyManyToDirectory,
  CopyOfLeftovers: copyOfLeftovers,
  CopyOfSecretFile: copyOfSecretFile,
  CopySourceMissing: copySourceMissing,
  CopyToRelativePath: copyToRelativePath,
  CopyWholeFileSystem: copyWholeFileSystem,
  DnfAssumeYes: dnfAssumeYes,
  DnfClean: dnfClean,
  DuplicateStageName: duplicateStageName,
  EchoEscapes: echoEscapes,
  EnvForBuildOnly: envForBuildOnly,
  EnvInSameLine: envInSameLine,
  ExecForm: execForm,
  ExposeInvalidFormat: exposeInvalidFormat,
  ExposeProtoCasing: exposeProtoCasing,
  FindPatternUnquoted: findPatternUnquoted,
  FindWithoutPath: findWithoutPath,
  FindXargs: findXargs,
  FromAsCasing: fromAsCasing,
  FromPlatformFlagConstDisallowed: fromPlatformFlagConstDisallowed,
  GlobLikeFlag: globLikeFlag,
  HeredocWithoutErrexit: heredocWithoutErrexit,
  GlobalArgInStage: globalArgInStage,
  GrepFlags: grepFlags,
  HealthcheckMissing: healthcheckMissing,
  IgnoreComment: ignoreComment,
  IgnoreCommentBehind: ignoreCommentBehind,
  IgnoreFileMissing: ignoreFileMissing,
  InstructionBeforeFrom: instructionBeforeFrom,
  InvalidBaseImagePlatform: invalidBaseImagePlatform,
  InvalidDefaultArgInFrom: invalidDefaultArgInFrom,
  InvalidDefinitionDescription: invalidDefinitionDescription,
  InvalidMilleComment: invalidMilleComment,
  JSONArgsRecommended: jsonArgsRecommended,
  LabelIsCommit: labelIsCommit,
  LabelIsEmail: labelIsEmail,
  LabelIsLicence: labelIsLicence,
  LabelIsTime: labelIsTime,
  LabelIsUrl: labelIsUrl,
  LabelIsVersion: labelIsVersion,
  LabelMissing: labelMissing,
  LabelNotEmpty: labelNotEmpty,
  LabelSuperfluous: labelSuperfluous,
  LastUserIsRoot: lastUserIsRoot,
  LegacyKeyValueFormat: legacyKeyValueFormat,
  LoopOverOutput: loopOverOutput,
  LoopRunsOnce: loopRunsOnce,
};
