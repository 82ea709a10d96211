// Whose the files of COPY and ADD are: --chown, with names looked up in the image so far.

import { MilleError } from '../../core/index.ts';
import type { AddStep, CopyStep } from '../graph/index.ts';
import { namesAccounts, type Owner, resolveOwner } from './account.ts';
import type { ExecuteServices } from './services.ts';
import { accountFiles, type Snapshot } from './snapshot.ts';

/**
 * The owner that --chown names. Names are looked up in what the step stands on, so there must be something; those that
 * are not found are told as warnings.
 * @throws MilleError `unknown-user` for a name with --link, or where there are no files at all
 */
export async function ownerOf(
  services: ExecuteServices,
  step: CopyStep | AddStep,
  snapshot: Snapshot,
): Promise<Owner | undefined> {
  const { chown, link, span } = step;
  if (chown === undefined) return undefined;
  if (!namesAccounts(chown)) return resolveOwner(chown, NO_ACCOUNTS);
  if (link || snapshot.layers.length === 0) {
    const why = link ? '--link knows nothing of the image' : 'there are no files yet to look it up in';
    throw new MilleError('unknown-user', `--chown=${chown} is a name, and ${why}`, {
      hint: 'give the numbers of user and group',
      ...(span ? { span } : {}),
    });
  }
  return resolveOwner(chown, await accountFiles(services.store, snapshot), ({ kind, name }) =>
    services.events({
      type: 'warning',
      message:
        kind === 'user'
          ? `no user '${name}' in the image's /etc/passwd: its files belong to root`
          : `no group '${name}' in the image's /etc/group: the files keep the group of their user`,
      hint: `create the ${kind} in an earlier RUN, or give its number`,
      ...(span ? { span } : {}),
    }),
  );
}

const NO_ACCOUNTS = { passwd: '', group: '' };
