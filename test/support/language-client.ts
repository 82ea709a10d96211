// A client of the language server, for tests: the real process, spoken to as editors do.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';

/** What the server said of a document. */
export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly severity: number;
    readonly range: Range;
  }[];
}

export interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** A connection to a server. */
export interface LanguageClient {
  readonly connection: MessageConnection;
  readonly process: ChildProcessWithoutNullStreams;
  /** What the server can do. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** Opens a document, or changes it as a whole; resolves to what is found in just that version. */
  show(uri: string, text: string): Promise<Published>;
  /** Resolves to what is published next about a document. */
  next(uri: string): Promise<Published>;
  request<T>(method: string, params: unknown): Promise<T>;
  notify(method: string, params: unknown): Promise<void>;
  /** Ends the server as editors do; its exit status. */
  end(): Promise<number>;
}

/** Starts a server and greets it. */
export async function startLanguageServer(
  command: readonly string[],
  {
    env,
    cwd,
    locale = 'en',
  }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string; readonly locale?: string },
): Promise<LanguageClient> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.resume();
  const exited = new Promise<number>((resolve) => child.on('exit', (status) => resolve(status ?? -1)));
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const waiting = new Set<(published: Published) => void>();
  connection.onNotification('textDocument/publishDiagnostics', (published: Published) => {
    for (const tell of waiting) tell(published);
  });
  connection.listen();
  const until = (wanted: (published: Published) => boolean) =>
    new Promise<Published>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('the server published nothing for 10 seconds')),
        10_000,
      );
      const tell = (published: Published) => {
        if (!wanted(published)) return;
        clearTimeout(timer);
        waiting.delete(tell);
        resolve(published);
      };
      waiting.add(tell);
    });
  const { capabilities } = await connection.sendRequest<{ capabilities: Record<string, unknown> }>(
    'initialize',
    {
      processId: process.pid,
      rootUri: null,
      locale,
      capabilities: {
        workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
      },
    },
  );
  await connection.sendNotification('initialized', {});
  const versions = new Map<string, number>();
  return {
    connection,
    process: child,
    capabilities,
    show: async (uri, text) => {
      const isOpen = versions.has(uri);
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      const published = until((one) => one.uri === uri && one.version === version);
      await (isOpen
        ? connection.sendNotification('textDocument/didChange', {
            textDocument: { uri, version },
            contentChanges: [{ text }],
          })
        : connection.sendNotification('textDocument/didOpen', {
            textDocument: { uri, version, languageId: 'dockerfile', text },
          }));
      return await published;
    },
    next: (uri) => until((one) => one.uri === uri),
    request: (method, params) => connection.sendRequest(method, params),
    notify: (method, params) => connection.sendNotification(method, params),
    end: async () => {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      const status = await exited;
      connection.dispose();
      return status;
    },
  };
}
