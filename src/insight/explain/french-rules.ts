// The pages of rules in French, by the rules' names: those that somebody has translated, first what learners stumble over.

import aptListsLeft from './rules-fr/AptListsLeft.md' with { type: 'text' };
import aptUpdateAlone from './rules-fr/AptUpdateAlone.md' with { type: 'text' };
import argAtRunTime from './rules-fr/ArgAtRunTime.md' with { type: 'text' };
import basePastItsLife from './rules-fr/BasePastItsLife.md' with { type: 'text' };
import changeOwnerInCopy from './rules-fr/ChangeOwnerInCopy.md' with { type: 'text' };
import cmdAndEntrypoint from './rules-fr/CmdAndEntrypoint.md' with { type: 'text' };
import contextFilesUnused from './rules-fr/ContextFilesUnused.md' with { type: 'text' };
import copyBeforeInstall from './rules-fr/CopyBeforeInstall.md' with { type: 'text' };
import copyInsteadOfAdd from './rules-fr/CopyInsteadOfAdd.md' with { type: 'text' };
import copyOfLeftovers from './rules-fr/CopyOfLeftovers.md' with { type: 'text' };
import copyOfSecretFile from './rules-fr/CopyOfSecretFile.md' with { type: 'text' };
import copySourceMissing from './rules-fr/CopySourceMissing.md' with { type: 'text' };
import envForBuildOnly from './rules-fr/EnvForBuildOnly.md' with { type: 'text' };
import globalArgInStage from './rules-fr/GlobalArgInStage.md' with { type: 'text' };
import ignoreFileMissing from './rules-fr/IgnoreFileMissing.md' with { type: 'text' };
import jsonArgsRecommended from './rules-fr/JSONArgsRecommended.md' with { type: 'text' };
import lastUserIsRoot from './rules-fr/LastUserIsRoot.md' with { type: 'text' };
import multipleInstructionsDisallowed from './rules-fr/MultipleInstructionsDisallowed.md' with {
  type: 'text',
};
import noLatestTag from './rules-fr/NoLatestTag.md' with { type: 'text' };
import pipefail from './rules-fr/Pipefail.md' with { type: 'text' };
import pipNoCacheDir from './rules-fr/PipNoCacheDir.md' with { type: 'text' };
import removeInLaterLayer from './rules-fr/RemoveInLaterLayer.md' with { type: 'text' };
import rootAtRunTime from './rules-fr/RootAtRunTime.md' with { type: 'text' };
import secretsUsedInArgOrEnv from './rules-fr/SecretsUsedInArgOrEnv.md' with { type: 'text' };
import tagBaseImage from './rules-fr/TagBaseImage.md' with { type: 'text' };
import undefinedVar from './rules-fr/UndefinedVar.md' with { type: 'text' };
import variableInExecForm from './rules-fr/VariableInExecForm.md' with { type: 'text' };
import workdirInsteadOfCd from './rules-fr/WorkdirInsteadOfCd.md' with { type: 'text' };

/** Titles and texts; the examples are the rule's own. */
export const FRENCH_RULES: Readonly<Record<string, string>> = {
  AptListsLeft: aptListsLeft,
  AptUpdateAlone: aptUpdateAlone,
  ArgAtRunTime: argAtRunTime,
  BasePastItsLife: basePastItsLife,
  ChangeOwnerInCopy: changeOwnerInCopy,
  CmdAndEntrypoint: cmdAndEntrypoint,
  ContextFilesUnused: contextFilesUnused,
  CopyBeforeInstall: copyBeforeInstall,
  CopyInsteadOfAdd: copyInsteadOfAdd,
  CopyOfLeftovers: copyOfLeftovers,
  CopyOfSecretFile: copyOfSecretFile,
  CopySourceMissing: copySourceMissing,
  EnvForBuildOnly: envForBuildOnly,
  GlobalArgInStage: globalArgInStage,
  IgnoreFileMissing: ignoreFileMissing,
  JSONArgsRecommended: jsonArgsRecommended,
  LastUserIsRoot: lastUserIsRoot,
  MultipleInstructionsDisallowed: multipleInstructionsDisallowed,
  NoLatestTag: noLatestTag,
  PipNoCacheDir: pipNoCacheDir,
  Pipefail: pipefail,
  RemoveInLaterLayer: removeInLaterLayer,
  RootAtRunTime: rootAtRunTime,
  SecretsUsedInArgOrEnv: secretsUsedInArgOrEnv,
  TagBaseImage: tagBaseImage,
  UndefinedVar: undefinedVar,
  VariableInExecForm: variableInExecForm,
  WorkdirInsteadOfCd: workdirInsteadOfCd,
};
