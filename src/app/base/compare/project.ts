// The project whose Dockerfile stands on a base, as far as another base in it needs to know.

import type { SourceText } from '../../../core/index.ts';
import { chooseFrom, type EditedFrom, editFrom, type StageFrom } from '../../../insight/base/index.ts';
import type { LintSubject } from '../../../insight/lint/index.ts';
import { parseReference } from '../../../oci/image/index.ts';
import type { BuildGiven } from '../../build/execute-services.ts';
import { checkOnePlatform } from '../../build/platforms.ts';
import { withBuildInput } from '../../build/ready-build.ts';
import { notAFile, notLocal } from '../../optimize/observe.ts';
import type { Services } from '../../services.ts';
import type { BuildOptions } from '../../types.ts';
import { readSubject } from '../used-bases.ts';

/** A Dockerfile and what is beside it. */
export interface BaseProject {
  readonly source: SourceText;
  /** Absolute. */
  readonly path: string;
  /** Absolute. */
  readonly directory: string;
  readonly ignoreText?: string;
  readonly subject: LintSubject;
  /** Those that stand on images. */
  readonly froms: readonly StageFrom[];
  readonly given: BuildGiven;
}

/** What is asked for. */
export interface ProjectRequest {
  readonly services: Services;
  readonly build: BuildOptions;
  readonly signal: AbortSignal;
}

/** Does some work with a project. @throws MilleError for what cannot be read, or is no Dockerfile on this machine */
export async function withProject<T>(
  { services, build, signal }: ProjectRequest,
  work: (project: BaseProject) => Promise<T>,
): Promise<T> {
  const store = await services.store();
  return await withBuildInput(
    { store, options: build, signal },
    () => {},
    async (given) => {
      const { input } = given;
      const { dockerfile, contextName } = input;
      if (dockerfile.path === undefined) throw notAFile();
      if (!contextName.startsWith('/')) throw notLocal();
      const { buildArgs, target } = build;
      checkOnePlatform(build);
      const [platform] = build.platforms;
      const subject = readSubject(store, dockerfile.source, {
        buildArgs,
        ...(target === undefined ? {} : { target }),
        ...(platform === undefined ? {} : { platform }),
      });
      const ignore = input.ignoreRules()?.source;
      return await work({
        ...{ source: dockerfile.source, path: dockerfile.path, directory: contextName },
        ...(ignore ? { ignoreText: ignore.text } : {}),
        ...{ subject, froms: fromsOf(subject), given },
      });
    },
  );
}

function fromsOf({ stages }: LintSubject): StageFrom[] {
  return stages.flatMap(({ stage }): StageFrom[] => {
    const { base, from, name, index, replaced } = stage;
    if (base.kind !== 'image' || replaced) return [];
    const { reference } = base;
    const { repository } = parseReference(reference);
    return [{ from, reference, repository, index, stage: name ?? String(index) }];
  });
}

/** Which FROM it is, where several images are to stand in its place. */
export function chosenFroms(
  { froms }: BaseProject,
  images: readonly string[],
  stages: readonly string[],
): readonly StageFrom[] {
  return chooseFrom(froms, {
    stages,
    repositories: images.map((name) => parseReference(name).repository),
  });
}

/** The Dockerfile on another base. */
export function onBase(
  { source, subject, froms }: BaseProject,
  chosen: readonly StageFrom[],
  { to, build }: { readonly to: string; readonly build: BuildOptions },
): EditedFrom {
  const { globalArgs } = subject.dockerfile;
  const given = new Set(Object.keys(build.buildArgs));
  return editFrom({ source, globalArgs, froms, chosen, given, to });
}
