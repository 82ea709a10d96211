// A RUN in which cargo builds, and which may take what it wants out of `target` itself.

import { cleanRelative } from '../../../core/index.ts';
import { type Command, operands, type Run } from '../../lint/index.ts';

/** Such a RUN. */
export interface CargoBuild {
  /** It copies out of `target`, or installs, what is wanted of it: nobody need look into it afterwards. */
  readonly takesItself: boolean;
}

/** Commands that take something from one place to another, which is their last operand. */
const TAKING = /^(cp|mv|install)$/;

/** Commands beside them that do nothing to a directory that is a mount. */
const HARMLESS = /^(strip|mkdir|chmod|ls|echo|printf|true|:)$/;

/**
 * Reads it: `cargo build` or `cargo install --path .` in the shell form, without flags, and behind it nothing but commands
 * that take files away.
 * @param target where cargo builds, without a leading slash
 * @param root the working directory
 */
export function cargoBuildOf(
  run: Run | undefined,
  { target, root }: { readonly target: string; readonly root: string },
): CargoBuild | undefined {
  if (run?.form !== 'shell' || run.onbuild || run.mounts.length > 0 || run.facts.clause.flags.length > 0)
    return undefined;
  if (run.at.heredocs.length > 0 || run.at.trivia.length > 0) return undefined;
  const [cargo, ...others] = run.commands;
  if (cargo?.name !== 'cargo' || cargo.args.some(({ text }) => isElsewhere(text))) return undefined;
  const [verb] = cargo.args;
  const installs = verb?.text === 'install' && isOwnPath(cargo);
  if (verb?.text !== 'build' && !installs) return undefined;
  const place = ({ text }: { readonly text: string }) =>
    text.startsWith('/') ? cleanRelative(text) : cleanRelative(`${root}/${text}`);
  const isInside = (path: string) => path === target || path.startsWith(`${target}/`);
  let takesItself = installs;
  for (const command of others) {
    if (HARMLESS.test(command.name)) continue;
    if (!TAKING.test(command.name)) return undefined;
    const paths = operands(command, ['m', 'mode', 'o', 'owner', 'g', 'group']).map(place);
    const destination = paths.at(-1);
    // Where something goes into it, it is wanted there.
    if (paths.length < 2 || destination === undefined || isInside(destination)) return undefined;
    if (command.args.some(({ text }) => /[$`]/.test(text))) return undefined;
    takesItself ||= paths.slice(0, -1).some(isInside);
  }
  return { takesItself };
}

function isElsewhere(text: string): boolean {
  return text.startsWith('--target-dir') || text.startsWith('--manifest-path');
}

/** `cargo install --path .`: what it installs is of the working directory. */
function isOwnPath({ args }: Command): boolean {
  const at = args.findIndex(({ text }) => text === '--path' || text.startsWith('--path='));
  const value = args[at]?.text === '--path' ? args[at + 1]?.text : args[at]?.text.slice('--path='.length);
  return at >= 0 && (value === '.' || value === './');
}
