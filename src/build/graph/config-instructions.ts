// Instructions that change the image's config only: what each changes and what the history says of it, in BuildKit's
// own words.

import { MilleError } from '../../core/index.ts';
import type {
  CommandLine,
  EnvInstruction,
  HealthcheckInstruction,
  KeyValue,
  LabelInstruction,
  StageInstruction,
  VolumeInstruction,
} from '../../lang/dockerfile/index.ts';
import type { ContainerConfig, HealthConfig } from '../../oci/image/index.ts';
import { setVariable } from './environment.ts';
import { exposedPorts } from './expose.ts';
import { formatDuration, quoteCharacter, quoteList } from './go-text.ts';
import { type ConfigChange, expand, type Scope } from './scope.ts';
import { isSignal } from './signal-names.ts';

/** An instruction that only changes the config. */
export type ConfigInstruction = Exclude<
  StageInstruction,
  { kind: 'arg' | 'run' | 'copy' | 'add' | 'workdir' }
>;

/** The shell of an image that names none. */
const DEFAULT_SHELL: readonly string[] = ['/bin/sh', '-c'];

/** What an instruction changes. @throws MilleError `expansion`, `dockerfile-syntax` */
export function configChange(scope: Scope, instruction: ConfigInstruction): ConfigChange {
  const { config } = scope.state;
  switch (instruction.kind) {
    case 'env':
      return envChange(scope, instruction);
    case 'label':
      return labelChange(scope, instruction);
    case 'user': {
      const User = expand(scope, instruction.user);
      return { config: { ...config, User }, history: `USER ${User}` };
    }
    case 'expose': {
      const ports = exposedPorts(scope, instruction);
      const ExposedPorts = { ...config.ExposedPorts, ...emptyObjects(ports) };
      return { config: { ...config, ExposedPorts }, history: `EXPOSE ${goList(ports)}` };
    }
    case 'volume':
      return volumeChange(scope, instruction);
    case 'cmd': {
      const Cmd = commandArgs(config, instruction.command);
      return { config: { ...config, Cmd, ArgsEscaped: true }, history: `CMD ${quoteList(Cmd)}` };
    }
    case 'entrypoint': {
      const Entrypoint = commandArgs(config, instruction.command);
      const { Cmd: _, ...withoutCmd } = config;
      const kept = scope.cmdSet ? config : withoutCmd;
      return { config: { ...kept, Entrypoint }, history: `ENTRYPOINT ${quoteList(Entrypoint)}` };
    }
    case 'shell': {
      const Shell = instruction.shell.map((word) => word.text);
      return { config: { ...config, Shell }, history: `SHELL ${goList(Shell)}` };
    }
    case 'stopsignal': {
      const StopSignal = expand(scope, instruction.signal);
      if (!isSignal(StopSignal)) {
        throw new MilleError('dockerfile-syntax', `${JSON.stringify(StopSignal)} is not a signal`, {
          hint: 'write a name such as SIGTERM, or a number',
          span: instruction.signal.span,
        });
      }
      return { config: { ...config, StopSignal }, history: `STOPSIGNAL ${StopSignal}` };
    }
    case 'healthcheck': {
      const Healthcheck = healthConfig(instruction);
      return {
        config: { ...config, Healthcheck },
        history: `HEALTHCHECK ${goHealth(instruction, Healthcheck)}`,
      };
    }
    case 'onbuild':
      return { config: { ...config, OnBuild: [...(config.OnBuild ?? []), instruction.expression] } };
    case 'maintainer':
      return { author: instruction.maintainer.text, history: `MAINTAINER ${instruction.maintainer.text}` };
  }
}

/** A command with the shell in force in front, where its form asks for it. */
function commandArgs(config: ContainerConfig, command: CommandLine): readonly string[] {
  return command.form === 'exec'
    ? command.args.map((word) => word.text)
    : withShell(config, command.text?.text ?? '');
}

/** A text given to the shell in force. */
export function withShell(config: ContainerConfig, text: string): readonly string[] {
  return [...shellOf(config), text];
}

/** The shell in force, as words before the text that is given to it. */
export function shellOf({ Shell = [] }: Pick<ContainerConfig, 'Shell'>): readonly string[] {
  return Shell.length > 0 ? Shell : DEFAULT_SHELL;
}

function expandPairs(scope: Scope, pairs: readonly KeyValue[]): readonly { key: string; value: string }[] {
  return pairs.map(({ key, value }) => ({ key: expand(scope, key), value: expand(scope, value) }));
}

function envChange(scope: Scope, { pairs }: EnvInstruction): ConfigChange {
  const expanded = expandPairs(scope, pairs);
  let Env = scope.state.config.Env ?? [];
  for (const { key, value } of expanded) Env = setVariable(Env, key, value);
  return {
    config: { ...scope.state.config, Env },
    variables: expanded.map(({ key, value }) => ({ name: key, value, origin: 'environment' })),
    history: `ENV ${expanded.map(({ key, value }) => `${key}=${value}`).join(' ')}`,
  };
}

function labelChange(scope: Scope, { pairs }: LabelInstruction): ConfigChange {
  const expanded = expandPairs(scope, pairs);
  const added = Object.fromEntries(expanded.map(({ key, value }) => [key, value]));
  return {
    config: { ...scope.state.config, Labels: { ...scope.state.config.Labels, ...added } },
    history: `LABEL ${expanded.map(({ key, value }) => `${key}=${value}`).join(' ')}`,
  };
}

function volumeChange(scope: Scope, { volumes }: VolumeInstruction): ConfigChange {
  const paths = volumes.map((word) => {
    const path = expand(scope, word);
    if (path !== '') return path;
    throw new MilleError('dockerfile-syntax', `the path of VOLUME is empty: ${word.text}`, {
      hint: 'give the variable a value, or remove the line',
      span: word.span,
    });
  });
  const Volumes = { ...scope.state.config.Volumes, ...emptyObjects(paths) };
  return { config: { ...scope.state.config, Volumes }, history: `VOLUME ${goList(paths)}` };
}

function healthConfig(check: HealthcheckInstruction): HealthConfig {
  return {
    Test: healthTest(check.command),
    ...positive('Interval', check.interval),
    ...positive('Timeout', check.timeout),
    ...positive('StartPeriod', check.startPeriod),
    ...positive('StartInterval', check.startInterval),
    ...positive('Retries', check.retries),
  };
}

function healthTest(command: CommandLine | undefined): readonly string[] {
  if (!command) return ['NONE'];
  return command.form === 'exec'
    ? ['CMD', ...command.args.map((word) => word.text)]
    : ['CMD-SHELL', command.text?.text ?? ''];
}

function positive(name: keyof HealthConfig, value: number): HealthConfig {
  return value > 0 ? { [name]: value } : {};
}

/** The struct as Docker 28 prints it, the number of retries as a character included. */
function goHealth(check: HealthcheckInstruction, { Test = [] }: HealthConfig): string {
  const times = [check.interval, check.timeout, check.startPeriod, check.startInterval];
  const durations = times.map((time) => `"${formatDuration(time)}"`).join(' ');
  return `&{${quoteList(Test)} ${durations} ${quoteCharacter(check.retries)}}`;
}

function goList(texts: readonly string[]): string {
  return `[${texts.join(' ')}]`;
}

function emptyObjects(names: readonly string[]): Record<string, Record<string, never>> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}
