// Room `front/explore`: the full-screen explorer of images as plain data. A state, what a key or an answer makes of it
// together with what is wanted from outside, and the lines of the screen that show it. No terminal, no I/O, no clock:
// `front/cli` has the terminal and does what is wanted.

export type { Effect, ExplorerEvent } from './event.ts';
export { createKeyReader, type KeyReader } from './keys.ts';
export { renderScreen, type Screen } from './render/screen.ts';
export { type ExplorerState, initialState } from './state.ts';
export { update } from './update/update.ts';
