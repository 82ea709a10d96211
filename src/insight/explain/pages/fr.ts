// The texts of the pages in French, by their names.

import type { PageName } from './en.ts';
import addText from './fr/add.md' with { type: 'text' };
import addOrCopyText from './fr/add-or-copy.md' with { type: 'text' };
import argText from './fr/arg.md' with { type: 'text' };
import argOrEnvText from './fr/arg-or-env.md' with { type: 'text' };
import cacheText from './fr/cache.md' with { type: 'text' };
import cmdText from './fr/cmd.md' with { type: 'text' };
import cmdOrEntrypointText from './fr/cmd-or-entrypoint.md' with { type: 'text' };
import copyText from './fr/copy.md' with { type: 'text' };
import dockerignoreText from './fr/dockerignore.md' with { type: 'text' };
import entrypointText from './fr/entrypoint.md' with { type: 'text' };
import envText from './fr/env.md' with { type: 'text' };
import exposeText from './fr/expose.md' with { type: 'text' };
import fromText from './fr/from.md' with { type: 'text' };
import healthcheckText from './fr/healthcheck.md' with { type: 'text' };
import labelText from './fr/label.md' with { type: 'text' };
import layersText from './fr/layers.md' with { type: 'text' };
import maintainerText from './fr/maintainer.md' with { type: 'text' };
import multiStageText from './fr/multi-stage.md' with { type: 'text' };
import onbuildText from './fr/onbuild.md' with { type: 'text' };
import runText from './fr/run.md' with { type: 'text' };
import runMountText from './fr/run-mount.md' with { type: 'text' };
import secretsText from './fr/secrets.md' with { type: 'text' };
import shellText from './fr/shell.md' with { type: 'text' };
import shellOrExecText from './fr/shell-or-exec.md' with { type: 'text' };
import stopsignalText from './fr/stopsignal.md' with { type: 'text' };
import userText from './fr/user.md' with { type: 'text' };
import volumeText from './fr/volume.md' with { type: 'text' };
import workdirText from './fr/workdir.md' with { type: 'text' };

export const FRENCH: Readonly<Record<PageName, string>> = {
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
