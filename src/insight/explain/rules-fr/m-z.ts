// The pages of rules in French, by the rules' names: M to Z.

import maintainerDeprecated from './MaintainerDeprecated.md' with { type: 'text' };
import malformedJsonArray from './MalformedJsonArray.md' with { type: 'text' };
import mkdirMode from './MkdirMode.md' with { type: 'text' };
import multipleInstructionsDisallowed from './MultipleInstructionsDisallowed.md' with { type: 'text' };
import negationUnderErrexit from './NegationUnderErrexit.md' with { type: 'text' };
import noEmptyContinuation from './NoEmptyContinuation.md' with { type: 'text' };
import noLatestTag from './NoLatestTag.md' with { type: 'text' };
import noPlatformInFrom from './NoPlatformInFrom.md' with { type: 'text' };
import noSudo from './NoSudo.md' with { type: 'text' };
import npmCi from './NpmCi.md' with { type: 'text' };
import numericUser from './NumericUser.md' with { type: 'text' };
import onbuildNested from './OnbuildNested.md' with { type: 'text' };
import oneCmd from './OneCmd.md' with { type: 'text' };
import oneEntrypoint from './OneEntrypoint.md' with { type: 'text' };
import oneHealthcheck from './OneHealthcheck.md' with { type: 'text' };
import pathOverwritten from './PathOverwritten.md' with { type: 'text' };
import pinApkVersions from './PinApkVersions.md' with { type: 'text' };
import pinAptVersions from './PinAptVersions.md' with { type: 'text' };
import pinDnfVersions from './PinDnfVersions.md' with { type: 'text' };
import pinGemVersions from './PinGemVersions.md' with { type: 'text' };
import pinGoVersions from './PinGoVersions.md' with { type: 'text' };
import pinNpmVersions from './PinNpmVersions.md' with { type: 'text' };
import pinPipVersions from './PinPipVersions.md' with { type: 'text' };
import pinYumVersions from './PinYumVersions.md' with { type: 'text' };
import pinZypperVersions from './PinZypperVersions.md' with { type: 'text' };
import pipefail from './Pipefail.md' with { type: 'text' };
import pipeIntoShell from './PipeIntoShell.md' with { type: 'text' };
import pipNoCacheDir from './PipNoCacheDir.md' with { type: 'text' };
import pointlessCommand from './PointlessCommand.md' with { type: 'text' };
import posixShell from './PosixShell.md' with { type: 'text' };
import printfFormat from './PrintfFormat.md' with { type: 'text' };
import quoteArguments from './QuoteArguments.md' with { type: 'text' };
import quoteSubstitutions from './QuoteSubstitutions.md' with { type: 'text' };
import quotesEndEarly from './QuotesEndEarly.md' with { type: 'text' };
import quoteVariables from './QuoteVariables.md' with { type: 'text' };
import readRaw from './ReadRaw.md' with { type: 'text' };
import redundantTargetPlatform from './RedundantTargetPlatform.md' with { type: 'text' };
import removeBelowVariable from './RemoveBelowVariable.md' with { type: 'text' };
import removeInLaterLayer from './RemoveInLaterLayer.md' with { type: 'text' };
import reservedStageName from './ReservedStageName.md' with { type: 'text' };
import rootAtRunTime from './RootAtRunTime.md' with { type: 'text' };
import secretLikeName from './SecretLikeName.md' with { type: 'text' };
import secretsUsedInArgOrEnv from './SecretsUsedInArgOrEnv.md' with { type: 'text' };
import shellNotLink from './ShellNotLink.md' with { type: 'text' };
import singleQuotedVariable from './SingleQuotedVariable.md' with { type: 'text' };
import spacesAroundAssignment from './SpacesAroundAssignment.md' with { type: 'text' };
import stageNameCasing from './StageNameCasing.md' with { type: 'text' };
import tagBaseImage from './TagBaseImage.md' with { type: 'text' };
import testAndOr from './TestAndOr.md' with { type: 'text' };
import trustedRegistry from './TrustedRegistry.md' with { type: 'text' };
import undefinedArgInFrom from './UndefinedArgInFrom.md' with { type: 'text' };
import undefinedVar from './UndefinedVar.md' with { type: 'text' };
import unreadableScript from './UnreadableScript.md' with { type: 'text' };
import unusedVariable from './UnusedVariable.md' with { type: 'text' };
import uselessCat from './UselessCat.md' with { type: 'text' };
import uselessEcho from './UselessEcho.md' with { type: 'text' };
import useraddNoLogInit from './UseraddNoLogInit.md' with { type: 'text' };
import validLabelKey from './ValidLabelKey.md' with { type: 'text' };
import validPort from './ValidPort.md' with { type: 'text' };
import variableInExecForm from './VariableInExecForm.md' with { type: 'text' };
import variableNotAssigned from './VariableNotAssigned.md' with { type: 'text' };
import wgetOrCurl from './WgetOrCurl.md' with { type: 'text' };
import wgetQuiet from './WgetQuiet.md' with { type: 'text' };
import workdirInsteadOfCd from './WorkdirInsteadOfCd.md' with { type: 'text' };
import workdirRelativePath from './WorkdirRelativePath.md' with { type: 'text' };
import yarnCacheClean from './YarnCacheClean.md' with { type: 'text' };
import yumAssumeYes from './YumAssumeYes.md' with { type: 'text' };
import yumClean from './YumClean.md' with { type: 'text' };
import zypperClean from './ZypperClean.md' with { type: 'text' };
import zypperDistUpgrade from './ZypperDistUpgrade.md' with { type: 'text' };
import zypperNonInteractive from './ZypperNonInteractive.md' with { type: 'text' };

/** Titles and texts. */
export const M_TO_Z: Readonly<Record<string, string>> = {
  MaintainerDeprecated: maintainerDeprecated,
  MalformedJsonArray: malformedJsonArray,
  MkdirMode: mkdirMode,
  MultipleInstructionsDisallowed: multipleInstructionsDisallowed,
  NegationUnderErrexit: negationUnderErrexit,
  NoEmptyContinuation: noEmptyContinuation,
  NoLatestTag: noLatestTag,
  NoPlatformInFrom: noPlatformInFrom,
  NoSudo: noSudo,
  NpmCi: npmCi,
  NumericUser: numericUser,
  OnbuildNested: onbuildNested,
  OneCmd: oneCmd,
  OneEntrypoint: oneEntrypoint,
  OneHealthcheck: oneHealthcheck,
  PathOverwritten: pathOverwritten,
  PinApkVersions: pinApkVersions,
  PinAptVersions: pinAptVersions,
  PinDnfVersions: pinDnfVersions,
  PinGemVersions: pinGemVersions,
  PinGoVersions: pinGoVersions,
  PinNpmVersions: pinNpmVersions,
  PinPipVersions: pinPipVersions,
  PinYumVersions: pinYumVersions,
  PinZypperVersions: pinZypperVersions,
  PipNoCacheDir: pipNoCacheDir,
  PipeIntoShell: pipeIntoShell,
  Pipefail: pipefail,
  PointlessCommand: pointlessCommand,
  PosixShell: posixShell,
  PrintfFormat: printfFormat,
  QuoteArguments: quoteArguments,
  QuoteSubstitutions: quoteSubstitutions,
  QuoteVariables: quoteVariables,
  QuotesEndEarly: quotesEndEarly,
  ReadRaw: readRaw,
  RedundantTargetPlatform: redundantTargetPlatform,
  RemoveBelowVariable: removeBelowVariable,
  RemoveInLaterLayer: removeInLaterLayer,
  ReservedStageName: reservedStageName,
  RootAtRunTime: rootAtRunTime,
  SecretLikeName: secretLikeName,
  SecretsUsedInArgOrEnv: secretsUsedInArgOrEnv,
  ShellNotLink: shellNotLink,
  SingleQuotedVariable: singleQuotedVariable,
  SpacesAroundAssignment: spacesAroundAssignment,
  StageNameCasing: stageNameCasing,
  TagBaseImage: tagBaseImage,
  TestAndOr: testAndOr,
  TrustedRegistry: trustedRegistry,
  UndefinedArgInFrom: undefinedArgInFrom,
  UndefinedVar: undefinedVar,
  UnreadableScript: unreadableScript,
  UnusedVariable: unusedVariable,
  UselessCat: uselessCat,
  UselessEcho: uselessEcho,
  UseraddNoLogInit: useraddNoLogInit,
  ValidLabelKey: validLabelKey,
  ValidPort: validPort,
  VariableInExecForm: variableInExecForm,
  VariableNotAssigned: variableNotAssigned,
  WgetOrCurl: wgetOrCurl,
  WgetQuiet: wgetQuiet,
  WorkdirInsteadOfCd: workdirInsteadOfCd,
  WorkdirRelativePath: workdirRelativePath,
  YarnCacheClean: yarnCacheClean,
  YumAssumeYes: yumAssumeYes,
  YumClean: yumClean,
  ZypperClean: zypperClean,
  ZypperDistUpgrade: zypperDistUpgrade,
  ZypperNonInteractive: zypperNonInteractive,
};
