// `--call=check`, `--call=outline` and `--call=targets` as Docker 28.5 answers them: docker-answers.json is what it
// said about the Dockerfiles of dockerfiles.json (capture.ts asks again). Of check rules and lines are compared, of the
// others everything. Where a build would fail, Docker's check is silent about what comes after; there its findings are
// a part of ours.

import { describe, expect, test } from 'bun:test';
import {
  evaluatePlan,
  outlineOf,
  outsideState,
  planBuild,
  scratchState,
  targetsOf,
} from '../../src/build/graph/index.ts';
import { positionAt, type SourceText } from '../../src/core/index.ts';
import { outlineJson, targetsJson } from '../../src/front/report/index.ts';
import { checkDockerfile } from '../../src/insight/lint/index.ts';
import { parseDockerfile } from '../../src/lang/dockerfile/index.ts';
import { parseIgnore } from '../../src/lang/ignore/index.ts';
import type { ImageConfig } from '../../src/oci/image/index.ts';
import captured from './docker-answers.json';
import cases from './dockerfiles.json';

interface Case {
  readonly name: string;
  readonly dockerfile: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** For outline, beside `buildArgs`. */
  readonly outlineBuildArgs?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly ignore?: readonly string[];
  /** What mille finds, where it follows a newer BuildKit. */
  readonly newer?: readonly string[];
  /** Docker finds out later that it cannot be built. */
  readonly refusedSooner?: boolean;
  /** Docker cannot do without the base image, mille can. */
  readonly missingBase?: boolean;
}

interface Argument {
  readonly name: string;
  readonly location: { readonly ranges: readonly { readonly start: { readonly line: number } }[] };
}

interface Answer {
  readonly check: {
    readonly status: number;
    readonly warnings: readonly string[];
    /** The lines of `buildError`, '' for one without. */
    readonly errorLines?: string;
  };
  readonly outline: 'failed' | { readonly args?: readonly Argument[] };
  readonly targets: 'failed' | object;
}

const HOST = { os: 'linux', architecture: 'amd64' };
const answers = captured.answers as unknown as Readonly<Record<string, Answer>>;
const images = captured.images as unknown as Readonly<Record<string, Omit<ImageConfig, 'rootfs'>>>;

function imageOf(reference: string): ImageConfig | undefined {
  const image = images[reference];
  return image && { ...image, rootfs: { type: 'layers', diff_ids: [] } };
}

const sourceOf = ({ dockerfile }: Case): SourceText => ({
  name: 'Dockerfile',
  text: `${dockerfile.join('\n')}\n`,
});

const targetOf = ({ target }: Case) => (target === undefined ? {} : { target });

describe('check', () => {
  const check = (one: Case) =>
    checkDockerfile({
      source: sourceOf(one),
      options: { hostPlatform: HOST, buildArgs: one.buildArgs ?? {}, ...targetOf(one) },
      image: ({ reference }) => imageOf(reference),
      ...(one.ignore ? { ignore: parseIgnore({ name: '.dockerignore', text: one.ignore.join('\n') }) } : {}),
    });

  for (const one of cases as readonly Case[]) {
    test(one.name, () => {
      const { check: docker } = answers[one.name]!;
      const { diagnostics, error } = check(one);
      const found = diagnostics
        .map(({ rule, lines: { first, last } }) => `${rule} ${first === last ? first : `${first}-${last}`}`)
        .sort();
      if (docker.errorLines === undefined) {
        expect({ found, error }).toEqual({
          found: [...(one.newer ?? docker.warnings)],
          error: undefined as never,
        });
        if (!one.newer) expect(found.length > 0 ? 1 : 0).toBe(docker.status);
        return;
      }
      for (const warning of docker.warnings) expect(found).toContain(warning);
      if (one.missingBase) {
        expect(error).toBeUndefined();
        return;
      }
      expect(error).toBeDefined();
      const [first = 0, last = first] = docker.errorLines.split('-').map(Number);
      if (first === 0 || !error?.span) return;
      const { line } = positionAt(error.span.source, error.span.start);
      expect(line).toBeGreaterThanOrEqual(first);
      expect(line).toBeLessThanOrEqual(last);
    });
  }
});

/** The names of one line are in any order in Docker's answers. */
function sortedArgs(outline: Exclude<Answer['outline'], 'failed'>) {
  const lineOf = ({ location }: Argument) => location.ranges[0]?.start.line ?? 0;
  const byPlace = (a: Argument, b: Argument) => lineOf(a) - lineOf(b) || (a.name < b.name ? -1 : 1);
  return outline.args ? { ...outline, args: [...outline.args].sort(byPlace) } : outline;
}

function withoutSources(json: string, source: SourceText) {
  const { sources, ...rest } = JSON.parse(json);
  expect(Buffer.from(sources[0], 'base64').toString()).toBe(source.text);
  return rest;
}

describe('outline', () => {
  const outline = (one: Case) => {
    const source = sourceOf(one);
    const dockerfile = parseDockerfile(source);
    const buildArgs = { ...one.buildArgs, ...one.outlineBuildArgs };
    const settings = { dockerfile, hostPlatform: HOST, buildArgs, ...targetOf(one) };
    const plan = planBuild(settings);
    const found = plan.images.flatMap(({ key, reference }) => {
      const config = imageOf(reference);
      return config ? [[key, { config }] as const] : [];
    });
    const evaluations = evaluatePlan(
      plan,
      (stage) => outsideState(stage, new Map(found)) ?? scratchState(stage.platform),
    );
    const json = outlineJson({ source, outline: outlineOf(dockerfile, plan, evaluations) });
    return withoutSources(json, source);
  };

  for (const one of cases as readonly Case[]) {
    const { outline: docker, check } = answers[one.name]!;
    // What is wrong with the checks, or an image that is not there, makes Docker's outline fail; not ours.
    if (docker === 'failed' && check.errorLines === '') continue;
    test(one.name, () => {
      if (docker !== 'failed') expect(sortedArgs(outline(one))).toEqual(sortedArgs(docker));
      else if (!one.missingBase) expect(() => outline(one)).toThrow();
    });
  }
});

describe('targets', () => {
  for (const one of cases as readonly Case[]) {
    test(one.name, () => {
      const source = sourceOf(one);
      const targets = () => {
        const json = targetsJson({ source, targets: targetsOf(parseDockerfile(source)) });
        return withoutSources(json, source);
      };
      const { targets: docker } = answers[one.name]!;
      if (docker === 'failed' || one.refusedSooner) expect(targets).toThrow();
      else expect(targets()).toEqual(docker);
    });
  }
});
