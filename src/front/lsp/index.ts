// Room `front/lsp`: a language server for Dockerfiles over standard input and output: what `mille lint` finds, as one types;
// fixes, explanations and costs where the cursor is. It translates between the protocol and `app`, and decides nothing else. It
// may touch the process's streams and exit (rooms.json: `host`).

export { type ServeOptions, serve } from './serve.ts';
