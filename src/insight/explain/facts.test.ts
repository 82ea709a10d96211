// What the pages claim of instructions, held against what planning a build gives.

import { describe, expect, test } from 'bun:test';
import {
  evaluateStage,
  imageState,
  openStage,
  planBuild,
  type StageEvaluation,
  staticInputs,
} from '../../build/graph/index.ts';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { InstructionFacts } from './page.ts';
import { PAGES } from './pages.ts';

const HOST = { os: 'linux', architecture: 'amd64' };
const BASE = imageState({ ...HOST, rootfs: { type: 'layers', diff_ids: [] } }, HOST);

/** The last stage of a Dockerfile, on a base that has nothing. */
function lastStage(text: string): StageEvaluation {
  const dockerfile = parseDockerfile({ name: 'Dockerfile', text });
  const plan = planBuild({ dockerfile, hostPlatform: HOST });
  return evaluateStage(plan, plan.stages.at(-1)!, BASE);
}

/** The Dockerfile of a page. */
function exampleOf(text: string): string | undefined {
  return /^```dockerfile\n([\s\S]*?)^```/m.exec(text)?.[1];
}

/** Keywords of steps, with what of their own they depend on. */
function inputsOf(text: string): readonly (readonly [string, string])[] {
  return lastStage(text).steps.map((step) => [step.kind.toUpperCase(), JSON.stringify(staticInputs(step))]);
}

describe('examples', () => {
  for (const { name, texts } of PAGES) {
    test(`of ${name} are the same in both languages, and can be built`, () => {
      const example = exampleOf(texts.en);
      expect(exampleOf(texts.fr)).toBe(example!);
      if (example !== undefined) expect(lastStage(example).steps).toBeDefined();
      else expect(name).toBe('dockerignore');
    });
  }
});

for (const [name, facts] of Object.entries<InstructionFacts>(INSTRUCTIONS)) {
  const page = PAGES.find((one) => one.name === name.toUpperCase())!;
  const example = exampleOf(page.texts.en)!;

  describe(page.name, () => {
    test('gives what the page says', () => {
      const { steps, state } = lastStage(example);
      const given = openStage(BASE).config as Readonly<Record<string, unknown>>;
      const changed = Object.entries(state.config).flatMap(([field, value]): [string, unknown][] => {
        const before = given[field];
        // A field for Windows that every CMD and ENTRYPOINT sets; nobody learns from it.
        if (field === 'ArgsEscaped') return [];
        if (JSON.stringify(before) === JSON.stringify(value)) return [];
        const old = field === 'Env' ? (before as readonly string[]) : [];
        return [[field, Array.isArray(value) ? value.filter((one) => !old.includes(one)) : value]];
      });
      expect(Object.fromEntries(changed)).toEqual(facts.gives.config as never);
      expect(steps.length).toBe(facts.gives.layers);
    });

    test('makes a layer, or none', () => {
      const kinds = lastStage(example).steps.map(({ kind }) => kind.toUpperCase());
      const wanted = { always: true, 'new-directory': true, never: false, base: false }[facts.layer];
      expect(kinds.includes(page.name)).toBe(wanted);
      const says = { always: /^Yes/, 'new-directory': /^Only where/, never: /^(It makes none|None)/ };
      const layer = /## Layer\n\n(.*)/.exec(page.texts.en)![1]!;
      expect(layer).toMatch(facts.layer === 'base' ? /^It makes none\. It brings/ : says[facts.layer]);
    });

    for (const { before, after, reruns } of facts.reruns) {
      test(`reruns ${reruns.join(', ') || 'nothing'}: ${after.split('\n').slice(1).join('; ')}`, () => {
        const [old, now] = [inputsOf(before), inputsOf(after)];
        expect(now.length).toBe(old.length);
        const differ = now.filter(([, inputs], i) => inputs !== old[i]![1]).map(([kind]) => kind);
        expect(differ).toEqual([...reruns]);
      });
    }
  });
}

test('what the page says of a cache that nothing invalidates is what it claims', () => {
  for (const [name, { reruns }] of Object.entries<InstructionFacts>(INSTRUCTIONS)) {
    const { texts } = PAGES.find((one) => one.name === name.toUpperCase())!;
    const says = /## What invalidates its cache\n\n(.*)/.exec(texts.en)![1]!;
    const claimsNothing = reruns.length > 0 && reruns.every((claim) => claim.reruns.length === 0);
    expect(`${name} ${/^Nothing/.test(says)}`).toBe(`${name} ${claimsNothing}`);
  }
});
