// `mille vuln update`: data on vulnerabilities, fetched as OSV hands it out (an archive for each ecosystem:
// google.github.io/osv.dev/data) or taken from a directory or an archive, and laid down for quick look-up. An ecosystem
// is replaced whole or stays as it was.

import { displayPath, MilleError, suggest } from '../../core/index.ts';
import { ECOSYSTEM_NAMES, parseEcosystem, subjectsOf } from '../../insight/vulnerabilities/index.ts';
import {
  CWD,
  closeFd,
  environment,
  lockFd,
  makeDirectories,
  O,
  openAt,
  statAt,
  unlinkAt,
} from '../../sys/index.ts';
import { withImage } from '../open-image/open-image.ts';
import { takeInventory } from '../packages/inventory.ts';
import { openOptions } from '../packages/packages.ts';
import { readTrust } from '../pull/read-trust.ts';
import { type Services, withServices } from '../services.ts';
import { readSettings } from '../settings.ts';
import { databaseDirectory, databaseFile, databaseFiles, type HeldData } from './advisory-data.ts';
import { type Building, buildDatabases, factsOf, heldOf } from './build-databases.ts';
import { confirmDatabase, type DatabaseFacts } from './database.ts';
import { fetchArchive } from './fetch-archive.ts';
import type { HeldDatabase, UpdateEvent, UpdateOptions } from './types.ts';

/** Where OSV hands its data out. */
const SOURCE = 'https://osv-vulnerabilities.storage.googleapis.com';

interface Update extends Building {
  readonly options: UpdateOptions;
}

/** Updates data. See `VulnerabilityVerbs.updateVulnerabilityData`. */
export function updateVulnerabilityData(
  options: UpdateOptions,
  events: (event: UpdateEvent) => void,
  signal?: AbortSignal,
): Promise<readonly HeldData[]> {
  return withServices('write', async (services) => {
    const given = options.ecosystems.map(ecosystemName);
    const store = await services.store();
    const update: Update = { store, options, events, signal };
    const wanted = [...given, ...(await ecosystemsOfImage(services, update))];
    makeDirectories(databaseDirectory(store.root));
    const lock = openAt(CWD, `${databaseDirectory(store.root)}/lock`, {
      flags: O.RDWR | O.CREAT,
      mode: 0o644,
    });
    try {
      // Two at once would fetch the same twice, into one file.
      lockFd(lock, { exclusive: true, wait: true });
      const { from } = options;
      if (from !== undefined && !/^https?:\/\//.test(from)) return await takeFrom(update, from, wanted);
      const source = from ?? (await readSettings(store.root, environment())).vulnerabilityData ?? SOURCE;
      const all = [...new Set(wanted.length > 0 ? wanted : heldNames(store.root))];
      if (all.length === 0) throw nothingAsked();
      const held: HeldData[] = [];
      for (const ecosystem of all) held.push(await fetchOne(update, source.replace(/\/+$/, ''), ecosystem));
      return held;
    } finally {
      closeFd(lock);
    }
  });
}

/** What is held. See `VulnerabilityVerbs.vulnerabilityData`. */
export function vulnerabilityData(): Promise<readonly HeldDatabase[]> {
  return withServices('read', async (services) => {
    const { root } = await services.store();
    return databaseFiles(root).map((file) => {
      const facts = factsOf(file);
      return { ...heldOf(facts), from: facts.from, bytes: statAt(CWD, file)?.size ?? 0 };
    });
  });
}

/** The name as the schema writes it. @throws MilleError `usage` */
function ecosystemName(text: string): string {
  const place = parseEcosystem(text);
  if (place && (place.release === undefined || /^[A-Za-z0-9][A-Za-z0-9 ._:-]*$/.test(place.release)))
    return place.release === undefined ? place.ecosystem.name : `${place.ecosystem.name}:${place.release}`;
  const near = suggest(text, ECOSYSTEM_NAMES, 3);
  throw new MilleError('usage', `there is no ecosystem '${displayPath(text)}'`, {
    hint: near === undefined ? `there are: ${ECOSYSTEM_NAMES.join(', ')}` : `did you mean '${near}'?`,
  });
}

async function ecosystemsOfImage(
  services: Services,
  { options, signal }: Update,
): Promise<readonly string[]> {
  const { image, inside = {} } = options;
  if (image === undefined) return [];
  const opening = await openOptions(services, inside, signal);
  const { packages, system } = await withImage(services, image, opening, (opened) =>
    takeInventory(opened, signal),
  );
  const found = [...new Set(subjectsOf(packages, system).subjects.map(({ ecosystem }) => ecosystem))];
  if (found.length > 0) return found;
  throw new MilleError('usage', `'${displayPath(image)}' holds no packages that OSV has data about`, {
    hint: `mille packages ${displayPath(image)} shows what it holds`,
  });
}

function heldNames(root: string): readonly string[] {
  // By the names of the files: one that another version of mille made cannot be read, and is to be made anew.
  return databaseFiles(root).map((file) => file.slice(file.lastIndexOf('/') + 1, -'.db'.length));
}

async function fetchOne(update: Update, source: string, ecosystem: string): Promise<HeldData> {
  const { store, options, events, signal } = update;
  const url = `${source}/${encodeURIComponent(ecosystem).replaceAll('%3A', ':')}/all.zip`;
  const file = databaseFile(store.root, ecosystem);
  const before = statAt(CWD, file) ? readableFacts(file) : undefined;
  const known = before?.from === url ? before.etag : undefined;
  const archive = `${file}.zip`;
  const ca = options.inside?.ca;
  const fetched = await fetchArchive(url, {
    path: archive,
    ...(known === undefined ? {} : { known }),
    ...(ca === undefined ? {} : { ca: readTrust(store, ca) }),
    ...(signal ? { signal } : {}),
    onProgress: (done, total) =>
      events({ kind: 'fetching', ecosystem, done, ...(total === undefined ? {} : { total }) }),
  }).catch((error: unknown) => {
    throw unfetched(error);
  });
  try {
    if (!fetched) {
      confirmDatabase(file, options.now);
      const held = heldOf({ ...before!, asOf: options.now });
      events({ kind: 'unchanged', ecosystem, held });
      return held;
    }
    const facts = { from: url, asOf: options.now, ...fetched };
    const [held] = await buildDatabases(update, { paths: [archive], only: [ecosystem], facts });
    if (held) return held;
    throw new MilleError('file-format', `what ${url} holds is no record about ${ecosystem}`, {
      hint: 'is this where OSV hands its data out?',
    });
  } finally {
    // What is complete is in the database now, or is no good.
    unlinkAt(CWD, archive);
  }
}

/** What can be done where a server cannot be reached: this is no build, which would try again by itself. */
function unfetched(error: unknown): unknown {
  if (!(error instanceof MilleError) || !error.hint?.includes('the next build tries again')) return error;
  return new MilleError(error.code, error.message, {
    hint: 'what was held is kept; try again, or name a mirror or a directory with --from',
    cause: error,
  });
}

/** The facts of a database that is going to be replaced: one of another version is no reason to fail. */
function readableFacts(file: string): DatabaseFacts | undefined {
  try {
    return factsOf(file);
  } catch (error) {
    if (error instanceof MilleError && ['file-format', 'store-invalid'].includes(error.code))
      return undefined;
    throw error;
  }
}

/** From a directory, laid out as OSV's or in any other way, or from an archive. */
async function takeFrom(
  update: Update,
  from: string,
  wanted: readonly string[],
): Promise<readonly HeldData[]> {
  if (!statAt(CWD, from)) {
    throw new MilleError('io', `there is no '${displayPath(from)}'`, {
      hint: '--from takes a URL, or a directory or an archive of records in OSV format',
    });
  }
  // As OSV lays it out; a release by itself may be in the archive of all of them.
  const archives = wanted.map((one) =>
    [one, one.split(':')[0]!]
      .map((name) => `${from}/${name}/all.zip`)
      .find((path) => statAt(CWD, path)?.type === 'file'),
  );
  const laidOut = archives.filter((path) => path !== undefined);
  const paths = wanted.length > 0 && laidOut.length === wanted.length ? [...new Set(laidOut)] : [from];
  const held = await buildDatabases(update, { paths, only: wanted, facts: { from: displayPath(from) } });
  const missing = wanted.filter((one) => !held.some(({ ecosystem }) => ecosystem === one));
  if (missing.length === 0 && held.length > 0) return held;
  const what = missing.length > 0 ? missing.join(', ') : 'any known ecosystem';
  throw new MilleError('file-format', `'${displayPath(from)}' holds no record about ${what}`, {
    hint: 'records are files of JSON in OSV format, alone or in archives (zip, tar)',
  });
}

function nothingAsked(): MilleError {
  return new MilleError('usage', 'no ecosystem is named, and none is held yet', {
    hint: `name some (mille vuln update Debian PyPI), or an image whose packages tell which: mille vuln update --for IMAGE; there are: ${ECOSYSTEM_NAMES.join(', ')}`,
  });
}
