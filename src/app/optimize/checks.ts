// Commands that are asked of both images: `--check`, and the HEALTHCHECK that the image has. A command speaks for a
// rewrite only where it ends well in a container of the original.

import { withShell } from '../../build/graph/index.ts';
import { MilleError } from '../../core/index.ts';
import type { ObservedImage } from '../../insight/optimize/index.ts';
import type { CheckRun, CheckVerdict } from '../../insight/verify/index.ts';
import { createHasher } from '../../sys/index.ts';
import { runWith } from '../run/run.ts';
import type { RunOptions } from '../types.ts';
import { compareRuns, failsTheSame, type Ran } from './compare-runs.ts';
import { healthCheckOf, withService } from './health.ts';
import type { HideValues } from './hidden-values.ts';
import { ownPatience } from './own-patience.ts';
import { shownLines } from './shown-text.ts';

/** Seconds that a command may take. */
const PATIENCE = 300;
/** Seconds that a container may take to start and to end, beside what it does. */
const GRACE = 10;
/** Lines of output that are kept, and bytes of it. */
const LINES = 20;
const TAIL = 16 * 1024;

/** An image that is asked. */
export type AskedImage = Pick<ObservedImage, 'imageId' | 'config'>;

/** What is to be asked. */
export interface CheckRequest {
  /** `sh -c` words, or a list in JSON that is executed as it is. */
  readonly commands: readonly string[];
  /** What they write on standard output is to be the same too. */
  readonly output: boolean;
  /** They may reach the network. */
  readonly network: boolean;
  /** That the image's own command fails in the same way each time is an answer too: it wants a database, say. */
  readonly failing?: boolean;
  readonly hide: HideValues;
  readonly signal: AbortSignal;
}

/** Asks images, compared with one that is asked first. */
export interface Checks {
  /**
   * Asks one. @param mustSay where nothing that was given says anything, the image's own command is asked as well: whether it
   * starts, and runs on
   */
  ask(after: AskedImage, mustSay: boolean): Promise<readonly CheckVerdict[]>;
  /** What ends well with the one that is asked first. */
  speaking(): Promise<'checks' | 'own-command' | undefined>;
}

/** A command as it is run. */
interface Check {
  readonly command: string;
  readonly from: CheckVerdict['from'];
  readonly argv: readonly string[];
  readonly patience: number;
  /** A server runs beside it, which says what it likes, in a network of its own. */
  readonly service?: true;
}

/** Checks against the original; it is asked once for all. @throws MilleError `usage` for a malformed list */
export function checksAgainst(before: AskedImage, request: CheckRequest): Checks {
  const given = checksOf(before, request.commands);
  const own = ownCommand(before);
  const health = healthChecks(before, own);
  const known = new Map<Check, Ran>();
  const run = ({ imageId }: AskedImage, check: Check) => runCheck(imageId, check, request);
  const first = async (check: Check) => {
    const ran = known.get(check) ?? (await run(before, check));
    known.set(check, ran);
    return ran;
  };
  const failing = new Map<Check, boolean>();
  const failsEachTime = async (check: Check) => {
    if (!request.failing || check.from !== 'own-command') return false;
    const ran = await first(check);
    const result =
      failing.get(check) ?? (failsTheSame(ran, ran) && failsTheSame(ran, await run(before, check)));
    failing.set(check, result);
    return result;
  };
  const ask = async (after: AskedImage, check: Check) =>
    await compareRuns(check, await first(check), {
      // A server writes when it was started, and its number.
      output: request.output && check.from !== 'own-command' && !check.service,
      failing: await failsEachTime(check),
      ...{ after: () => run(after, check), before: () => run(before, check) },
    });
  const allOf = async (): Promise<readonly Check[]> => {
    for (const check of health) if ((await first(check)).status === 0) return [...given, check];
    return [...given, ...health.slice(-1)];
  };
  return {
    async ask(after, mustSay) {
      const verdicts: CheckVerdict[] = [];
      for (const check of await allOf()) verdicts.push(await ask(after, check));
      if (mustSay && own && verdicts.every(({ outcome }) => outcome === 'silent'))
        verdicts.push(await ask(after, own));
      return verdicts;
    },
    async speaking() {
      for (const check of await allOf()) if ((await first(check)).status === 0) return 'checks';
      if (!own) return undefined;
      return (await first(own)).status === 0 || (await failsEachTime(own)) ? 'own-command' : undefined;
    },
  };
}

/** How each of the commands ends in a container of an image, whatever others say. @throws MilleError `usage` as above */
export async function runChecks(
  image: AskedImage,
  request: CheckRequest,
): Promise<readonly (CheckRun & { readonly command: string })[]> {
  const runs: (CheckRun & { readonly command: string })[] = [];
  for (const check of checksOf(image, request.commands)) {
    const { said: _, ...ran } = await runCheck(image.imageId, check, request);
    runs.push({ command: check.command, ...ran });
  }
  return runs;
}

/** What a container of the image starts; undefined for a shell or the like, which does nothing unless it is told to. */
function ownCommand({ config }: AskedImage): Check | undefined {
  const { Entrypoint, Cmd } = config.config ?? {};
  const argv = [...(Entrypoint ?? []), ...(Cmd ?? [])];
  const [program = ''] = argv;
  if (program === '' || (argv.length === 1 && IDLE.test(program))) return undefined;
  return { ...({ command: argv.join(' '), from: 'own-command', patience: ownPatience() } as const), argv };
}

const IDLE = /(?:^|\/)(?:(?:ba|da|a|k|z)?sh|python[\d.]*|node|irb|php|jshell|lua|julia|R|ghci|erl|iex|sbcl)$/;

function checksOf({ config }: AskedImage, commands: readonly string[]): Check[] {
  return commands.map(
    (command): Check => ({
      ...({ command, from: 'user', patience: PATIENCE } as const),
      argv: listOf(command) ?? withShell(config.config ?? {}, command),
    }),
  );
}

/** The image's HEALTHCHECK: while its own command runs, and alone, for one that wants no server. */
function healthChecks({ config }: AskedImage, own: Check | undefined): readonly Check[] {
  const health = healthCheckOf(config);
  if (!health) return [];
  const { words, argv, timeout, patience } = health;
  const alone: Check = { command: words, from: 'healthcheck', argv, patience: timeout };
  if (!own) return [alone];
  return [
    {
      ...({ command: `${words} (while ${own.command} runs)`, from: 'healthcheck', service: true } as const),
      ...{ argv: withService(health, own.argv), patience: patience + timeout + GRACE },
    },
    alone,
  ];
}

function listOf(command: string): string[] | undefined {
  if (!command.trimStart().startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(command);
    if (Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string')) return list;
  } catch {
    // `[ -f /etc/passwd ]` is a command too.
  }
  return undefined;
}

async function runCheck(image: string, check: Check, { network, hide, signal }: CheckRequest): Promise<Ran> {
  const patience = AbortSignal.timeout(check.patience * 1000);
  const started = performance.now();
  const hasher = createHasher();
  let tail = Buffer.alloc(0);
  const keep = (chunk: Uint8Array) => {
    tail = Buffer.concat([tail, chunk]).subarray(-TAIL);
  };
  const end = (status: number, more: Partial<CheckRun> = {}): Ran => ({
    ...{ status, seconds: (performance.now() - started) / 1000, output: outputOf(tail, hide) },
    ...{ said: hasher.digest(), ...more },
  });
  const onStdout = (chunk: Uint8Array) => {
    hasher.update(chunk);
    keep(chunk);
  };
  try {
    const io = { onStdout, onStderr: keep, signal: AbortSignal.any([signal, patience]) };
    return end(await runWith(runOptions(image, check, network && !check.service), io));
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    if (error.code === 'interrupted' && patience.aborted && !signal.aborted)
      return end(check.from === 'own-command' ? 0 : 137, { late: true });
    if (!['command-missing', 'command-not-executable', 'run-failed'].includes(error.code)) throw error;
    keep(Buffer.from(`${error.message}\n`));
    if (check.from === 'user' && error.code === 'command-missing' && listOf(check.command) === undefined)
      keep(Buffer.from('where there is no shell, a check is written as a list: ["PROGRAM", "ARGUMENT"]\n'));
    return end(error.exitStatus);
  }
}

function runOptions(image: string, { argv }: Check, network: boolean): RunOptions {
  const [entrypoint = '', ...args] = argv;
  return {
    ...{ image, entrypoint, args, env: [], volumes: [], interactive: false, tty: false, readOnly: false },
    ...{ rm: true, network: network ? 'host' : 'none' },
  };
}

/** The last lines. */
function outputOf(bytes: Uint8Array, hide: HideValues): readonly string[] {
  const text = new TextDecoder().decode(bytes).trimEnd();
  return text === '' ? [] : shownLines(text.split('\n').map(hide)).slice(-LINES);
}
