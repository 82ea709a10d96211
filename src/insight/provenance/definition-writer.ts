// A definition as it grows: steps with their numbers, lines and layers.

import type { Platform } from '../../oci/image/index.ts';
import type { BuildSteps, DefinedStep, SourceLines } from './types.ts';

type Range = { readonly start: { readonly line: number }; readonly end: { readonly line: number } };

/** What a step is made of beside its operation. */
export interface StepParts {
  readonly inputs?: readonly string[];
  readonly platform?: Platform;
}

/** Collects steps; an output is named `step3:0`. */
export class DefinitionWriter {
  readonly #steps: DefinedStep[] = [];
  readonly #sources = new Map<string, string>();
  readonly #lines = new Map<string, { readonly ranges: readonly Range[] }[]>();
  readonly #layers = new Map<string, readonly object[]>();

  /** @returns its output */
  add(op: object, { inputs = [], platform }: StepParts): string {
    const id = `step${this.#steps.length}`;
    this.#steps.push({
      id,
      op: {
        Op: op,
        ...(platform ? { platform: platformOf(platform) } : {}),
        constraints: {},
      },
      ...(inputs.length > 0 ? { inputs } : {}),
    });
    this.#lines.set(id, []);
    return `${id}:0`;
  }

  /** A source, once. @returns its output */
  source(identifier: string, parts: StepParts): string {
    const key = `${identifier} ${JSON.stringify(parts.platform)}`;
    const known = this.#sources.get(key) ?? this.add({ source: { identifier } }, parts);
    this.#sources.set(key, known);
    return known;
  }

  /** Says which lines an output comes from; several places may ask for it. */
  locate(output: string, lines: readonly number[]): void {
    if (lines.length === 0) return;
    const ranges = lines.map((line) => ({ start: { line }, end: { line } }));
    const known = this.#lines.get(idOf(output));
    if (!known?.some((one) => one.ranges[0]!.start.line === lines[0])) known?.push({ ranges });
  }

  /** Says of which layers an output consists. */
  layered(output: string, layers: readonly object[]): void {
    this.#layers.set(output, layers);
  }

  /** The last step, which names the result. */
  end(output: string | undefined): void {
    const id = `step${this.#steps.length}`;
    this.#steps.push({ id, op: { Op: {} }, ...(output === undefined ? {} : { inputs: [output] }) });
  }

  result(): Omit<BuildSteps, 'dockerfile'> {
    const locations: Record<string, SourceLines> = {};
    for (const [id, found] of this.#lines) locations[id] = found.length > 0 ? { locations: found } : {};
    const layers: Record<string, readonly (readonly object[])[]> = {};
    for (const [output, chain] of this.#layers) layers[output] = [chain];
    return { definition: this.#steps, locations, layers };
  }
}

function idOf(output: string): string {
  return output.slice(0, output.indexOf(':'));
}

/** As BuildKit's definitions write a platform. */
function platformOf({ os, architecture, variant }: Platform): object {
  return { Architecture: architecture, OS: os, ...(variant === undefined ? {} : { Variant: variant }) };
}
