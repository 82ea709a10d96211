// RUN: the process, its environment, its mounts.

import {
  chompHeredoc,
  type Heredoc,
  type RunInstruction,
  type RunScript,
  resolveMount,
  runScript,
} from '../../lang/dockerfile/index.ts';
import { withShell } from './config-instructions.ts';
import type { Variable } from './environment.ts';
import { buildArg, proxyVariables } from './global-scope.ts';
import type { PlannedInstruction } from './plan.ts';
import { runMounts } from './run-mounts.ts';
import { addHistory, expand, historyEntry, nextPlace, type Scope, stepBase } from './scope.ts';
import type { RunMount, RunStep } from './step.ts';
import { stepTitle } from './title.ts';

/** Adds the step of a RUN to the scope. */
export function runStep(
  scope: Scope,
  planned: PlannedInstruction & { readonly instruction: RunInstruction },
  position: number,
): void {
  const { instruction } = planned;
  const { plan, state } = scope;
  const script = runScript(instruction);
  const command = runCommand(scope, script);
  const mounts = runMounts({
    mounts: instruction.mounts.map((flag) =>
      resolveMount(flag, (value) => expand(scope, { text: value, span: flag.word.span })),
    ),
    words: instruction.mounts.map((flag) => flag.word),
    sources: planned.sources,
    workdir: state.config.WorkingDir ?? '/',
    cacheNamespace: buildArg(plan.buildArgs, 'BUILDKIT_CACHE_MOUNT_NS') ?? '',
  });
  const place = nextPlace(scope);
  const base = stepBase(scope, planned, position);
  const history = historyEntry(historyText(scope, command.argv));
  const hostname = buildArg(plan.buildArgs, 'BUILDKIT_SANDBOX_HOSTNAME');
  const step: RunStep = {
    ...base,
    kind: 'run',
    number: place.number,
    title: stepTitle(place, titleText(scope, instruction, mounts), planned.trigger),
    configAfter: state.config,
    history,
    form: instruction.command.form,
    ...command,
    environment: runEnvironment(scope),
    proxy: proxyVariables(plan.buildArgs),
    workdir: state.config.WorkingDir || '/',
    user: state.config.User ?? '',
    network: instruction.network === 'default' ? plan.network : instruction.network,
    security: instruction.security,
    devices: instruction.devices.map((device) => device.text),
    mounts,
    ...(hostname ? { hostname } : {}),
  };
  scope.steps.push(step);
  addHistory(scope, history, base.id);
}

/** The process, SHELL in front, and the text a person would call the command. */
function runCommand(scope: Scope, script: RunScript): Pick<RunStep, 'argv' | 'commandText' | 'script'> {
  const { config } = scope.state;
  switch (script.kind) {
    case 'exec':
      return { argv: script.args, commandText: script.args.join(' ') };
    case 'shell':
      return { argv: withShell(config, script.text), commandText: script.text };
    case 'file':
      return {
        argv: withShell(config, `/dev/pipes/${script.name}`),
        commandText: script.content,
        script: { name: script.name, content: script.content },
      };
  }
}

function runEnvironment({ plan, state }: Scope): readonly Variable[] {
  const epoch = plan.sourceDateEpoch;
  if (epoch === undefined || state.environment.get('SOURCE_DATE_EPOCH') !== undefined) {
    return state.environment.variables();
  }
  return [
    ...state.environment.variables(),
    { name: 'SOURCE_DATE_EPOCH', value: String(epoch), origin: 'argument' },
  ];
}

/** `RUN |2 A=1 B=2 /bin/sh -c command`: declared arguments with the values they have now, then the process. */
function historyText({ state }: Scope, argv: readonly string[]): string {
  const values = new Map<string, string>();
  for (const { name, value } of state.args) values.set(name, state.environment.get(name) ?? value ?? '');
  const args = [...values].map(([name, value]) => `${name}=${value}`);
  const prefix = args.length === 0 ? [] : [`|${args.length}`, ...args];
  return ['RUN', ...prefix, ...argv].join(' ');
}

function titleText(scope: Scope, instruction: RunInstruction, mounts: readonly RunMount[]): string {
  const masked = new Set(
    mounts.flatMap((mount) => (mount.type === 'secret' && mount.variable ? [mount.variable] : [])),
  );
  const summary = heredocSummary(instruction.heredocs[0], runScript(instruction));
  return scope.titles.describe(scope, instruction.text + summary, { run: true, masked });
}

/** ` (first line...)` where a lone here-document is the script. */
function heredocSummary(heredoc: Heredoc | undefined, script: RunScript): string {
  if (!heredoc) return '';
  const body = heredoc.chomp ? chompHeredoc(heredoc.content) : heredoc.content;
  if (script.kind !== 'file' && !(script.kind === 'shell' && script.text === body)) return '';
  const lines = heredoc.content.trim().split(/\r?\n/);
  return ` (${lines[0] ?? ''}${lines.length > 1 ? '...' : ''})`;
}
