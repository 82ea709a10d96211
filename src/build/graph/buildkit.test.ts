// Configs, histories and titles as Docker 28.5 (BuildKit) gave them for the same Dockerfiles: testdata/buildkit.json
// was captured from it. A line of history begins with `+` where it has a layer. The one wanted difference in the
// texts, ` # buildkit` at the end of some, was cut off when capturing.

import { describe, expect, test } from 'bun:test';
import { type Digest, digestOfHex } from '../../core/index.ts';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import type { ContainerConfig } from '../../oci/image/index.ts';
import { evaluateStage } from './evaluate.ts';
import { finishConfig, type StepResult } from './finish-config.ts';
import { planBuild } from './plan.ts';
import { type StageState, scratchState } from './stage-state.ts';
import cases from './testdata/buildkit.json';

const PLATFORM = { os: 'linux', architecture: 'amd64' };

/** Builds without executing: every step makes a layer. */
function build(text: string, buildArgs: Readonly<Record<string, string>>) {
  const plan = planBuild({
    dockerfile: parseDockerfile({ name: 'Dockerfile', text }),
    buildArgs,
    hostPlatform: PLATFORM,
  });
  const states = new Map<number, StageState>();
  const results = new Map<string, StepResult>();
  const titles: string[] = [];
  for (const stage of plan.stages) {
    const base = stage.base.kind === 'stage' ? states.get(stage.base.stage) : scratchState(PLATFORM);
    const evaluation = evaluateStage(plan, stage, base as StageState);
    states.set(stage.index, evaluation.state);
    for (const step of evaluation.steps) {
      titles.push(step.title);
      results.set(step.id, { diffId: layer(results.size) });
    }
  }
  const state = states.get(plan.target) as StageState;
  return { titles, image: finishConfig({ state, baseLayers: [], results, created: '2026-01-01T00:00:00Z' }) };
}

function layer(number: number): Digest {
  return digestOfHex(String(number).padStart(64, '0'));
}

describe('as BuildKit', () => {
  for (const one of cases) {
    test(one.name, () => {
      const { titles, image } = build(
        one.dockerfile.join('\n'),
        (one as { buildArgs?: Record<string, string> }).buildArgs ?? {},
      );
      expect(image.config).toEqual(one.config as ContainerConfig);
      expect(image.author).toEqual((one as { author?: string }).author as string);
      const history = (image.history ?? []).map(
        (entry) => `${entry.empty_layer ? '-' : '+'} ${entry.created_by}`,
      );
      expect(history).toEqual(one.history);
      expect([...titles].sort()).toEqual(one.titles);
    });
  }
});
