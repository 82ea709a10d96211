// What of the last stage is there for development only, by which instruction it came, and why it has to stay, where it has to.

import { joinRelative, parentPath } from '../../../core/index.ts';
import { type Part, partsOf } from '../build-stage/roles.ts';
import { type StageFiles, stageFiles, writtenAt } from '../build-stage/stage-files.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Subject } from '../subject.ts';
import { type NodeInstall, nodeInstallOf } from './install.ts';
import { NODE_MANAGERS, ownNote } from './managers.ts';
import { developmentIn, developmentInInstall, type Needed } from './needs-development.ts';
import type { NodeProject } from './project.ts';
import { developmentStarted } from './started-modules.ts';

/** The development dependencies of a project. */
export interface Development {
  readonly project: NodeProject;
  readonly install: NodeInstall;
  readonly parts: readonly Part[];
  readonly files: StageFiles;
  /** Paths of the image that would not be there without them; directories that would be empty among them. */
  readonly paths: ReadonlySet<string>;
  readonly bytes: number;
  /** Why they have to stay. */
  readonly refusal?: string;
}

/** Those of the last stage; undefined where there are none, or nobody can tell how they came. */
export function developmentOf(subject: Subject): Development | undefined {
  const { evidence, lint, around } = subject;
  const projects = evidence.nodeProjects ?? [];
  const last = lint.dockerfile.stages.at(-1);
  const facts = lint.stages.find(({ stage }) => stage.index === last?.index);
  if (projects.length === 0 || !last || !facts || !neededStages(subject).has(last.index)) return undefined;
  // By its number it would be the stage that builds.
  if (/^\d+$/.test(around.options.target ?? '')) return undefined;
  const { base, replaced } = facts.stage;
  if (base.kind !== 'image' || replaced || facts.trace.some(({ planned }) => planned.trigger))
    return undefined;
  const parts = partsOf(subject, last.index);
  const files = parts && stageFiles(subject, parts);
  if (!parts || !files) return undefined;
  for (const project of projects) {
    const { record: name } = NODE_MANAGERS[project.manager ?? 'npm'];
    const record = joinRelative(project.directory, `node_modules/${name}`);
    const makers = parts.filter((part) => part.role === 'work' && writtenAt(part).has(record));
    const install = makers.length === 1 ? nodeInstallOf(makers[0]!, project) : undefined;
    if (!install) continue;
    const paths = new Set([...pathsOf(files, project), ...notesOf(files, project, makers[0]!)]);
    const bytes = [...paths].reduce((sum, path) => sum + (files.whole.entries.get(path)?.size ?? 0), 0);
    if (bytes === 0) continue;
    const refusal = refusalOf(subject, project, install);
    return {
      ...{ project, install, parts, files, paths, bytes },
      ...(refusal === undefined ? {} : { refusal }),
    };
  }
  return undefined;
}

function refusalOf(
  subject: Subject,
  project: NodeProject,
  { ignoresScripts }: NodeInstall,
): string | undefined {
  if (project.isWorkspace)
    return 'members of a workspace are linked into it, and have dependencies of their own';
  const { left } = NODE_MANAGERS[project.manager ?? 'npm'];
  if (left !== undefined) return left;
  const config = subject.evidence.image.config.config ?? {};
  const { Entrypoint, Cmd, Healthcheck } = config;
  const command = [...(Entrypoint ?? []), ...(Cmd ?? []), ...(Healthcheck?.Test ?? []).slice(1)].join(' ');
  const started = developmentIn(command, project);
  if (started) return `what the image starts ${inWords(started)}, which is one of them`;
  const asked = developmentStarted(command, project);
  if (asked) return `what the image starts asks for ${asked.name}, which is one of them (in ${asked.file})`;
  const run = ignoresScripts ? undefined : developmentInInstall(project);
  if (run) return `the install ${inWords(run)}, which is one of them`;
  return undefined;
}

function inWords({ script, word }: Needed): string {
  return script === undefined ? `names ${word}` : `runs the script ${script}, which names ${word}`;
}

/** All below their directories, links to programs of theirs, and directories in which nothing else is. */
function pathsOf({ whole }: StageFiles, { directory, development }: NodeProject): ReadonlySet<string> {
  const roots = new Set(development.map((path) => joinRelative(directory, path)));
  const isTheirs = (path: string) => {
    for (let above = path; above !== ''; above = parentPath(above)) if (roots.has(above)) return true;
    return false;
  };
  const modules = joinRelative(directory, 'node_modules');
  const found = new Set<string>();
  const inhabited = new Set<string>();
  const directories: string[] = [];
  for (const [path, { type, link }] of whole.entries) {
    if (!path.startsWith(`${modules}/`)) continue;
    const target =
      type === 'symlink' && link !== undefined
        ? whole.follow(`${parentPath(path)}/${link}`)?.at(-1)
        : undefined;
    if (isTheirs(path) || (target !== undefined && isTheirs(target))) found.add(path);
    else if (type === 'dir') directories.push(path);
    else
      for (let above = parentPath(path); above !== modules; above = parentPath(above)) inhabited.add(above);
  }
  const emptied = new Set([...found].map(parentPath));
  for (const path of directories.sort().reverse())
    if (emptied.has(path) && !inhabited.has(path)) {
      found.add(path);
      emptied.add(parentPath(path));
    }
  return found;
}

/**
 * Notes that these packages left for themselves while they were installed, as `nodemon` does in
 * `~/.config/configstore/update-notifier-nodemon.json`: with the directories in which nothing else is.
 */
function notesOf({ makers, whole }: StageFiles, { names }: NodeProject, install: Part): readonly string[] {
  const notes = [...makers].flatMap(([path, maker]) => {
    const name = ownNote(path);
    return maker === install && name !== undefined && names.has(name) ? [path] : [];
  });
  const found = new Set(notes);
  for (const note of notes)
    for (let above = parentPath(note); /\/\.config(\/configstore)?$/.test(above); above = parentPath(above)) {
      const isAlone = [...whole.entries.keys()].every(
        (path) => !path.startsWith(`${above}/`) || found.has(path),
      );
      if (!isAlone || makers.get(above) !== install) break;
      found.add(above);
    }
  return [...found];
}
