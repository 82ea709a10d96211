// `--attest`, `--provenance` and `--sbom` as docker buildx takes them: comma-separated `key=value`, the last two also as a
// switch. Of several about the same type the first counts, as there, and `--attest` comes before the others.

import type { AttestationOptions, ProvenanceOptions } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import { readBoolean } from './boolean.ts';
import { splitCsv } from './csv.ts';
import { OutputKeys } from './output-keys.ts';
import type { Host } from './spec.ts';

/** What is to be attested, by flags. */
export const ATTESTATION_FLAGS = {
  attest: {
    kind: 'list',
    value: 'type=TYPE[,KEY=VALUE]',
    help: 'attest something of the image, beside it: type=provenance or type=sbom (see attestations.md)',
  },
  provenance: {
    kind: 'string',
    value: 'true|false|KEY=VALUE',
    help: 'attest how the image was built: true or mode=max, all of it; mode=min, without arguments and steps; short for --attest type=provenance',
  },
  sbom: {
    kind: 'string',
    value: 'true|false',
    help: 'attest what is installed in the image; short for --attest type=sbom',
  },
} as const;

/** As they were given. */
export interface GivenAttestations {
  readonly attest: readonly string[];
  readonly provenance?: string | undefined;
  readonly sbom?: string | undefined;
}

type Provenance = NonNullable<AttestationOptions['provenance']>;

/** Reads them. @throws MilleError `usage` */
export function parseAttestations(
  given: GivenAttestations,
  env: Host['env'],
): AttestationOptions | undefined {
  const asked = [
    ...given.attest.map((text) => readAttestation('--attest', text, splitCsv(text))),
    ...shortForm('provenance', given.provenance),
    ...shortForm('sbom', given.sbom),
  ];
  const first = new Map(asked.toReversed().map((one) => [one.type, one]));
  const { provenance = defaultProvenance(env) } = first.get('provenance') ?? {};
  const { sbom } = first.get('sbom') ?? {};
  if (!provenance && !sbom) return undefined;
  const ignoreCheckout = readBoolean(env.BUILDX_GIT_INFO ?? '') === false;
  return {
    ...(provenance ? { provenance } : {}),
    ...(sbom ? { sbom } : {}),
    ...(ignoreCheckout ? { ignoreCheckout } : {}),
  };
}

/**
 * Docker attests a little where nothing is said; here that is so only where the variable that forbids it says the
 * contrary.
 */
function defaultProvenance(env: Host['env']): Provenance | false {
  const text = env.BUILDX_NO_DEFAULT_ATTESTATIONS;
  if (!text) return false;
  const forbidden = readBoolean(text);
  if (forbidden === undefined) {
    throw new MilleError('usage', `BUILDX_NO_DEFAULT_ATTESTATIONS can't be '${text}'`, {
      hint: 'it is 1 or 0',
    });
  }
  return forbidden ? false : { mode: 'min', version: 'v0.2', inlineOnly: true };
}

/** What one flag says: `false` for what is not to be made. */
interface Asked {
  readonly type: 'provenance' | 'sbom';
  readonly provenance?: Provenance | false;
  readonly sbom?: NonNullable<AttestationOptions['sbom']> | false;
}

function shortForm(type: Asked['type'], text: string | undefined): Asked[] {
  if (text === undefined || text === '') return [];
  const wanted = readBoolean(text);
  const fields = wanted === undefined ? splitCsv(text) : [`disabled=${!wanted}`];
  return [readAttestation(`--${type}`, text, [`type=${type}`, ...fields])];
}

const HINT = {
  '--attest': 'write type=provenance,mode=max or type=sbom',
  '--provenance': 'write true, false, mode=min or mode=max',
  '--sbom': 'write true or false',
} as const;

function readAttestation(flag: string, text: string, fields: readonly string[]): Asked {
  const hint = HINT[flag as keyof typeof HINT];
  const keys = OutputKeys.read(text, fields, { flag, hint });
  const type = keys.take('type');
  if (type === undefined || type === '') throw keys.error('there is no type in it', hint);
  const kind = type.toLowerCase();
  if (kind !== 'provenance' && kind !== 'sbom') {
    throw keys.error(`mille does not know the type '${type}'`, 'it is one of: provenance, sbom');
  }
  // What else is said of it does not matter then.
  if (keys.takeSwitch('disabled')) return { type: kind, [kind]: false };
  const form = takeForm(keys);
  const asked: Asked =
    kind === 'provenance'
      ? { type: kind, provenance: { ...takeProvenance(keys), ...form } }
      : { type: kind, sbom: takeNoGenerator(keys, form) };
  keys.checkEmpty();
  return asked;
}

function takeForm(keys: OutputKeys): { readonly inlineOnly?: true; readonly fileName?: string } {
  const inlineOnly = keys.takeSwitch('inline-only') ?? false;
  const fileName = keys.take('filename')?.split('/').at(-1);
  return { ...(inlineOnly ? { inlineOnly } : {}), ...(fileName ? { fileName } : {}) };
}

const MODES: Readonly<Record<string, ProvenanceOptions['mode']>> = { min: 'min', max: 'max', full: 'max' };

function takeProvenance(keys: OutputKeys): ProvenanceOptions {
  const given = keys.take('mode') ?? 'max';
  const mode = MODES[given];
  if (!mode) throw keys.error(`there is no mode '${given}'`, 'it is min or max');
  const version = keys.take('version') ?? 'v0.2';
  if (version !== 'v0.2' && version !== 'v1')
    throw keys.error(`SLSA's provenance has no version '${version}' here`, 'it is v0.2 or v1');
  const builderId = keys.take('builder-id');
  const reproducible = keys.takeSwitch('reproducible') ?? false;
  keys.settled('capture-usage', false, 'mille does not measure what steps use: leave it out');
  return {
    ...{ mode, version },
    ...(builderId ? { builderId } : {}),
    ...(reproducible ? { reproducible } : {}),
  };
}

function takeNoGenerator<T>(keys: OutputKeys, form: T): T {
  const generator = keys.take('generator');
  if (generator === undefined || generator === '') return form;
  throw keys.error(
    'mille takes the inventory itself, and runs no generator',
    'leave generator= out; another tool can read the image that was built',
  );
}
