// `mille explain -f`: the lines of somebody's own Dockerfile.

import { composeLine } from '../../insight/explain/index.ts';
import { DEFAULT_LINT_OPTIONS } from '../../insight/lint/index.ts';
import { workingDirectory } from '../../sys/index.ts';
import { examine } from '../lint/examine.ts';
import { findFile } from '../lint/find-files.ts';
import { readFile } from '../lint/lint-file.ts';
import { contextMemory } from '../lint/surroundings.ts';
import { withServices } from '../services.ts';
import { noInstruction, severalFiles } from './refusals.ts';
import type { ExplainedFile, ExplainedLine, ExplainFileRequest, Language } from './types.ts';

/** Explains a file line by line. See `ExplainVerbs.explainFile`. */
export async function explainFile(request: ExplainFileRequest): Promise<ExplainedFile> {
  const { context, buildArgs, language } = request;
  const [file, ...others] = findFile(request.file);
  if (others.length > 0) throw severalFiles(request.file, [file, ...others], language);
  const { source, path } = await readFile(file);
  const { findings, lines } = await withServices('read', async (services) =>
    examine(
      await services.store(),
      { source, ...(path === undefined ? {} : { path }) },
      {
        settings: SETTINGS,
        buildArgs,
        memory: contextMemory(),
        ...(context === undefined ? {} : { context: absolute(context) }),
      },
    ),
  );
  const now = Date.now();
  const explained = lines.map((facts): ExplainedLine => {
    const own = findings.filter((one) => one.lines.first <= facts.endLine && one.lines.last >= facts.line);
    return {
      ...{ facts, findings: own },
      markdown: composeLine(facts, { language, file, findings: own, now }),
    };
  });
  return {
    file,
    lines:
      request.line === undefined
        ? explained
        : linesAt({ file, lines: explained }, { line: request.line, language }),
  };
}

/** All rules that are looked at where nobody chose. */
const SETTINGS = {
  ...{ select: [], ignore: [], severities: [], pragmas: true, hadolint: false },
  options: DEFAULT_LINT_OPTIONS,
};

/** The lines that were asked for. @throws MilleError `usage` where there is no instruction */
function linesAt(
  { file, lines }: ExplainedFile,
  { line, language }: { readonly line: number; readonly language: Language },
): readonly ExplainedLine[] {
  const found = lines.filter(({ facts }) => facts.line <= line && line <= facts.endLine);
  if (found.length > 0) return found;
  const next = lines.find(({ facts }) => facts.line > line) ?? lines.at(-1);
  throw noInstruction({ file, line }, next?.facts, language);
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}
