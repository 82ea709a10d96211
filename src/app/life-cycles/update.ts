// `mille base update`: until when things are supported, asked of endoflife.date (its interface, version 1: one document
// a product), or of a server or a directory with the same documents.

import { displayPath, inParallel, MilleError, redactUrls, suggest } from '../../core/index.ts';
import {
  joinLifeCycles,
  LIFE_CYCLES,
  lifeCycleChanges,
  type RefreshedProduct,
  readEndOfLife,
} from '../../insight/tags/index.ts';
import { CWD, checkNetwork, download, environment, isErrno, readSmallFile } from '../../sys/index.ts';
import { readTrust } from '../pull/read-trust.ts';
import { withServices } from '../services.ts';
import { readSettings } from '../settings.ts';
import { keepRefreshed, refreshedOf } from './kept.ts';
import type { UpdatedLifeCycle, UpdateLifeCyclesOptions, UpdateLifeCyclesResult } from './types.ts';

const SOURCE = 'https://endoflife.date/api/v1';
/** Of one product; the largest has less than a hundredth of it. */
const LARGEST = 4 * 1024 * 1024;

/** Refreshes them. See `LifeCycleVerbs.updateLifeCycles`. */
export function updateLifeCycles(
  options: UpdateLifeCyclesOptions,
  signal: AbortSignal,
): Promise<UpdateLifeCyclesResult> {
  const wanted = productsOf(options.products);
  return withServices('write', async (services) => {
    const store = await services.store();
    const { root } = store;
    const from = (options.from ?? (await readSettings(root, environment())).lifeCycleData ?? SOURCE).replace(
      /\/+$/,
      '',
    );
    const ca = options.ca === undefined ? undefined : readTrust(store, options.ca);
    const isServer = /^https?:\/\//.test(from);
    if (isServer) checkNetwork(from);
    const read = isServer
      ? (product: string) => fetchOne(`${from}/products/${product}`, { signal, ...(ca ? { ca } : {}) })
      : (product: string) => readOne(from, product);
    const answers = new Map<string, RefreshedProduct | { readonly wrong: string }>();
    await inParallel(wanted, async (product) => {
      const text = await read(product);
      answers.set(product, typeof text === 'string' ? readAnswer(text, product, options.today) : text);
    });
    // Read now, so that what another update fetched meanwhile of other products stays.
    const before = readKept(root);
    const came = [...answers].filter((one): one is [string, RefreshedProduct] => !('wrong' in one[1]));
    const known = joinLifeCycles(LIFE_CYCLES, before);
    const products = wanted.map((product): UpdatedLifeCycle => {
      const answer = answers.get(product)!;
      const was = known.products[product];
      if ('wrong' in answer)
        return {
          ...{ product, title: was?.title ?? product, asOf: was?.asOf ?? known.asOf },
          ...{ changes: [], kept: answer.wrong },
        };
      const { title, asOf } = answer;
      if (asOf < (was?.asOf ?? known.asOf)) {
        const day = was?.asOf ?? known.asOf;
        return { product, title, asOf: day, changes: [], kept: `what came is older: of ${asOf}` };
      }
      return { product, title, asOf, changes: lifeCycleChanges(was, answer) };
    });
    const kept = new Set(products.flatMap((one) => (one.kept === undefined ? [] : [one.product])));
    const better = came.filter(([product]) => !kept.has(product));
    if (came.length === 0) throw nothingCame(from, products);
    if (better.length > 0) keepRefreshed(root, { ...before, ...Object.fromEntries(better) });
    return { from: redactUrls(from), products };
  });
}

/** A damaged file is what an update mends. */
function readKept(root: string): ReturnType<typeof refreshedOf> {
  try {
    return refreshedOf(root);
  } catch (error) {
    if (error instanceof MilleError && error.code === 'file-format') return {};
    throw error;
  }
}

function productsOf(names: readonly string[]): readonly string[] {
  const all = Object.keys(LIFE_CYCLES.products);
  for (const name of names) {
    if (all.includes(name)) continue;
    const near = suggest(name, all, 3);
    throw new MilleError('usage', `no images are known of a product '${displayPath(name)}'`, {
      hint: near === undefined ? `there are: ${all.join(', ')}` : `did you mean '${near}'?`,
    });
  }
  return names.length === 0 ? all : [...new Set(names)];
}

type Answer = string | { readonly wrong: string };

/** @throws MilleError `network` where nobody answers: who answers, but not with the document, is told of */
async function fetchOne(
  url: string,
  options: { readonly signal: AbortSignal; readonly ca?: string },
): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  try {
    await download(url, { ...options, limit: LARGEST, sink: (chunk) => void chunks.push(chunk) });
  } catch (error) {
    if (options.signal.aborted) throw new MilleError('interrupted', 'interrupted');
    if (!(error instanceof MilleError) || error.cause !== undefined) throw error;
    return { wrong: error.message };
  }
  return Buffer.concat(chunks).toString();
}

function readOne(directory: string, product: string): Answer {
  for (const name of [`${product}.json`, product, `${product}/index.json`]) {
    try {
      return Buffer.from(readSmallFile(CWD, `${directory}/${name}`, LARGEST)).toString();
    } catch (error) {
      if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EFBIG', 'ELOOP')) throw error;
    }
  }
  return { wrong: `there is no ${product}.json in ${displayPath(directory)}` };
}

function readAnswer(
  text: string,
  product: string,
  today: string,
): RefreshedProduct | { readonly wrong: string } {
  try {
    return readEndOfLife(text, product, today);
  } catch (error) {
    return { wrong: `what came is not to be used: ${(error as Error).message}` };
  }
}

function nothingCame(from: string, products: readonly UpdatedLifeCycle[]): MilleError {
  return new MilleError('network', `nothing of ${redactUrls(from)} could be used: ${products[0]?.kept}`, {
    hint: 'what is known stays as it was; --from names a server or a directory with the same documents',
  });
}
