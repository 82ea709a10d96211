// What the packages of a base weigh, and why they are in it.

import { type BasePlan, type BootstrapRequest, planBase } from '../../insight/base/index.ts';
import { checkNetwork } from '../../sys/index.ts';
import { withServices } from '../services.ts';
import { wantedBase } from './request.ts';
import type { BaseExplanation, BaseOfPackages } from './types.ts';

/** Chooses the packages and makes nothing. See `App.explainBootstrap`. */
export function explainBootstrap(options: BaseOfPackages, signal: AbortSignal): Promise<BaseExplanation> {
  const { wanted } = wantedBase(options);
  if (!wanted.lock) checkNetwork(`the packages of ${options.suite}`);
  return withServices('container', async (services) => {
    const store = await services.store();
    const temporary = store.makeTemporary('bootstrap');
    try {
      const request = { ...wanted, tmpDir: temporary.path, signal };
      const { plan } = await planBase(request, `${temporary.path}/apt`);
      return explanationOf(request, plan);
    } finally {
      temporary.remove();
    }
  });
}

/** @param weights bytes in the image by package, where it was made */
export function explanationOf(
  { distribution, suite, profile = 'standard', lock }: BootstrapRequest,
  plan: BasePlan,
  weights?: ReadonlyMap<string, number>,
): BaseExplanation {
  return {
    suite: `${distribution}:${suite}`,
    ...{ profile, architecture: plan.architecture, locked: lock !== undefined },
    packages: plan.packages.map(({ name, version, architecture, size, installedSize, reason }) => ({
      ...{ name, version, architecture, reason: reason.kind, chain: reason.chain },
      ...(reason.text === undefined ? {} : { text: reason.text }),
      ...{ downloadBytes: size, installedBytes: installedSize },
      ...(weights ? { imageBytes: weights.get(name) ?? 0 } : {}),
    })),
    omitted: plan.omitted.map(({ name, why, installedSize }) => ({
      ...{ name, why, installedBytes: installedSize },
    })),
    ...(weights ? { otherBytes: weights.get('') ?? 0 } : {}),
  };
}
