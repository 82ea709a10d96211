// What a project installs of languages, on each of the bases that were looked into.

import type { StageFrom } from '../../../insight/base/index.ts';
import { COMPILERS, partsOnBase } from '../../../insight/base/index.ts';
import { parsePlatform } from '../../../oci/image/index.ts';
import { hostPlatform } from '../../../oci/store/index.ts';
import { type PartsPlace, partsOf } from '../parts/parts-of.ts';
import { usedOn } from '../used-bases.ts';
import type { LookedAtBase } from './look-at-base.ts';
import type { BaseProject } from './project.ts';

/** The project, and which of its stages get the base. */
export interface PartsOfProject {
  readonly project: BaseProject;
  readonly chosen: readonly StageFrom[];
  readonly place: Omit<PartsPlace, 'directory'>;
}

/** The bases, each with what is installed on it. @throws MilleError `interrupted` */
export async function withParts(
  looked: readonly LookedAtBase[],
  { project: { subject, directory }, chosen, place }: PartsOfProject,
): Promise<LookedAtBase[]> {
  const { wanted, use } = usedOn(subject, new Set(chosen.map(({ index }) => index)));
  const installsCompiler = use.packages.some(({ name }) => COMPILERS.includes(name));
  const found: LookedAtBase[] = [];
  for (const one of looked) {
    const { base, python, compiler } = one;
    // Which packages there are depends on the version of Python; what an index says of them is kept.
    const parts = await partsOf(wanted, python, { ...place, directory });
    const on =
      parts &&
      partsOnBase(parts, {
        architecture: parsePlatform(base.platform, hostPlatform()).architecture,
        compiler: compiler || installsCompiler,
        ...(base.libc ? { libc: base.libc } : {}),
        ...(python === undefined ? {} : { python }),
      });
    found.push(on ? { ...one, base: { ...base, parts: on } } : one);
  }
  return found;
}
