// The base image that `--base` names: looked at before anything else is built, and made known to the rewrites.

import { type Digest, type EventSink, MilleError } from '../../core/index.ts';
import type { ObservedImage, Surroundings } from '../../insight/optimize/index.ts';
import type { BuildOptions } from '../types.ts';
import { buildImage, type Making } from './built-image.ts';
import { withDraftFiles } from './draft-files.ts';
import { phase } from './phase.ts';
import { seePrograms } from './see-programs.ts';

/** What is known without it. */
type Around = Omit<Surroundings, 'goal' | 'ignorePath'>;

/** How what was observed is seen beside the other base. */
export type BesideBase = (around: Around) => Promise<Around>;

/** Gets the image. @throws MilleError `usage` for a name that is none, `image-missing`, as `build` for a FROM */
export async function slimmerBase(
  { target: _, ...options }: BuildOptions,
  name: string,
  { events, making }: { readonly events: EventSink; readonly making: Making },
): Promise<BesideBase> {
  if (name === 'scratch') return besideBase(name, NOTHING);
  if (!/^[\w][\w./:@-]*$/.test(name))
    throw new MilleError('usage', `--base: '${name}' is no name of an image`, {
      hint: 'give a smaller image of the same family: --base python:3.12-slim',
    });
  const text = `FROM ${name}\n`;
  const draft = { source: { name: '--base', text }, known: new Map() };
  const { image } = await withDraftFiles(draft, (dockerfile) =>
    phase(events, `look at ${name}`, (inner) => buildImage({ ...options, dockerfile }, inner, making)),
  ).catch(withoutPlace);
  return besideBase(name, image);
}

/** What `FROM scratch` begins with. */
const NOTHING: ObservedImage = {
  imageId: `sha256:${'0'.repeat(64)}` as Digest,
  config: { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] } },
  ...{ diffIds: [], tables: [], bytes: 0, sent: 0 },
};

function besideBase(name: string, image: ObservedImage): BesideBase {
  return async (around) => {
    const { evidence } = around;
    const own = new Set(evidence.steps.flatMap(({ layer }) => layer ?? []));
    const programs = evidence.programs ?? (await seePrograms(evidence.image, own));
    return {
      ...around,
      image: (request) => (request.reference === name ? image.config : around.image(request)),
      evidence: { ...evidence, programs, slimmer: { name, image } },
    };
  };
}

/** The FROM is none of the user's. */
function withoutPlace(error: unknown): never {
  if (!(error instanceof MilleError) || !error.span) throw error;
  const { code, message, hint } = error;
  throw new MilleError(code, `--base: ${message}`, { cause: error, ...(hint === undefined ? {} : { hint }) });
}
