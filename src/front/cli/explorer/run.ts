// `mille layers -i`: the explorer on a real terminal. Keys and answers go into `front/explore`, what it wants is done,
// what it shows is drawn.

import type { Exploration, LookOptions } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { onResize, onTyped, onUncaught, stopHere, terminalSize } from '../../../sys/index.ts';
import {
  createKeyReader,
  type Effect,
  type ExplorerEvent,
  initialState,
  renderScreen,
  update,
} from '../../explore/index.ts';
import { oneLine } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import type { Host } from '../spec.ts';
import { type TakenTerminal, takeTerminal } from './terminal.ts';

/** Bytes of a file that are looked at. */
const MOST_SEEN = 16 << 20;
/** How long the rest of a key's sequence may take, in milliseconds. */
const ESCAPE_WAIT = 40;

/** Explores an image until the user has enough; the exit status. @throws MilleError `usage` without a terminal */
export async function runExplorer(look: LookOptions, host: Host): Promise<number> {
  checkTerminal(host);
  const app = await host.app();
  using interruption = host.interruption();
  // An archive of several gigabytes takes a moment.
  using opening = tellOpening(look.image, host);
  // Awaited here, while signals are still listened to.
  return await app.explore(look, interruption.signal, async (exploration) => {
    opening[Symbol.dispose]();
    if (!interruption.signal.aborted) await onTerminal(exploration, host, interruption.signal);
    return interruption.status ?? 0;
  });
}

/** Says that something is being opened, until it is disposed of. */
function tellOpening(name: string, host: Host): Disposable {
  let shown = host.terminal.stderr;
  if (shown) host.err(`opening ${oneLine(name)} …`);
  return {
    [Symbol.dispose]() {
      if (shown) host.err('\r\x1b[K');
      shown = false;
    },
  };
}

function checkTerminal({ terminal, env }: Host): void {
  const missing = !terminal.stdin
    ? 'standard input is none'
    : !terminal.stdout
      ? 'standard output is none'
      : undefined;
  const why = missing ?? (env.TERM === 'dumb' ? 'this one (TERM=dumb) cannot' : undefined);
  if (why === undefined) return;
  throw new MilleError('usage', `the explorer needs a terminal: ${why}`, {
    hint: "run it in a terminal; 'mille layers', with --tree and --waste, tells the same in tables",
  });
}

function onTerminal(exploration: Exploration, host: Host, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const terminal = takeTerminal(host);
  const size = () => terminalSize(1) ?? { columns: 80, rows: 24 };
  const color = hasColor(host, 'stdout');
  const reader = createKeyReader();
  let state = initialState(exploration, size());
  let work: AbortController | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  /** What goes wrong in a callback must end the explorer, and not only the callback. */
  const guarded = (action: () => void) => () => {
    try {
      action();
    } catch (error) {
      reject(error);
    }
  };
  const take = (events: readonly ExplorerEvent[]) =>
    guarded(() => {
      for (const event of events) {
        const step = update(state, event);
        state = step.state;
        for (const effect of step.effects) perform(effect);
      }
      terminal.draw(renderScreen(state, { color }));
    })();
  const keys = (names: readonly string[]) => take(names.map((key) => ({ type: 'key', key })));

  const perform = (effect: Effect) => {
    switch (effect.type) {
      case 'quit':
        resolve();
        return;
      case 'suspend':
        suspend(terminal);
        state = update(state, { type: 'resize', size: size() }).state;
        return;
      case 'redraw':
        terminal.forget();
        return;
      case 'cancel':
        work?.abort();
        return;
      default: {
        work = new AbortController();
        const { signal: given } = work;
        void answer(exploration, effect, given).then((event) => take([event]), reject);
      }
    }
  };

  const ends = [
    onTyped((bytes) => {
      if (!bytes) return resolve();
      clearTimeout(waiting);
      keys(reader.keys(bytes));
      waiting = setTimeout(() => keys(reader.flush()), ESCAPE_WAIT);
    }),
    onUncaught(reject),
    onResize(() => {
      terminal.forget();
      take([{ type: 'resize', size: size() }]);
    }),
  ];
  signal.addEventListener('abort', () => resolve(), { once: true });
  take([]);
  return promise.finally(() => {
    clearTimeout(waiting);
    work?.abort();
    for (const end of ends) end();
    terminal[Symbol.dispose]();
  });
}

function suspend(terminal: TakenTerminal): void {
  terminal.leave();
  stopHere();
  terminal.enter();
}

/** Does what takes time; what came of it is an event. */
async function answer(
  exploration: Exploration,
  effect: Extract<Effect, { type: 'read' | 'extract' }>,
  signal: AbortSignal,
): Promise<ExplorerEvent> {
  try {
    const { version } = effect;
    if (effect.type === 'read') {
      const { bytes, size } = await exploration.read(version, MOST_SEEN, signal);
      return { type: 'content', node: effect.node, version, bytes, size };
    }
    const { path, overwrite } = effect;
    const outcome = await exploration.extract(version, { path, overwrite }, signal);
    return outcome === 'done' ? { type: 'extracted', path } : { type: 'exists', version, path };
  } catch (error) {
    if (signal.aborted) return { type: 'cancelled' };
    if (error instanceof MilleError) return { type: 'failed', message: error.message };
    throw error;
  }
}
