// The server: documents as the editor has them, looked at shortly after they change, and answers about them.

import {
  CodeActionKind,
  type Connection,
  createConnection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { App, Editor, EditorRequest, EditorView, Language } from '../../app/index.ts';
import { codeActions } from './code-actions.ts';
import { completionsAt } from './completion.ts';
import { rangeOf, shownFinding } from './convert.ts';
import { symbolsOf } from './symbols.ts';
import { toPath } from './uri.ts';

/** How to serve. */
export interface ServeOptions {
  readonly app: Pick<App, 'openEditor'>;
  readonly version: string;
  readonly request: Omit<EditorRequest, 'language'>;
  /** Of the pages; that of the editor if not given. */
  readonly language: Language | undefined;
}

/** Milliseconds after the last key until a document is looked at. */
const QUIET = 150;

/** Speaks on standard input and output. The process ends when the editor says so, or goes away. */
export function serve(options: ServeOptions): Promise<never> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const documents = new TextDocuments(TextDocument);
  connection.onInitialize(async (params) => {
    answer(connection, documents, await openSession(options, params));
    watchIgnoreFiles(connection, params);
    return capabilities(options.version);
  });
  documents.listen(connection);
  connection.listen();
  return new Promise(() => {});
}

function capabilities(version: string): InitializeResult {
  return {
    serverInfo: { name: 'mille', version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
      hoverProvider: true,
      documentSymbolProvider: true,
      completionProvider: { triggerCharacters: ['=', '-', ','] },
    },
  };
}

/** Asks to be told of ignore files that change, where the client can. */
function watchIgnoreFiles(connection: Connection, { capabilities: { workspace } }: InitializeParams): void {
  if (!workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
  connection.onInitialized(() => {
    const watchers = [{ globPattern: '**/*.dockerignore' }, { globPattern: '**/.dockerignore' }];
    // Without it they are looked at when the Dockerfile is saved.
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {});
  });
}

interface Session {
  readonly editor: Editor;
  readonly createsFiles: boolean;
  /** Views of documents, by address: that of the version that was looked at last. */
  readonly views: Map<string, { readonly version: number; readonly view: Promise<EditorView> }>;
}

async function openSession(
  { app, request, language }: ServeOptions,
  params: InitializeParams,
): Promise<Session> {
  const french = /^fr(?:[-_]|$)/i.test(params.locale ?? '');
  const editor = await app.openEditor({ ...request, language: language ?? (french ? 'fr' : 'en') });
  const operations = params.capabilities.workspace?.workspaceEdit?.resourceOperations ?? [];
  return { editor, createsFiles: operations.includes('create'), views: new Map() };
}

type Documents = TextDocuments<TextDocument>;

function answer(connection: Connection, documents: Documents, session: Session): void {
  publishFindings(connection, documents, session);
  answerRequests(connection, documents, session);
}

/** The view of a document as it stands now. */
function viewOf({ editor, views }: Session, document: TextDocument): Promise<EditorView> {
  const known = views.get(document.uri);
  if (known?.version === document.version) return known.view;
  const view = editor.look(fileOf(document));
  views.set(document.uri, { version: document.version, view });
  return view;
}

/** What is found in documents: shortly after they change, and at once where files beside them did. */
function publishFindings(connection: Connection, documents: Documents, session: Session): void {
  const { editor, views } = session;
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const stop = (uri: string) => {
    clearTimeout(timers.get(uri));
    timers.delete(uri);
  };
  const publish = async (uri: string) => {
    stop(uri);
    const document = documents.get(uri);
    if (!document) return;
    const { version } = document;
    try {
      const view = await viewOf(session, document);
      // What has changed meanwhile is looked at again anyway.
      if (documents.get(uri)?.version !== version) return;
      const diagnostics = view.findings.map((finding) => shownFinding(view, finding));
      await connection.sendDiagnostics({ uri, version, diagnostics });
    } catch (error) {
      connection.console.error(`cannot look at ${uri}: ${messageOf(error)}`);
    }
  };
  documents.onDidChangeContent(({ document: { uri } }) => {
    const delay = timers.has(uri) || views.has(uri) ? QUIET : 0;
    stop(uri);
    timers.set(
      uri,
      setTimeout(() => void publish(uri), delay),
    );
  });
  // Other files may have changed: what COPY finds, what is left out, what a build cost.
  const lookAgain = (uris: readonly string[]) => {
    editor.forget();
    views.clear();
    for (const uri of uris) void publish(uri);
  };
  documents.onDidSave(({ document: { uri } }) => lookAgain([uri]));
  connection.onDidChangeWatchedFiles(() => lookAgain(documents.keys()));
  documents.onDidClose(({ document: { uri } }) => {
    stop(uri);
    views.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
}

function answerRequests(connection: Connection, documents: Documents, session: Session): void {
  const { editor } = session;
  /** An answer about a document; nothing where it is not open, or something goes wrong. */
  const about = async <T>(uri: string, work: (document: TextDocument) => Promise<T>): Promise<T | null> => {
    const document = documents.get(uri);
    if (!document) return null;
    try {
      return await work(document);
    } catch (error) {
      connection.console.error(`cannot answer about ${uri}: ${messageOf(error)}`);
      return null;
    }
  };
  connection.onCodeAction(({ textDocument: { uri }, range, context }) =>
    about(uri, async (document) => {
      const target = { uri, version: document.version, createsFiles: session.createsFiles };
      const view = await viewOf(session, document);
      return codeActions(editor, { ...target, view }, { range, only: context.only });
    }),
  );
  connection.onHover(({ textDocument: { uri }, position }) =>
    about(uri, async (document) => {
      const offset = document.offsetAt(position);
      const view = await viewOf(session, document);
      const found = editor.hover(view, offset);
      if (!found) return null;
      const { markdown: value, range } = found;
      return {
        contents: { kind: 'markdown' as const, value },
        ...(range ? { range: rangeOf(view.source, range.start, range.end) } : {}),
      };
    }),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    about(uri, async (document) => symbolsOf(await viewOf(session, document))),
  );
  connection.onCompletion(({ textDocument: { uri }, position }) =>
    about(uri, async (document) => completionsAt(editor, await viewOf(session, document), position)),
  );
}

function fileOf(document: TextDocument): { readonly path?: string; readonly text: string } {
  const path = toPath(document.uri);
  return { text: document.getText(), ...(path === undefined ? {} : { path }) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
