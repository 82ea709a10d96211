// `mille lint --lsp` as editors speak with it: the real process, over its standard streams.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type LanguageClient, type Range, startLanguageServer } from '../support/language-client.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

let place = '';
let self: Mille;
let client: LanguageClient;
let uri = '';

const TEXT = `FROM busybox
WORKDIR /app
COPY . .
RUN echo slow
CMD sleep 1
`;

beforeAll(async () => {
  place = makePlace('lsp');
  self = await mille(join(place, 'store'));
  writeTree(join(place, 'project'), { Dockerfile: TEXT, 'app.js': '1', 'node_modules/x/index.js': '2' });
  uri = `file://${place}/project/Dockerfile`;
  client = await startLanguageServer([...self.command, 'lint', '--lsp'], {
    env: self.env as NodeJS.ProcessEnv,
    cwd: place,
  });
});

afterAll(async () => {
  client?.process.kill();
  removePlace(place);
});

interface Action {
  readonly title: string;
  readonly kind: string;
  readonly edit: { readonly documentChanges: readonly Change[] };
}

interface Change {
  readonly kind?: string;
  readonly uri?: string;
  readonly textDocument?: { readonly uri: string };
  readonly edits?: readonly { readonly range: Range; readonly newText: string }[];
}

const at = (line: number, character = 0) => ({ line, character });
const actionsAt = (line: number, only?: readonly string[]) =>
  client.request<readonly Action[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: at(line), end: at(line, 3) },
    context: { diagnostics: [], ...(only ? { only } : {}) },
  });

describe('the server', () => {
  test('finds what lint finds, in the text of the editor', async () => {
    const { diagnostics } = await client.show(uri, TEXT);
    const found = diagnostics.map(({ code, range }) => `${range.start.line} ${code}`);
    expect(found).toContain('4 JSONArgsRecommended');
    expect(found).toContain('2 CopyOfLeftovers');
    const changed = await client.show(uri, TEXT.replace('CMD sleep 1', 'CMD ["sleep", "1"]'));
    expect(changed.diagnostics.map(({ code }) => code)).not.toContain('JSONArgsRecommended');
    await client.show(uri, TEXT);
  });

  test('is not put off by what is broken', async () => {
    for (const text of [
      '',
      'FROM',
      'FROM x\nRUN [',
      'FORM x',
      'FROM x\nRUN <<E\nnever ends',
      '\ufeff\r\n# x',
      TEXT.replaceAll('\n', '\r\n'),
    ]) {
      const { diagnostics } = await client.show(uri, text);
      for (const { range } of diagnostics) expect(range.end.line).toBeLessThan(text.split('\n').length);
    }
    const { diagnostics } = await client.show(uri, 'FORM x\n');
    expect(diagnostics[0]).toMatchObject({ severity: 1, range: { start: at(0) } });
    await client.show(uri, TEXT);
  });

  test('answers about the latest of many changes', async () => {
    for (let i = 0; i < 20; i++) void client.show(uri, `${TEXT}# ${i}\n`).catch(() => {});
    const { diagnostics } = await client.show(uri, `${TEXT}MAINTAINER me\n`);
    expect(diagnostics.map(({ code }) => code)).toContain('MaintainerDeprecated');
    await client.show(uri, TEXT);
  });

  test('offers fixes: of this file, of the ignore file, and a comment that skips the rule', async () => {
    const titles = (await actionsAt(2)).map(({ title }) => title);
    expect(titles).toContain('Write node_modules into a new project/.dockerignore');
    expect(titles).toContain('Skip CopyOfLeftovers for this instruction');
    const fix = (await actionsAt(2)).find(({ title }) => title.startsWith('Write node_modules'))!;
    expect(fix.edit.documentChanges).toEqual([
      { kind: 'create', uri: `file://${place}/project/.dockerignore`, options: { ignoreIfExists: true } },
      {
        textDocument: { uri: `file://${place}/project/.dockerignore`, version: null },
        edits: [{ range: { start: at(0), end: at(0) }, newText: 'node_modules\n' }],
      },
    ] as never);
    // The client makes the file, and says that it has.
    const looked = client.next(uri);
    writeTree(join(place, 'project'), { '.dockerignore': 'node_modules\n' });
    await client.notify('workspace/didChangeWatchedFiles', { changes: [] });
    expect((await looked).diagnostics.map(({ code }) => code)).not.toContain('CopyOfLeftovers');
    rmSync(join(place, 'project/.dockerignore'));
    const text = 'from busybox AS b\nRUN cd /x || exit\nMAINTAINER me\n';
    await client.show(uri, text);
    const all = await actionsAt(0, ['source.fixAll']);
    expect(all.map(({ kind }) => kind)).toEqual(['source.fixAll']);
    await client.show(uri, TEXT);
  });

  test('explains the line under the cursor, with what it cost', async () => {
    await self.build(['-t', 'lsp', join(place, 'project')]);
    const saved = client.next(uri);
    await client.notify('textDocument/didSave', { textDocument: { uri } });
    const { diagnostics } = await saved;
    expect(diagnostics.find(({ code }) => code === 'CopyOfLeftovers')!.message).toMatch(
      /Last built: [\d.]+ s/,
    );
    const hover = await client.request<{ contents: { value: string } }>('textDocument/hover', {
      textDocument: { uri },
      position: at(2, 6),
    });
    expect(hover.contents.value).toContain('COPY: files into the image');
    expect(hover.contents.value).toMatch(/Last time \(0 minutes ago\): [\d.]+ s/);
    expect(hover.contents.value).toContain('files of the context');
    const none = await client.request('textDocument/hover', { textDocument: { uri }, position: at(5) });
    expect(none).toBeNull();
  });

  test('explains the flag under the cursor, or the part of a mount', async () => {
    const text = 'FROM busybox\nCOPY --chown=1 a /a\nRUN --mount=type=cache,sharing=locked,target=/c x\n';
    await client.show(uri, text);
    const hover = (line: number, character: number) =>
      client.request<{ contents: { value: string }; range?: Range }>('textDocument/hover', {
        textDocument: { uri },
        position: at(line, character),
      });
    const chown = await hover(1, 7);
    expect(chown.contents.value).toStartWith('**COPY --chown: whose the files are**');
    expect(chown.range).toEqual({ start: at(1, 5), end: at(1, 14) });
    expect((await hover(2, 14)).contents.value).toStartWith('**RUN --mount=type=cache: ');
    const sharing = await hover(2, 30);
    expect(sharing.contents.value).toStartWith('**RUN --mount=…,sharing: ');
    expect(sharing.range).toEqual({ start: at(2, 23), end: at(2, 37) });
    expect((await hover(1, 16)).range).toBeUndefined();
    await client.show(uri, TEXT);
  });

  test('lists stages, and completes', async () => {
    const text = 'ARG A\nFROM busybox AS build\nRUN x\nFROM scratch\nCOPY --from=\n';
    await client.show(uri, text);
    const symbols = await client.request<{ name: string; children?: { name: string }[] }[]>(
      'textDocument/documentSymbol',
      { textDocument: { uri } },
    );
    expect(symbols.map(({ name, children = [] }) => [name, ...children.map((one) => one.name)])).toEqual([
      ['ARG'],
      ['build', 'RUN'],
      ['1'],
    ]);
    const complete = (line: number, character: number) =>
      client.request<{ label: string; textEdit?: { range: Range } }[]>('textDocument/completion', {
        textDocument: { uri },
        position: at(line, character),
      });
    expect((await complete(4, 12)).map(({ label }) => label)).toContain('build');
    expect((await complete(5, 0)).map(({ label }) => label)).toContain('HEALTHCHECK');
    await client.show(uri, 'FROM busybox\nCOPY --link \\\n  --ch\nRUN --mount=type=cache,\nRUN x -\n');
    const flags = await complete(2, 6);
    expect(flags.map(({ label }) => label)).toContain('--chown=');
    expect(flags[0]!.textEdit!.range).toEqual({ start: at(2, 2), end: at(2, 6) });
    expect((await complete(3, 23)).map(({ label }) => label)).toContain('sharing=');
    expect(await complete(4, 7)).toEqual([]);
    await client.show(uri, TEXT);
  });

  test('forgets a document that is closed, and ends when told', async () => {
    const cleared = client.next(uri);
    await client.notify('textDocument/didClose', { textDocument: { uri } });
    expect((await cleared).diagnostics).toEqual([]);
    expect(await client.end()).toBe(0);
  });
});

test('speaks French where the editor does', async () => {
  const french = await startLanguageServer([...self.command, 'lint', '--lsp', '--stdio'], {
    ...{ env: self.env as NodeJS.ProcessEnv, cwd: place },
    locale: 'fr',
  });
  await french.show(uri, TEXT);
  const hover = await french.request<{ contents: { value: string } }>('textDocument/hover', {
    textDocument: { uri },
    position: at(4),
  });
  expect(hover.contents.value).toContain('ce que fait un conteneur par défaut');
  await french.show(uri, 'FROM busybox\nCOPY --chown=1 a /a\n');
  const flag = await french.request<{ contents: { value: string } }>('textDocument/hover', {
    textDocument: { uri },
    position: at(1, 7),
  });
  expect(flag.contents.value).toStartWith('**COPY --chown\u00a0: à qui sont les fichiers**');
  expect(await french.end()).toBe(0);
});
