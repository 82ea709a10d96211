// The command with which a package manager installs a project's packages, and how it leaves those for development out.

import { type Command, flagNames, operands } from '../../lint/index.ts';
import type { Part } from '../build-stage/roles.ts';
import { NODE_MANAGERS, type NodeManager } from './managers.ts';
import type { NodeProject } from './project.ts';

/** The command. */
export interface NodeInstall {
  readonly part: Part;
  /** `npm ci`. */
  readonly name: string;
  /** With which it leaves them out: `--omit=dev`. */
  readonly flag: string;
  /** Where in the file the flag goes. */
  readonly at: number;
  readonly ignoresScripts: boolean;
  /** Its RUN does more than that. */
  readonly isJoined: boolean;
}

/** With these it is already said what is installed, or something else is. */
const OTHERWISE = [
  'omit',
  'include',
  'only',
  'also',
  'production',
  'prod',
  'dev',
  'g',
  'global',
  'prefix',
  'cwd',
  'dir',
  'filter',
  'recursive',
  'r',
  'D',
  'P',
  'C',
];

/** The command of a RUN; undefined where it is none, or one of which nobody knows what it does. */
export function nodeInstallOf(part: Part, project: NodeProject): NodeInstall | undefined {
  const { run } = part;
  if (run?.form !== 'shell' || run.at.heredocs.length > 0) return undefined;
  const manager = NODE_MANAGERS[project.manager ?? 'npm'];
  const found = run.commands.filter((one) => isInstall(one, manager));
  const [command] = found;
  if (!command || found.length > 1) return undefined;
  const [verb] = operands(command);
  const flags = flagNames(command);
  if (flags.some((flag) => OTHERWISE.includes(flag))) return undefined;
  if (run.commands.some(({ name }) => name === 'cd')) return undefined;
  const working = (part.built.before.config.WorkingDir ?? '/').replace(/^\/+|\/+$/g, '');
  if (working !== project.directory) return undefined;
  return {
    ...{ part, name: [command.name, ...(verb ? [verb.text] : [])].join(' ') },
    ...{ at: (verb ?? command.word).span.end, flag: manager.withoutDevelopment },
    ignoresScripts: flags.includes('ignore-scripts'),
    isJoined: run.commands.some((one) => one !== command && !isPlain(one)),
  };
}

function isInstall(command: Command, { programs, verbs }: NodeManager): boolean {
  const [verb, ...packages] = operands(command);
  return programs.test(command.name) && verbs.test(verb?.text ?? '') && packages.length === 0;
}

/** Whether a command needs no package of the project. */
function isPlain(command: Command): boolean {
  const { name } = command;
  if (/^(npm|yarn|pnpm)$/.test(name))
    return /^(cache|config|set|store)$/.test(operands(command)[0]?.text ?? '');
  return /^(apt-get|apt|apk|rm|mkdir|chown|chmod|ln|touch|true|set|:|echo|useradd|groupadd|adduser|addgroup|usermod|corepack)$/.test(
    name,
  );
}

/** Whether an instruction may need what an install brings. */
export function mayBuild({ role, run }: Part): boolean {
  return role === 'work' && !(run && run.commands.length > 0 && run.commands.every(isPlain));
}
