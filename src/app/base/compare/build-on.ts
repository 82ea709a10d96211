// A Dockerfile built on several bases, from nothing, in turns: what that takes and makes, what commands say of the result,
// and where it fails, why.

import { type EventSink, MilleError } from '../../../core/index.ts';
import type { StageFrom } from '../../../insight/base/index.ts';
import { explainFailure, type FailureReason } from '../../../insight/compatibility/index.ts';
import type { ObservedImage } from '../../../insight/optimize/index.ts';
import { type BuiltImage, buildImage, type Making } from '../../optimize/built-image.ts';
import { runChecks } from '../../optimize/checks.ts';
import { withDraftFiles } from '../../optimize/draft-files.ts';
import { valueHider } from '../../optimize/hidden-values.ts';
import { newMountSpace } from '../../optimize/mount-space.ts';
import { isNetworkFailure, onceMore } from '../../optimize/network-failure.ts';
import { phase } from '../../optimize/phase.ts';
import { shownText } from '../../optimize/shown-text.ts';
import type { BuildOptions } from '../../types.ts';
import { type BaseProject, onBase } from './project.ts';
import type { BuildOnBases, BuiltOn, ComparedBase, FailedOn } from './types.ts';

/** What is to be built on what. */
export interface BuildOnRequest extends BuildOnBases {
  readonly project: BaseProject;
  readonly chosen: readonly StageFrom[];
  readonly events: EventSink;
  readonly making: Making;
}

/** A base, and the image that was built on it in the first round. */
export interface OnBase {
  readonly base: ComparedBase;
  readonly image?: ObservedImage;
  readonly result: Omit<BuiltOn, 'misfits'> | FailedOn;
}

/** Lines of output that are kept of what failed. */
const LINES = 12;

/** Fetches a base, so that no build has to: it is in the store afterwards. @throws MilleError as `build` for a FROM */
export async function fetchBase(
  name: string,
  { build: { target: _, ...build }, events, making }: Pick<BuildOnRequest, 'build' | 'events' | 'making'>,
): Promise<BuiltImage> {
  const draft = { source: { name, text: `FROM ${name}\n` }, known: new Map() };
  try {
    return await withDraftFiles(draft, (dockerfile) =>
      phase(events, `fetch ${name}`, (inner) => buildImage({ ...build, dockerfile }, inner, making)),
    );
  } catch (error) {
    if (!(error instanceof MilleError) || !error.span) throw error;
    // The FROM is none of the user's.
    const { code, message, hint } = error;
    throw new MilleError(code, message, { cause: error, ...(hint === undefined ? {} : { hint }) });
  }
}

/** Builds on all of them, in their order. @throws MilleError `interrupted` */
export async function buildOnBases(
  bases: readonly ComparedBase[],
  request: BuildOnRequest,
): Promise<readonly OnBase[]> {
  const attempts = bases.map((base) => new Attempt(base, request));
  // In turns: what else the machine does is in the figures of all of them.
  for (let round = 0; round < request.rounds; round++)
    for (const attempt of attempts) await attempt.round(round);
  const results: OnBase[] = [];
  for (const attempt of attempts) results.push(await attempt.end());
  return results;
}

class Attempt {
  private readonly seconds: number[] = [];
  private first: BuiltImage | undefined;
  private failure: FailedOn | undefined;

  constructor(
    private readonly base: ComparedBase,
    private readonly request: BuildOnRequest,
  ) {}

  async round(round: number): Promise<void> {
    if (this.failure) return;
    const { rounds, events } = this.request;
    const { name } = this.base;
    const title = `build on ${name}${rounds > 1 ? ` (${round + 1} of ${rounds})` : ''}`;
    try {
      const built = await onceMore(
        (text) => phase(events, text, (inner) => this.build(inner)),
        [title, `${title}, once more: the network failed`],
      );
      this.first ??= built;
      this.seconds.push(built.seconds);
    } catch (error) {
      if (!(error instanceof MilleError) || error.code === 'interrupted') throw error;
      this.failure = this.failed(error);
    }
  }

  async end(): Promise<OnBase> {
    const { base, failure, first } = this;
    if (failure || !first) return { base, result: failure! };
    const { checks, checkNetwork, events, making, build } = this.request;
    const hide = valueHider(build);
    const asked =
      checks.length === 0
        ? []
        : await phase(events, `ask what was built on ${base.name}`, () =>
            runChecks(first.image, {
              ...{ commands: checks, output: false, network: checkNetwork, hide },
              signal: making.signal,
            }),
          );
    return {
      ...{ base, image: first.image },
      result: {
        outcome: 'built',
        seconds: Math.min(...this.seconds),
        rounds: this.seconds,
        bytes: first.image.bytes,
        layers: first.image.diffIds.length,
        checks: asked.map((one) => ({
          ...one,
          ...(one.status === 0 ? {} : explained(one.output, { base })),
        })),
      },
    };
  }

  private build(events: EventSink): Promise<BuiltImage> {
    const { project, chosen, build, making } = this.request;
    const { source } = onBase(project, chosen, { to: this.base.name, build });
    const { ignoreText } = project;
    const draft = {
      ...{ source, known: new Map() },
      ...(ignoreText === undefined ? {} : { ignoreText }),
    };
    const mountSpace = newMountSpace();
    making.spaces.add(mountSpace);
    const how: BuildOptions = { ...build, noCache: true, mountSpace, standsFor: project.path };
    return withDraftFiles(draft, (dockerfile) => buildImage({ ...how, dockerfile }, events, making));
  }

  private failed(error: MilleError): FailedOn {
    const hide = valueHider(this.request.build);
    const output = (error.output ?? []).map(hide);
    const { span } = error;
    const line = span?.source.text.slice(0, span.start).split('\n').length;
    return {
      outcome: 'failed',
      code: error.code,
      message: hide(error.message),
      ...(line === undefined ? {} : { line }),
      ...(span ? { instruction: shownText(span.source.text.slice(span.start, span.end)) } : {}),
      output: output.slice(-LINES),
      network: isNetworkFailure(error),
      ...explained([error.message, ...output], { base: this.base }),
    };
  }
}

function explained(output: readonly string[], { base }: { readonly base: ComparedBase }) {
  return { reasons: explainedOn(output, base) };
}

/** Why something failed on a base, by what it said. */
export function explainedOn(
  output: readonly string[],
  { distribution, libc, shells, installers }: ComparedBase,
): readonly FailureReason[] {
  return explainFailure(output, {
    ...{ installers, shells },
    ...(distribution ? { distribution } : {}),
    ...(libc ? { libc } : {}),
  });
}
