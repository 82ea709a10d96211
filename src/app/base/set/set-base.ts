// `mille base set`: another base in FROM, its digest looked up, and proved by building with both.

import { type Digest, type EventSink, MilleError } from '../../../core/index.ts';
import { formatReference, parseReference, type Reference } from '../../../oci/image/index.ts';
import { openRepository } from '../../../oci/registry/index.ts';
import { hunksWith } from '../../optimize/hunks.ts';
import { hidesIn } from '../../optimize/shown-text.ts';
import type { ChangedText } from '../../optimize/types.ts';
import { writeBack } from '../../optimize/write-back.ts';
import { offline, registryAccess } from '../../pull/access.ts';
import { readTrust } from '../../pull/read-trust.ts';
import { type Services, withServices } from '../../services.ts';
import { type BaseProject, chosenFroms, onBase, withProject } from '../compare/project.ts';
import { proveBase } from './prove-base.ts';
import type { SetBaseOptions, SetBaseResult } from './types.ts';

/** Sets. See `SetBaseVerbs.setBase`. */
export async function setBase(
  options: SetBaseOptions,
  events: EventSink,
  signal: AbortSignal,
): Promise<SetBaseResult> {
  const { build, image, stages } = options;
  const named = referenceOf(image);
  return await withServices('write', (services) =>
    withProject({ services, build, signal }, async (project) => {
      const chosen = chosenFroms(project, [image], stages);
      const pin =
        options.pin || chosen.some(({ reference }) => parseReference(reference).digest !== undefined);
      const digest = pin
        ? (named.digest ?? (await digestOf(services, named, { options, signal })))
        : named.digest;
      const to = digest === undefined || image.includes('@') ? image : `${image}@${digest}`;
      const { source, changes, notes } = onBase(project, chosen, { to, build });
      const result: SetBaseResult = {
        ...{ changes, reference: to },
        notes: [...notes, ...pinNotes(options, pin)],
        ...(digest === undefined ? {} : { digest }),
      };
      if (changes.length === 0) return result;
      const file = changedText(project, source.text);
      const proof = options.prove
        ? await proveBase({ services, project, source, options, chosen, events, signal, to })
        : undefined;
      const may = options.write && (proof === undefined || proof.outcome === 'alike');
      return {
        ...result,
        file: may ? writeBack([file])[0]! : file,
        ...(proof ? { proof } : {}),
      };
    }),
  );
}

function referenceOf(image: string): Reference {
  if (!/^[\w][\w./:@-]*$/.test(image) || image === 'scratch')
    throw new MilleError('usage', `'${image}' is no name of an image that FROM takes`, {
      hint: 'write it as in FROM: python:3.12-slim-trixie',
    });
  return parseReference(image);
}

function pinNotes({ pin }: SetBaseOptions, pinned: boolean): string[] {
  return pinned && !pin ? ['it was pinned to a digest, so it is again'] : [];
}

/** What the tag means at its registry: an index where there is one, so that it is for all platforms. */
async function digestOf(
  services: Services,
  reference: Reference,
  { options: { build }, signal }: { readonly options: SetBaseOptions; readonly signal: AbortSignal },
): Promise<Digest> {
  const store = await services.store();
  const ca = build.ca === undefined ? undefined : readTrust(store, build.ca);
  const access = await registryAccess(store, {
    ...{ signal, mirrors: build.registryMirrors ?? [] },
    ...(ca === undefined ? {} : { ca }),
  });
  const name = formatReference(reference);
  if (!access) throw offline(`cannot look up the digest of ${name}`);
  return (await openRepository(reference, access).manifest(reference.tag ?? 'latest')).digest;
}

function changedText({ source, path }: BaseProject, after: string): ChangedText {
  return {
    ...{ name: source.name, path, before: source.text, after, written: false },
    hunks: hunksWith(source.text, [{ text: after, change: 0 }]),
    hides: hidesIn(after),
  };
}
