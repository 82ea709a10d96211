// Where a variable that holds a secret is declared and used, over all stages, and why it cannot be a secret mount where it
// cannot.

import type { TextEdit } from '../../../core/index.ts';
import type { ArgInstruction, EnvInstruction, Instruction } from '../../../lang/dockerfile/index.ts';
import { type BuiltInstruction, lineage, type Run, runsOf } from '../../lint/index.ts';
import { linesWithout } from '../lines.ts';
import type { Subject } from '../subject.ts';

/** A variable, and what becomes of it. */
export interface SecretUses {
  /** ARG and ENV that go. */
  readonly edits: readonly TextEdit[];
  /** The RUN instructions that may look at it. */
  readonly runs: readonly BuiltInstruction[];
  /** What it comes to there; absent where it has no value. */
  readonly value?: string;
  /** It is in the image's config, too. */
  readonly inConfig: boolean;
}

/** Why it has to stay. */
export interface Obstacle {
  readonly why: string;
  readonly at: Instruction;
}

/** What declares the variable. */
export type Declaration = ArgInstruction | EnvInstruction;

/** All that declare a variable, in the order of the file. */
export function declarationsOf({ lint }: Subject, name: string): readonly Declaration[] {
  const { globalArgs, stages } = lint.dockerfile;
  return [...globalArgs, ...stages.flatMap(({ instructions }) => instructions)].filter(
    (one): one is Declaration =>
      (one.kind === 'arg' && one.args.some((arg) => arg.name.text === name)) ||
      (one.kind === 'env' && one.pairs.some(({ key }) => key.text === name)),
  );
}

/** Follows the variable. */
export function usesOf(
  subject: Subject,
  name: string,
  declared: readonly Declaration[],
): SecretUses | Obstacle {
  const { lint } = subject;
  const envs = declared.filter((one) => one.kind === 'env');
  const isBuilt = new Set(lint.built.map(({ instruction }) => instruction as Instruction));
  const unbuilt = declared.find(
    (one) => !isBuilt.has(one) && !lint.dockerfile.globalArgs.some((arg) => arg === one),
  );
  if (unbuilt) return { why: 'it stands in a stage that is not built here', at: unbuilt };
  const composed = declared.find((one) =>
    valuesOf(one, name).some((value) => value.includes('$') && !isItself(value, name)),
  );
  if (composed) return { why: 'its value is made of other variables', at: composed };
  const other = otherUse(subject, name, declared);
  if (other) return other;
  const shipped = envs.find((one) => isShipped(subject, one));
  const obstacle = shipped && runTimeUse(subject, name, shipped);
  if (obstacle) return obstacle;
  const scope = lint.built.filter(
    ({ instruction, before }) => instruction.kind === 'run' && isInScope(before, name),
  );
  const foreign = scope.find(({ at, instruction }) => at !== instruction.node);
  if (foreign) return { why: 'a command that the base image brings (ONBUILD) sees it', at: declared[0]! };
  const facts = runsOf(lint);
  const runs = scope.filter((one) =>
    mayLookAt(
      facts.find(({ at }) => at === one.at),
      one,
      name,
    ),
  );
  const mounted = runs.find(({ instruction }) => hasMountOf(instruction, name));
  if (mounted) return { why: 'a secret of the same name is mounted already', at: mounted.instruction };
  const values = new Set(scope.map(({ before }) => before.environment.lookup(name)));
  if (values.size > 1) return { why: 'it has not the same value for all commands', at: declared[0]! };
  const [value] = values;
  return {
    edits: declared.flatMap((one) => withoutDeclaration(subject, one, name)),
    runs,
    ...(value === undefined || value === '' ? {} : { value }),
    inConfig: shipped !== undefined,
  };
}

/** What else than commands and the declarations themselves takes its value. */
function otherUse(subject: Subject, name: string, declared: readonly Declaration[]): Obstacle | undefined {
  const named = new RegExp(`(?<![\\w])${name}(?![\\w])`);
  const { stages, globalArgs } = subject.lint.dockerfile;
  const all: readonly Instruction[] = [
    ...globalArgs,
    ...stages.flatMap(({ from, instructions }) => [from, ...instructions]),
  ];
  for (const one of all) {
    if (!named.test(one.text) && !one.node.heredocs.some(({ content }) => named.test(content))) continue;
    const keyword = one.kind.toUpperCase();
    if (declared.some((declaration) => declaration === one)) {
      const aside = asideOf(one as Declaration, name).find((text) => named.test(text));
      if (aside !== undefined) return { why: `${keyword} gives its value to another variable`, at: one };
      continue;
    }
    // What a container runs has the container's variables: of ARG it knows nothing.
    if (one.kind === 'cmd' || one.kind === 'entrypoint' || one.kind === 'healthcheck') continue;
    const used = subject.lint.built.find(({ instruction }) => instruction === one)?.expansions ?? [];
    const isInFlags = used.some(({ expansion }) => [...expansion.used, ...expansion.unset].includes(name));
    if (one.kind === 'run' && !isInFlags) continue;
    return { why: `${keyword} uses it, and only RUN can be given a secret`, at: one };
  }
  return undefined;
}

/** The values that a declaration gives it. */
export function valuesOf(one: Declaration, name: string): readonly string[] {
  if (one.kind === 'arg')
    return one.args.flatMap((arg) => (arg.name.text === name && arg.value ? [arg.value.text] : []));
  return one.pairs.flatMap(({ key, value }) => (key.text === name ? [value.text] : []));
}

/** The texts of a declaration besides the name itself and `$NAME` as its value. */
function asideOf(one: Declaration, name: string): readonly string[] {
  if (one.kind === 'arg')
    return one.args.flatMap((arg) => (arg.value && !isItself(arg.value.text, name) ? [arg.value.text] : []));
  return one.pairs.flatMap(({ key, value }) => [
    ...(key.text === name ? [] : [key.text]),
    ...(key.text === name && isItself(value.text, name) ? [] : [value.text]),
  ]);
}

/** `$NAME`, quoted or not. */
function isItself(text: string, name: string): boolean {
  return [`$${name}`, `\${${name}}`].includes(text.replace(/^"(.*)"$/, '$1'));
}

function isShipped({ lint }: Subject, one: Declaration): boolean {
  const { stages } = lint.dockerfile;
  const last = lint.stages.at(-1)?.stage.index;
  if (last === undefined) return true;
  return lineage(stages, stages[last]!).some(({ instructions }) => instructions.some((own) => own === one));
}

/** Variables that package managers take credentials from: nothing else has a use for them. */
const OF_INSTALLS =
  /^(?:NPM_(?:AUTH_)?TOKEN|NODE_AUTH_TOKEN|YARN_NPM_AUTH_TOKEN|NPM_CONFIG_.*|PIP_(?:EXTRA_)?INDEX_URL|UV_INDEX_.*|POETRY_(?:HTTP_BASIC|PYPI_TOKEN)_.*|COMPOSER_AUTH|BUNDLE_.*|CARGO_REGISTRIES_.*|NUGET_.*|HEX_API_KEY|GEMFURY_.*|TWINE_.*)$/;
const NODE_MANAGERS = /^(?:npm|npx|yarn|pnpm|pnpx|corepack)$/;

/** Why a container may want an ENV of the image. */
function runTimeUse(subject: Subject, name: string, env: Instruction): Obstacle | undefined {
  if (!OF_INSTALLS.test(name))
    return {
      why: 'what runs in a container may want it. If nothing does, take ENV away and mount it as a secret where it is used; if something does, give it when the container is started (docker run --env-file), never in the image',
      at: env,
    };
  const { Entrypoint, Cmd, Healthcheck } = subject.evidence.image.config.config ?? {};
  const own = subject.lint.built.flatMap(({ instruction: { kind, text } }) =>
    kind === 'cmd' || kind === 'entrypoint' || kind === 'healthcheck' ? [text] : [],
  );
  const words = [Entrypoint, Cmd, Healthcheck?.Test, own].flatMap((list) => list ?? []);
  const programs = words.flatMap((word) => word.split(/[^\w./-]+/)).map((word) => word.replace(/^.*\//, ''));
  if (programs.some((word) => NODE_MANAGERS.test(word)))
    return {
      why: 'a package manager runs in the container too, and may read settings that name it',
      at: env,
    };
  if (words.some((word) => word.includes(name)))
    return { why: 'the command of the container uses it', at: env };
  return undefined;
}

function isInScope({ environment, args }: BuiltInstruction['before'], name: string): boolean {
  return environment.lookup(name) !== undefined || args.some((one) => one.name === name);
}

/** Commands that look at no variable but those that they are told of, and at those of their own. */
const BLIND =
  /^(?:echo|printf|true|:|sleep|mkdir|rmdir|rm|cp|mv|ln|touch|chmod|chown|chgrp|install|cat|ls|test|\[|cd|sed|grep|tar|unzip|gunzip|useradd|adduser|groupadd|addgroup|usermod|locale-gen|ldconfig|update-ca-certificates|apt|apt-get|apk|dnf|microdnf|yum|zypper)$/;

/** Whether a RUN looks at it, or may. */
function mayLookAt(run: Run | undefined, { instruction }: BuiltInstruction, name: string): boolean {
  const { text, node } = instruction;
  if (text.includes(name) || node.heredocs.some(({ content }) => content.includes(name))) return true;
  const commands = run?.facts.commands ?? [];
  return commands.length === 0 || !commands.every((one) => BLIND.test(one.name));
}

function hasMountOf(instruction: Instruction, name: string): boolean {
  if (instruction.kind !== 'run') return false;
  return instruction.mounts.some(({ fields }) => {
    const of = (key: string) => fields.find((one) => one.key === key)?.value;
    return of('type') === 'secret' && [of('id'), of('env'), of('source')].includes(name);
  });
}

/** A declaration taken away: with its line where it declares nothing else. */
function withoutDeclaration(subject: Subject, one: Declaration, name: string): readonly TextEdit[] {
  const parts =
    one.kind === 'arg'
      ? one.args.map(({ name: own, value }) => ({ own, end: (value ?? own).span.end }))
      : one.pairs.map(({ key, value }) => ({ own: key, end: value.span.end }));
  const kept = parts.filter(({ own }) => own.text !== name);
  if (kept.length === 0) return linesWithout(subject, one);
  return parts.flatMap(({ own, end }, i): TextEdit[] => {
    if (own.text !== name) return [];
    // With the space before it; the first one with that behind it.
    const before = parts.slice(0, i).findLast((part) => part.own.text !== name);
    if (before) return [{ start: parts[i - 1]!.end, end, text: '' }];
    return [{ start: own.span.start, end: parts[i + 1]!.own.span.start, text: '' }];
  });
}
