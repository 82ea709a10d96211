// `--cap-add` and `--cap-drop`, by Docker's rules. Pure.

import { CAPABILITY_NAMES, DEFAULT_CAPABILITIES } from '../../build/sandbox/index.ts';
import { MilleError, suggest } from '../../core/index.ts';

const ALL = 'ALL';

/**
 * The capabilities of a container: Docker's usual ones, less those dropped, and those added; `ALL` is all or none.
 * @param held what this process has itself, which is all that it can give
 * @throws MilleError `usage` for a name that there is not, or that cannot be given
 */
export function capabilitiesOf(
  add: readonly string[],
  drop: readonly string[],
  held: readonly string[],
): readonly string[] {
  const added = add.map((name) => capability('--cap-add', name));
  const dropped = drop.map((name) => capability('--cap-drop', name));
  for (const name of added) {
    if (name === ALL || held.includes(name)) continue;
    throw new MilleError('usage', `--cap-add ${name}: mille itself does not have it here`, {
      hint: 'leave it out, or start mille with more privileges',
    });
  }
  const kept = (names: readonly string[]) => names.filter((name) => !dropped.includes(name));
  if (added.includes(ALL)) return kept(held);
  const usual = dropped.includes(ALL) ? [] : kept(DEFAULT_CAPABILITIES);
  return [...new Set([...usual, ...added])];
}

/** `net_admin` as `CAP_NET_ADMIN`. */
function capability(flag: string, text: string): string {
  const upper = text.toUpperCase();
  if (upper === ALL) return ALL;
  const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
  if (CAPABILITY_NAMES.includes(name)) return name;
  const near = suggest(name, CAPABILITY_NAMES);
  throw new MilleError('usage', `${flag} can't be '${text}': there is no such capability`, {
    hint: near ? `did you mean ${near.slice('CAP_'.length)}?` : "they are listed in 'man 7 capabilities'",
  });
}
