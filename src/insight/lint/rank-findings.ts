// Findings with what their instructions cost when they were last built, and the costliest first: where there is something to
// be gained, people look first.

import type { BuildCost, Diagnostic } from '../../core/index.ts';
import type { Dockerfile } from '../../lang/dockerfile/index.ts';

/** What an instruction cost in some build of the past. */
export interface StepCost extends BuildCost {
  /** As written, on one line. */
  readonly instruction: string;
  /** Where it stood then. */
  readonly line?: number;
}

/** Bytes that weigh as much as a second: about what a layer takes to be sent and unpacked again. */
const BYTES_A_SECOND = 20_000_000;

/** The costs of a Dockerfile's instructions: by what they say, for lines move. */
export function costsByLine(
  { instructions }: Dockerfile,
  costs: readonly StepCost[],
): ReadonlyMap<number, StepCost> {
  const byText = new Map<string, StepCost[]>();
  for (const cost of costs) byText.set(cost.instruction, [...(byText.get(cost.instruction) ?? []), cost]);
  const found = new Map<number, StepCost>();
  for (const { node, text } of instructions) {
    const same = byText.get(text) ?? [];
    const nearest = same.toSorted((a, b) => distance(a, node.line) - distance(b, node.line))[0];
    if (nearest) found.set(node.line, nearest);
  }
  return found;
}

function distance({ line }: StepCost, from: number): number {
  return line === undefined ? Number.MAX_SAFE_INTEGER : Math.abs(line - from);
}

/** Findings with their costs, in the order they have. */
export function withCosts(
  findings: readonly Diagnostic[],
  costs: ReadonlyMap<number, StepCost>,
): readonly Diagnostic[] {
  return findings.map((finding) => {
    const cost = costs.get(finding.lines.first);
    if (!cost) return finding;
    const { seconds, bytes, built } = cost;
    return { ...finding, cost: { seconds, built, ...(bytes === undefined ? {} : { bytes }) } };
  });
}

/** The costliest first; those that cost nothing, or nobody knows what, keep their order at the end. */
export function rankByCost(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  return findings.toSorted((a, b) => weightOf(b.cost) - weightOf(a.cost));
}

/** Seconds, and what the bytes of the layer take. */
function weightOf(cost: BuildCost | undefined): number {
  return cost ? cost.seconds + (cost.bytes ?? 0) / BYTES_A_SECOND : 0;
}
