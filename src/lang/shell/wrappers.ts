// Commands that run another one, which stands in their arguments.

import type { ShellWord } from './tree.ts';

/** How to find the other command. */
interface Wrapper {
  /** Flags that take the next word. */
  readonly valued?: readonly string[];
  /** `NAME=value` in front of the command. */
  readonly assignments?: boolean;
  /** Operands in front of it. */
  readonly operands?: number;
  /** Flags with which no command is run. */
  readonly idle?: readonly string[];
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: { valued: ['u', 'g', 'h', 'p', 'C', 'D', 'r', 't', 'T', 'U'], assignments: true },
  doas: { valued: ['u', 'C'] },
  env: { valued: ['u', 'C', 'S'], assignments: true },
  exec: { valued: ['a'] },
  command: { idle: ['v', 'V'] },
  builtin: {},
  busybox: {},
  nice: { valued: ['n'] },
  ionice: { valued: ['c', 'n'] },
  nohup: {},
  time: { valued: ['f', 'o'] },
  timeout: { valued: ['k', 's'], operands: 1 },
  eatmydata: {},
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  xargs: { valued: ['a', 'd', 'E', 'I', 'L', 'n', 'P', 's'] },
};

/** The words of the command that another runs; undefined where it runs none. */
export function innerCommand({
  name,
  args,
}: {
  readonly name: string;
  readonly args: readonly ShellWord[];
}): readonly ShellWord[] | undefined {
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (!wrapper) return undefined;
  const { valued = [], assignments = false, idle = [] } = wrapper;
  let operands = wrapper.operands ?? 0;
  for (let index = 0; index < args.length; index++) {
    const value = args[index]?.value ?? '';
    const flag = /^-([^-=])$|^-/.exec(value);
    if (value === '--') continue;
    if (flag) {
      if (flag[1] !== undefined && idle.includes(flag[1])) return undefined;
      if (flag[1] !== undefined && valued.includes(flag[1])) index++;
    } else if (assignments && /^[A-Za-z_]\w*=/.test(value)) continue;
    else if (operands > 0) operands--;
    else return args.slice(index);
  }
  return undefined;
}
