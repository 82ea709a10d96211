// `mille vuln`: the known vulnerabilities of an image.

import { displayPath, MilleError, type SourceText } from '../../core/index.ts';
import {
  applyVex,
  countFindings,
  type Finding,
  readOpenVex,
  readWaivers,
  SEVERITIES,
  type Waiver,
  waive,
} from '../../insight/vulnerabilities/index.ts';
import { CWD, isErrno, readNamedFile, statAt } from '../../sys/index.ts';
import { layerCauses } from '../layer-causes.ts';
import { withImage } from '../open-image/open-image.ts';
import { takeInventory } from '../packages/inventory.ts';
import { lookedAt, openOptions } from '../packages/packages.ts';
import { withServices } from '../services.ts';
import { assessInventories } from './assess.ts';
import type { VulnerabilitiesResult, VulnerabilityOptions } from './types.ts';

const WAIVERS = '.millevulns';
const LARGEST_WAIVERS = 1 << 20;
const LARGEST_VEX = 64 << 20;

/** Looks for vulnerabilities. See `VulnerabilityVerbs.vulnerabilities`. */
export function vulnerabilities(
  name: string,
  options: VulnerabilityOptions,
  signal?: AbortSignal,
): Promise<VulnerabilitiesResult> {
  return withServices('read', async (services) => {
    const { root } = await services.store();
    // What the user wrote comes first: an image takes longer to be read.
    const waivers = await waiversOf(options);
    const vex = await Promise.all(
      (options.vex ?? []).map(async (file) => readOpenVex(await read(file, LARGEST_VEX))),
    );
    const { inventory, ...looked } = await withImage(
      services,
      name,
      await openOptions(services, options, signal),
      async (image) => ({
        image: lookedAt(image),
        layers: await layerCauses(services, image),
        inventory: await takeInventory(image, signal),
      }),
    );
    const place = { root, ...(options.data === undefined ? {} : { path: options.data }) };
    const [assessed] = await assessInventories([inventory], place, signal);
    const { findings, counts, notes, ...rest } = assessed!;
    const byVex = applyVex(findings, vex.flat());
    const { findings: kept, waived, ...idle } = waive(byVex.findings, waivers, options.today);
    return {
      ...looked,
      ...(inventory.system === undefined ? {} : { system: inventory.system }),
      findings: sortFindings(kept),
      ...(counts === undefined ? {} : { counts: countFindings(kept) }),
      ...rest,
      waived: [...byVex.waived, ...waived],
      ...idle,
      notes: [...inventory.notes, ...notes],
    };
  });
}

async function waiversOf({ waivers: given }: VulnerabilityOptions): Promise<readonly Waiver[]> {
  if (given === undefined && !statAt(CWD, WAIVERS)) return [];
  return readWaivers(await read(given ?? WAIVERS, LARGEST_WAIVERS));
}

async function read(file: string, limit: number): Promise<SourceText> {
  try {
    const text = new TextDecoder().decode(await readNamedFile(file, limit));
    return { name: displayPath(file), text };
  } catch (error) {
    if (!isErrno(error, 'EFBIG')) throw error;
    throw new MilleError('file-format', `${displayPath(file)} is larger than ${limit >> 20} MiB`);
  }
}

/** The worst first, and of those what can be mended. */
function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ severity, score = 0, fixed, apart }: Finding) =>
    [Number(apart !== undefined), SEVERITIES.indexOf(severity), Number(fixed === undefined), -score] as const;
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...findings].sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    const at = one.findIndex((value, i) => value !== other[i]);
    return at < 0 ? text(a.name, b.name) || text(a.id, b.id) : one[at]! - other[at]!;
  });
}
