// The same for programs.

import type { Finding, HeldDatabase, VulnerabilitiesResult, Waiver } from '../../../app/index.ts';
import { causeJson } from '../layer-cause.ts';

/** One object. @param shown those of the findings that were asked for */
export function vulnerabilitiesJson(result: VulnerabilitiesResult, shown: readonly Finding[]): string {
  const { image, system, counts, lookedUp, layers, notLookedUp, data, waived, expired, unused, notes } =
    result;
  const document = {
    image,
    system: system ?? null,
    // No figure is null, which is no zero.
    counts: counts ?? null,
    lookedUp,
    vulnerabilities: shown.map((finding) => findingJson(finding, result)),
    waived: waived.map(({ finding, waiver }) => ({ ...findingJson(finding, result), waiver })),
    notLookedUp: notLookedUp.map(({ reason, of, packages }) => ({ reason, of, packages: packages.length })),
    data,
    layers: layers.map(causeJson),
    notes: [
      ...expired.map((one: Waiver) => `${one.place}: ${one.id} has ended`),
      ...unused.map((one: Waiver) => `${one.place}: nothing was found of ${one.id}`),
      ...notes,
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function findingJson({ packages, fixed, apart, ...finding }: Finding, { layers }: VulnerabilitiesResult) {
  return {
    ...finding,
    fixed: fixed ?? null,
    ...(apart === undefined ? {} : { notCounted: apart }),
    packages: packages.map(({ type, name, version, purl, path, layer }) => {
      const { source, base } = layers[layer]!;
      return {
        ...{ type, name, version },
        ...(purl === undefined ? {} : { purl }),
        ...{ path: `/${path}`, layer: layer + 1 },
        ...(source ? { file: source.file, line: source.line } : {}),
        ...(base === undefined ? {} : { base }),
      };
    }),
  };
}

/** What is held, for programs. */
export function vulnerabilityDataJson(held: readonly HeldDatabase[]): string {
  return `${JSON.stringify(held, undefined, 2)}\n`;
}
