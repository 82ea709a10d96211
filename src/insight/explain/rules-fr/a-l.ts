// The pages of rules in French, by the rules' names: A to L.

import aptListsLeft from './AptListsLeft.md' with { type: 'text' };
import aptUpdateAlone from './AptUpdateAlone.md' with { type: 'text' };
import argAtRunTime from './ArgAtRunTime.md' with { type: 'text' };
import basePastItsLife from './BasePastItsLife.md' with { type: 'text' };
import changeOwnerInCopy from './ChangeOwnerInCopy.md' with { type: 'text' };
import cmdAndEntrypoint from './CmdAndEntrypoint.md' with { type: 'text' };
import contextFilesUnused from './ContextFilesUnused.md' with { type: 'text' };
import copyBeforeInstall from './CopyBeforeInstall.md' with { type: 'text' };
import copyInsteadOfAdd from './CopyInsteadOfAdd.md' with { type: 'text' };
import copyOfLeftovers from './CopyOfLeftovers.md' with { type: 'text' };
import copyOfSecretFile from './CopyOfSecretFile.md' with { type: 'text' };
import copySourceMissing from './CopySourceMissing.md' with { type: 'text' };
import envForBuildOnly from './EnvForBuildOnly.md' with { type: 'text' };
import globalArgInStage from './GlobalArgInStage.md' with { type: 'text' };
import ignoreFileMissing from './IgnoreFileMissing.md' with { type: 'text' };
import jsonArgsRecommended from './JSONArgsRecommended.md' with { type: 'text' };
import lastUserIsRoot from './LastUserIsRoot.md' with { type: 'text' };

/** Titles and texts. */
export const A_TO_L: Readonly<Record<string, string>> = {
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
};
