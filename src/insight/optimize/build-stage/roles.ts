// What each instruction of a stage is there for: to install tools, to build with them, to bring files, to set up.

import {
  type BuiltInstruction,
  type Command,
  hasArgument,
  operands,
  type Run,
  runsOf,
  type Word,
} from '../../lint/index.ts';
import type { StepEvidence } from '../evidence.ts';
import { builtOf, type Subject } from '../subject.ts';
import { isBuildPackage } from './toolchain.ts';

/**
 * `tools`: installs packages, of which some are there to build. `packages`: installs others, or fetches lists of them. `setup`: makes users and
 * directories. `work`: any other RUN. `copy`: COPY and ADD. `config`: what makes no files, and WORKDIR.
 */
export type Role = 'tools' | 'packages' | 'setup' | 'work' | 'copy' | 'config';

/** An instruction, and what it is there for. */
export interface Part {
  readonly built: BuiltInstruction;
  readonly role: Role;
  /** What was seen of it; of all that makes a layer. */
  readonly step?: StepEvidence;
  readonly run?: Run;
  /** Of `tools`: the packages that are named and are there to build. */
  readonly packages: readonly string[];
  /** Others that are named. */
  readonly others: readonly string[];
  /** Where `packages` are named. */
  readonly words: readonly Word[];
}

/** The instructions of a stage; undefined where one of them cannot be told, or was never seen. */
export function partsOf(subject: Subject, stage: number): readonly Part[] | undefined {
  const runs = new Map(runsOf(subject.lint).map((run) => [run.at, run]));
  const parts: Part[] = [];
  for (const built of builtOf(subject, stage)) {
    const { instruction } = built;
    const { kind } = instruction;
    const step = subject.observed(instruction);
    const common = { built, ...NO_PACKAGES, ...(step ? { step } : {}) };
    if (kind === 'onbuild') return undefined;
    if (kind === 'copy' || kind === 'add' || kind === 'run') {
      if (!step) return undefined;
      if (kind !== 'run') parts.push({ ...common, role: 'copy' });
      else {
        const run = runs.get(instruction.node);
        parts.push({ ...common, ...(run ? { run, ...roleOf(run) } : { role: 'work' }) });
      }
    } else parts.push({ ...common, role: 'config' });
  }
  return parts;
}

const MANAGERS: Readonly<
  Record<string, { readonly verbs: readonly string[]; readonly valued: readonly string[] }>
> = {
  'apt-get': { verbs: ['install'], valued: ['t', 'target-release', 'o', 'option', 'c', 'config-file'] },
  apt: { verbs: ['install'], valued: ['t', 'target-release', 'o', 'option'] },
  apk: { verbs: ['add'], valued: ['t', 'virtual', 'repository', 'X', 'p', 'root', 'keys-dir'] },
  dnf: { verbs: ['install'], valued: ['enablerepo', 'disablerepo', 'setopt'] },
  microdnf: { verbs: ['install'], valued: ['enablerepo', 'disablerepo', 'setopt'] },
  yum: { verbs: ['install'], valued: ['enablerepo', 'disablerepo', 'setopt'] },
};
/** Other commands of theirs that bring nothing. */
const PREPARING = /^(update|clean|autoclean|autoremove|upgrade|dist-upgrade|makecache)$/;
const SETTING_UP = /^(useradd|groupadd|adduser|addgroup|usermod|mkdir|chown|chmod|ln|touch|true|set|:)$/;

const NO_PACKAGES = { packages: [], others: [], words: [] } as const;

function roleOf(run: Run): Pick<Part, 'role' | 'packages' | 'others' | 'words'> {
  const { commands } = run;
  const work = { role: 'work', ...NO_PACKAGES } as const;
  if (commands.length === 0 || run.at.heredocs.length > 0) return work;
  if (commands.every(({ name }) => SETTING_UP.test(name))) return { ...work, role: 'setup' };
  const named: Word[] = [];
  for (const command of commands) {
    const words = installed(command);
    if (words) named.push(...words);
    else if (!isHarmless(command)) return work;
  }
  if (named.some(({ text }) => /[$`*]/.test(text))) return work;
  const [words, others] = [named.filter(isTool), named.filter((word) => !isTool(word))];
  if (words.length === 0) return { ...work, role: 'packages', others: textsOf(others) };
  return { role: 'tools', packages: textsOf(words), others: textsOf(others), words };
}

const isTool = ({ text }: Word) => isBuildPackage(text);
const textsOf = (words: readonly Word[]) => words.map(({ text }) => text);

/** The packages that a command installs; undefined where it does something else. */
function installed(command: Command): readonly Word[] | undefined {
  const manager = MANAGERS[command.name];
  if (!manager) return undefined;
  const [verb, ...packages] = operands(command, manager.valued);
  return manager.verbs.includes(verb?.text ?? '') ? packages : undefined;
}

function isHarmless(command: Command): boolean {
  const { name } = command;
  if (MANAGERS[name]) return PREPARING.test(operands(command)[0]?.text ?? '');
  if (name === 'rm')
    return operands(command).every(({ text }) => /^\/(var\/(lib\/apt|cache)|tmp)\//.test(text));
  return (name === 'set' || name === 'export') && !hasArgument(command, 'PATH');
}
