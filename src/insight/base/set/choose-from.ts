// Which FROM of a Dockerfile is meant, where somebody names another base for it.

import { MilleError } from '../../../core/index.ts';
import type { EditableFrom } from './edit-from.ts';

/** A FROM, and the stage that it opens. */
export interface StageFrom extends EditableFrom {
  /** Its name, or number. */
  readonly stage: string;
  readonly index: number;
  /** `docker.io/library/python`. */
  readonly repository: string;
}

/** What is asked for. */
export interface ChooseFromRequest {
  /** Names or numbers of stages; none: the FROM of that repository. */
  readonly stages: readonly string[];
  /** Of the images that are to stand there. */
  readonly repositories: readonly string[];
}

/**
 * Chooses: by stage, else all of one image where it is of that repository, else all where the file has one image only.
 * @throws MilleError `usage` where it is not clear
 */
export function chooseFrom(
  froms: readonly StageFrom[],
  { stages, repositories }: ChooseFromRequest,
): readonly StageFrom[] {
  if (froms.length === 0)
    throw new MilleError('usage', 'no FROM of the Dockerfile names an image', {
      hint: 'there is no base to be replaced',
    });
  if (stages.length > 0) return stages.map((name) => byName(froms, name));
  const own = froms.filter(({ repository }) => repositories.includes(repository));
  const candidates = own.length > 0 ? own : froms;
  const references = [...new Set(candidates.map(({ reference }) => reference))];
  if (references.length === 1) return candidates;
  const listed = candidates.map(({ stage, reference }) => `${stage} (${reference})`).join(', ');
  throw new MilleError('usage', `there are several bases that it could replace: ${listed}`, {
    hint: 'say which stage is meant: --stage NAME',
  });
}

function byName(froms: readonly StageFrom[], name: string): StageFrom {
  const lower = name.toLowerCase();
  const found = froms.find(({ stage, index }) => stage === lower || String(index) === name);
  if (found) return found;
  throw new MilleError('unknown-stage', `no stage ${name} stands on an image`, {
    hint: `those that do: ${froms.map(({ stage }) => stage).join(', ')}`,
  });
}
