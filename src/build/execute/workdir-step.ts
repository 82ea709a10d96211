// WORKDIR: makes the directory, owned by the user in force, where it is not there yet.

import { staticInputs, type WorkdirStep } from '../graph/index.ts';
import { namesAccounts, resolveOwner } from './account.ts';
import { destinationOf } from './destination.ts';
import { placeDirectory } from './place-sources.ts';
import type { ExecuteServices } from './services.ts';
import { accountFiles, mergedTree, type Snapshot, snapshotContent } from './snapshot.ts';
import { type StepWork, storeLayer } from './work.ts';

/** Prepares a WORKDIR step. */
export function prepareWorkdir(services: ExecuteServices, step: WorkdirStep, snapshot: Snapshot): StepWork {
  return {
    inputs: [...staticInputs(step), { kind: 'parent', name: '', value: snapshotContent(snapshot, services) }],
    async execute() {
      const { store } = services;
      const named = namesAccounts(step.user);
      const files = named ? await accountFiles(store, snapshot) : { passwd: '', group: '' };
      // As --chown reads it: a number alone is the group too.
      const owner = resolveOwner(step.user, files);
      const entries = placeDirectory({
        destination: destinationOf(mergedTree(store, snapshot)),
        path: step.path,
        owner,
        now: services.now(),
        ...(step.span ? { span: step.span } : {}),
      });
      if (entries.length === 0) return {};
      return { layer: (await storeLayer(services, entries, { step: step.id })).info };
    },
  };
}
