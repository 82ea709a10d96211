// Whether commands do the same behind others in one shell as in a RUN of their own.

import type { Run } from '../../lint/index.ts';

/** Commands that change the shell itself, or leave something running that ends with the RUN. */
const LASTING = new Set([
  ...[
    'cd',
    'pushd',
    'popd',
    'export',
    'set',
    'shopt',
    'unset',
    'source',
    '.',
    'umask',
    'ulimit',
    'exec',
    'exit',
  ],
  ...[
    'trap',
    'alias',
    'unalias',
    'eval',
    'readonly',
    'declare',
    'local',
    'typeset',
    'return',
    'read',
    'getopts',
  ],
  ...[
    'service',
    'systemctl',
    'invoke-rc.d',
    'start-stop-daemon',
    'supervisord',
    'nohup',
    'setsid',
    'daemonize',
  ],
]);

/** Whether another RUN can be appended: nothing of it is left in the shell. */
export function canBeFirst(run: Run): boolean {
  const { script, form } = run.facts;
  const last = script?.statements.at(-1);
  if (!script || form !== 'shell' || !last || !isPlain(run)) return false;
  if (script.statements.some(({ background }) => background)) return false;
  if (
    run.commands.some(({ name, args }) => LASTING.has(name) || args.some(({ text }) => text === '--daemon'))
  )
    return false;
  // Assignments without a command, functions, names that are not known.
  if (run.facts.commands.some(({ nameWord }) => !nameWord)) return false;
  return script.statements.every(({ node }) => node.kind !== 'function');
}

/** Whether it can stand behind `&&`: as one statement that is done or not. */
export function canFollow(run: Run): boolean {
  const { script, form } = run.facts;
  const [only, ...others] = script?.statements ?? [];
  if (!script || form !== 'shell' || !only || others.length > 0 || only.background || !isPlain(run))
    return false;
  return only.node.kind !== 'and-or' || !only.node.operators.includes('||');
}

/** Nothing but statements in its text: no comment or here-document; at its end there may be a semicolon, which says nothing. */
function isPlain({ facts, at }: Run): boolean {
  const { script } = facts;
  if (!script || script.errors.length > 0 || at.heredocs.length > 0) return false;
  const [first, last] = [script.statements[0]!, script.statements.at(-1)!];
  return (
    script.text.slice(0, first.start).trim() === '' &&
    ['', ';'].includes(script.text.slice(last.end).trim()) &&
    !facts.commands.some(({ command }) => command.redirects.some(({ operator }) => operator.startsWith('<<')))
  );
}
