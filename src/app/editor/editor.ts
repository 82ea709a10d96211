// What a language server asks: files as they stand in the editor, looked at with what is around them on the disk and what
// their lines cost when they were last built.

import { LIMITS, MilleError, positionAt, type SourceText } from '../../core/index.ts';
import {
  composeFlagPlace,
  composeLine,
  composeShort,
  flagAt,
  flagChoices,
  headOf,
  type LineFacts,
  mountChoices,
  PAGES,
} from '../../insight/explain/index.ts';
import { addLines } from '../../insight/lint/index.ts';
import { CWD, isErrno, readSmallFile, workingDirectory } from '../../sys/index.ts';
import { examine } from '../lint/examine.ts';
import { contextMemory } from '../lint/surroundings.ts';
import { withServices } from '../services.ts';
import type { EditedFile, Editor, EditorRequest, EditorView } from './types.ts';

/** See `EditorVerbs.openEditor`. */
export async function openEditor(given: EditorRequest): Promise<Editor> {
  const memory = contextMemory();
  const { language, context } = given;
  const request = context === undefined ? given : { ...given, context: absolute(context) };
  const look = async (file: EditedFile): Promise<EditorView> => {
    const source: SourceText = { name: nameOf(file), text: file.text };
    const { path } = file;
    // The store is opened each time: it may come to be while the editor is open, and builds write to it.
    const examined = await withServices('read', async (services) =>
      examine(
        await services.store(),
        { source, ...(path === undefined ? {} : { path }) },
        { ...request, memory },
      ),
    );
    return { source, ...examined };
  };
  return {
    look,
    hover: ({ source, lines, findings }, offset) => {
      const flag = flagAt(source, offset);
      if (flag) {
        const { start, end } = flag;
        return { markdown: composeFlagPlace(flag, language), range: { start, end } };
      }
      const { line } = positionAt(source, offset);
      const facts = lines.find((one) => one.line <= line && line <= one.endLine);
      if (!facts) return undefined;
      const own = findings.filter(({ lines: { first } }) => first === facts.line);
      const page = composeLine(facts, {
        ...{ language, file: source.name, now: Date.now() },
        findings: own,
      });
      return { markdown: [shortOf(facts, language), page].join('\n---\n\n') };
    },
    instructions: PAGES.filter(({ kind }) => kind === 'instruction').map((page) => ({
      name: page.name,
      summary: headOf(page, language).title,
      markdown: composeShort(page, language),
    })),
    flags: (keyword) => flagChoices(keyword, language),
    mounts: mountChoices(language),
    withLines: (path, lines) => {
      const before = readText(path);
      return { before, after: addLines(before, lines) };
    },
    forget: memory.forget,
  };
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}

function nameOf({ path }: EditedFile): string {
  if (path === undefined) return 'Dockerfile';
  const here = `${workingDirectory()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}

function shortOf({ keyword }: LineFacts, language: EditorRequest['language']): string {
  const page = PAGES.find(({ name }) => name === keyword);
  return page ? composeShort(page, language) : '';
}

function readText(path: string): string | undefined {
  try {
    return Buffer.from(readSmallFile(CWD, path, LIMITS.dockerfile)).toString('utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new MilleError('io', `cannot read '${path}'`, { cause: error });
  }
}
