// Whose the files of COPY and ADD are: --chown, with names looked up in the image so far.

import { MilleError } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { StepWarning } from '../cache/index.ts';
import type { AddStep, CopyStep } from '../graph/index.ts';
import { type AccountFiles, namesAccounts, type Owner, resolveOwner, type UnknownName } from './account.ts';
import { accountsAtHand } from './foreseen-layers.ts';
import { accountFiles, type Snapshot } from './snapshot.ts';

/**
 * The owner that --chown names. Names are looked up in what the step stands on, so there must be something; those that
 * are not found are warnings.
 * @throws MilleError `unknown-user` for a name with --link, or where there are no files at all
 */
export async function ownerOf(
  store: Store,
  step: CopyStep | AddStep,
  snapshot: Snapshot,
): Promise<{ readonly owner?: Owner; readonly warnings: readonly StepWarning[] }> {
  const { chown, link, span } = step;
  if (chown === undefined) return { warnings: [] };
  if (!namesAccounts(chown)) return { owner: resolveOwner(chown, NO_ACCOUNTS), warnings: [] };
  if (link || snapshot.layers.length === 0) {
    const why = link ? '--link knows nothing of the image' : 'there are no files yet to look it up in';
    throw new MilleError('unknown-user', `--chown=${chown} is a name, and ${why}`, {
      hint: 'give the numbers of user and group',
      ...(span ? { span } : {}),
    });
  }
  const unknown: UnknownName[] = [];
  const owner = resolveOwner(chown, await accountFiles(store, snapshot), (name) => unknown.push(name));
  return { owner, warnings: unknown.map(wordUnknown) };
}

/** The accounts that --chown needs to be understood, where they are at hand: none for numbers. */
export async function accountsFor(
  store: Store,
  { chown }: CopyStep | AddStep,
  snapshot: Snapshot,
): Promise<AccountFiles | undefined> {
  return chown === undefined || !namesAccounts(chown) ? NO_ACCOUNTS : await accountsAtHand(store, snapshot);
}

function wordUnknown({ kind, name }: UnknownName): StepWarning {
  return {
    message:
      kind === 'user'
        ? `no user '${name}' in the image's /etc/passwd: its files belong to root`
        : `no group '${name}' in the image's /etc/group: the files keep the group of their user`,
    hint: `create the ${kind} in an earlier RUN, or give its number`,
  };
}

const NO_ACCOUNTS = { passwd: '', group: '' };
