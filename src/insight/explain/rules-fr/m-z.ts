// The pages of rules in French, by the rules' names: M to Z.

import multipleInstructionsDisallowed from './MultipleInstructionsDisallowed.md' with { type: 'text' };
import noLatestTag from './NoLatestTag.md' with { type: 'text' };
import pipefail from './Pipefail.md' with { type: 'text' };
import pipNoCacheDir from './PipNoCacheDir.md' with { type: 'text' };
import removeInLaterLayer from './RemoveInLaterLayer.md' with { type: 'text' };
import rootAtRunTime from './RootAtRunTime.md' with { type: 'text' };
import secretsUsedInArgOrEnv from './SecretsUsedInArgOrEnv.md' with { type: 'text' };
import tagBaseImage from './TagBaseImage.md' with { type: 'text' };
import undefinedVar from './UndefinedVar.md' with { type: 'text' };
import variableInExecForm from './VariableInExecForm.md' with { type: 'text' };
import workdirInsteadOfCd from './WorkdirInsteadOfCd.md' with { type: 'text' };

/** Titles and texts. */
export const M_TO_Z: Readonly<Record<string, string>> = {
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
