// WORKDIR: makes the directory, owned by the user in force, where it is not there yet.

import { staticInputs, type WorkdirStep } from '../graph/index.ts';
import { type AccountFiles, namesAccounts, resolveOwner } from './account.ts';
import { destinationOf } from './destination.ts';
import { accountsAtHand } from './foreseen-layers.ts';
import { placeDirectory } from './place-sources.ts';
import type { ExecuteServices } from './services.ts';
import { accountFiles, mergedTree, type Snapshot, snapshotContent } from './snapshot.ts';
import { type StepWork, storeLayer } from './work.ts';

const NO_ACCOUNTS: AccountFiles = { passwd: '', group: '' };

/** Prepares a WORKDIR step. */
export function prepareWorkdir(services: ExecuteServices, step: WorkdirStep, snapshot: Snapshot): StepWork {
  const { store } = services;
  const named = namesAccounts(step.user);
  const placed = (files: AccountFiles) =>
    placeDirectory({
      destination: destinationOf(mergedTree(store, snapshot)),
      path: step.path,
      // As --chown reads it: a number alone is the group too.
      owner: resolveOwner(step.user, files),
      now: services.now(),
      ...(step.span ? { span: step.span } : {}),
    });
  return {
    inputs: [...staticInputs(step), { kind: 'parent', name: '', value: snapshotContent(snapshot, services) }],
    async foresee() {
      const files = named ? await accountsAtHand(store, snapshot) : NO_ACCOUNTS;
      return files && placed(files).map(({ entry }) => entry);
    },
    async execute() {
      const entries = placed(named ? await accountFiles(store, snapshot) : NO_ACCOUNTS);
      if (entries.length === 0) return {};
      return { layer: (await storeLayer(services, entries, { step: step.id })).info };
    },
  };
}
