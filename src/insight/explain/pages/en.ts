// The texts of the pages in English, by their names.

import addText from './en/add.md' with { type: 'text' };
import addOrCopyText from './en/add-or-copy.md' with { type: 'text' };
import argText from './en/arg.md' with { type: 'text' };
import argOrEnvText from './en/arg-or-env.md' with { type: 'text' };
import cacheText from './en/cache.md' with { type: 'text' };
import cmdText from './en/cmd.md' with { type: 'text' };
import cmdOrEntrypointText from './en/cmd-or-entrypoint.md' with { type: 'text' };
import copyText from './en/copy.md' with { type: 'text' };
import dockerignoreText from './en/dockerignore.md' with { type: 'text' };
import entrypointText from './en/entrypoint.md' with { type: 'text' };
import envText from './en/env.md' with { type: 'text' };
import exposeText from './en/expose.md' with { type: 'text' };
import fromText from './en/from.md' with { type: 'text' };
import healthcheckText from './en/healthcheck.md' with { type: 'text' };
import labelText from './en/label.md' with { type: 'text' };
import layersText from './en/layers.md' with { type: 'text' };
import maintainerText from './en/maintainer.md' with { type: 'text' };
import multiStageText from './en/multi-stage.md' with { type: 'text' };
import onbuildText from './en/onbuild.md' with { type: 'text' };
import runText from './en/run.md' with { type: 'text' };
import runMountText from './en/run-mount.md' with { type: 'text' };
import secretsText from './en/secrets.md' with { type: 'text' };
import shellText from './en/shell.md' with { type: 'text' };
import shellOrExecText from './en/shell-or-exec.md' with { type: 'text' };
import stopsignalText from './en/stopsignal.md' with { type: 'text' };
import userText from './en/user.md' with { type: 'text' };
import volumeText from './en/volume.md' with { type: 'text' };
import workdirText from './en/workdir.md' with { type: 'text' };

export const ENGLISH = {
  from: fromText,
  arg: argText,
  env: envText,
  run: runText,
  copy: copyText,
  add: addText,
  workdir: workdirText,
  user: userText,
  cmd: cmdText,
  entrypoint: entrypointText,
  expose: exposeText,
  volume: volumeText,
  label: labelText,
  shell: shellText,
  healthcheck: healthcheckText,
  stopsignal: stopsignalText,
  onbuild: onbuildText,
  maintainer: maintainerText,
  'run-mount': runMountText,
  dockerignore: dockerignoreText,
  layers: layersText,
  cache: cacheText,
  secrets: secretsText,
  'multi-stage': multiStageText,
  'arg-or-env': argOrEnvText,
  'add-or-copy': addOrCopyText,
  'cmd-or-entrypoint': cmdOrEntrypointText,
  'shell-or-exec': shellOrExecText,
};

/** The names of all pages, in lower case. */
export type PageName = keyof typeof ENGLISH;
