// A scenario: some cases, each measured for every builder in turn, round after round, so that whatever else the
// machine does meanwhile falls on all alike.

import type { Builder } from './builder.ts';
import type { Sample } from './measure.ts';

/** What a scenario is given. */
export interface Bench {
  readonly builders: readonly Builder[];
  /** An empty directory for the scenario. */
  readonly directory: string;
  /** Name of the base image, loaded into every builder. */
  readonly base: string;
  readonly rounds: number;
  readonly log: (line: string) => void;
}

/** All samples of one case: by builder, in the order taken. */
export interface Measured {
  readonly title: string;
  /** What the design asks for, in words. */
  readonly target?: string;
  /** Whether the memory is of interest. */
  readonly memory?: boolean;
  /** Whether processor time is: it tells more than seconds on a machine that has other things to do. */
  readonly cpu?: boolean;
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** A column of the table: a builder, or another program. */
export type Column = Pick<Builder, 'name' | 'ownMemory'>;

/** One file of scenarios/. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Who is measured, where it is not the builders. */
  readonly columns?: readonly Column[];
  run(bench: Bench): Measured[] | Promise<Measured[]>;
}

/** A case to measure: `prepare` is not timed. Rounds differ in their number; the same round never comes twice. */
export interface Case {
  readonly title: string;
  readonly target?: string;
  readonly memory?: boolean;
  readonly cpu?: boolean;
  /** Rounds, where not those of the command line. */
  readonly rounds?: number;
  prepare?(builder: Builder, round: number): void;
  measure(builder: Builder, round: number): Sample;
}

/** Measures a case: A B C, A B C, … A peer that fails is left out of the round, and said; a failure of ours is an error. */
export function alternate(bench: Bench, what: Case): Measured {
  const samples = new Map<string, Sample[]>(bench.builders.map((builder) => [builder.name, []]));
  for (let round = 0; round < (what.rounds ?? bench.rounds); round++) {
    for (const builder of bench.builders) {
      try {
        what.prepare?.(builder, round);
        const { seconds, peak, cpu } = what.measure(builder, round);
        samples.get(builder.name)!.push({ seconds, peak, cpu });
        bench.log(`${what.title}: ${builder.name} ${seconds.toFixed(3)} s, CPU ${cpu.toFixed(2)} s`);
      } catch (error) {
        if (builder.name === 'mille') throw error;
        bench.log(
          `${what.title}: ${builder.name} failed: ${String(error).split('\n').slice(0, 2).join(' ')}`,
        );
      }
    }
  }
  const { title, target, memory, cpu } = what;
  const shown = { ...(memory ? { memory } : {}), ...(cpu ? { cpu } : {}) };
  return { title, samples, ...(target === undefined ? {} : { target }), ...shown };
}
