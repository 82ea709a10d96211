// `mille load`: the images of an archive into the store.

import { displayPath, MilleError } from '../core/index.ts';
import { formatReference, parsePlatform, parseReference } from '../oci/image/index.ts';
import { hostPlatform, loadArchive } from '../oci/store/index.ts';
import { CWD, statAt, workingDirectory } from '../sys/index.ts';
import { withServices } from './services.ts';
import type { LoadedImage, PlatformChoice } from './types.ts';

const STANDARD_INPUT = 0;

/** Loads the images of a file, or of standard input for '-'. See `App.load`. */
export function load(input: string, options: PlatformChoice = {}): Promise<readonly LoadedImage[]> {
  return withServices('container', async (services) => {
    const source = input === '-' ? STANDARD_INPUT : absolute(input);
    const { platform } = options;
    const wanted = platform === undefined ? {} : { platform: parsePlatform(platform, hostPlatform()) };
    const loaded = await loadArchive(await services.store(), source, wanted).catch((error: unknown) => {
      throw named(error, input);
    });
    return loaded.map(({ imageId, names }) => ({
      imageId,
      names: names.map((name) => formatReference(parseReference(name))),
    }));
  });
}

/** Says which file it was: several may be loaded in one script. */
function named(error: unknown, input: string): unknown {
  const ofArchive = [
    ...['image-invalid', 'archive-broken', 'archive-escape', 'archive-limit', 'digest-mismatch'],
    'platform-unsupported',
  ];
  if (!(error instanceof MilleError) || !ofArchive.includes(error.code)) return error;
  const { code, message, hint } = error;
  const name = input === '-' ? 'standard input' : displayPath(input);
  return new MilleError(code, `${name}: ${message}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

function absolute(path: string): string {
  const whole = path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
  if (statAt(CWD, whole)) return whole;
  throw new MilleError('io', `no such file: ${path}`, {
    hint: 'give the path of an archive, or pipe one into `mille load`',
  });
}
