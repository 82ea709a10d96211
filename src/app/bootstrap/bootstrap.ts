// `mille bootstrap`: a base image of one layer from a distribution's packages.

import type { EventSink } from '../../core/index.ts';
import { MilleError } from '../../core/index.ts';
import { bootstrapBase } from '../../insight/base/index.ts';
import { canonicalName, parseReference } from '../../oci/image/index.ts';
import { checkNetwork } from '../../sys/index.ts';
import { withServices } from '../services.ts';
import { explanationOf } from './explain.ts';
import { keepImage, keepLayer } from './keep.ts';
import { keepLock } from './lock.ts';
import { wantedBase } from './request.ts';
import { createSteps } from './steps.ts';
import type { BootstrapOptions, BootstrapResult } from './types.ts';

/** Makes a base image. See `App.bootstrap`. */
export function bootstrap(
  options: BootstrapOptions,
  events: EventSink,
  signal: AbortSignal,
): Promise<BootstrapResult> {
  const name = canonicalName(parseReference(options.tag));
  const { wanted, platform } = wantedBase(options);
  checkNetwork(`the packages of ${options.suite}`);
  return withServices('container', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    const temporary = store.makeTemporary('bootstrap');
    const request = { ...wanted, tmpDir: temporary.path, signal };
    const started = performance.now();
    const buildId = `bootstrap-${crypto.randomUUID().slice(0, 8)}`;
    events({ type: 'build-started', buildId, dockerfile: options.suite, steps: 2 });
    try {
      const steps = createSteps(events);
      const base = await steps.run(`[1/2] packages of ${options.suite}`, (step) =>
        bootstrapBase({
          ...request,
          onProgress: ({ phase, detail, done, total }) =>
            events({
              type: 'step-progress',
              step,
              doing: detail === undefined ? phase : `${phase} ${detail}`,
              ...(done === undefined ? {} : { done }),
              ...(total === undefined ? {} : { total }),
            }),
        }),
      );
      const layer = await steps.run(
        '[2/2] layer',
        () => keepLayer(store, base.tarPath),
        (info) => ({ bytes: info.size, files: info.files }),
      );
      if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
      for (const message of base.notes) events({ type: 'warning', message });
      keepLock(options.lock, request, base.plan);
      const image = keepImage(store, { base, layer, name, platform });
      const seconds = (performance.now() - started) / 1000;
      const result = { ...image, names: [name], bytes: layer.size, seconds };
      events({ type: 'build-finished', ...result });
      const explanation = explanationOf(request, base.plan, base.weights);
      return { ...result, packages: base.packages.length, explanation };
    } finally {
      temporary.remove();
      lock.release();
    }
  });
}
