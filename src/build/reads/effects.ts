// What each call of a container's processes tells of what was read, and what it changes.

import type { StepReads } from '../graph/index.ts';
import type { CallShape, PathWords } from './calls.ts';
import type { Change } from './changes.ts';
import type { Place, Places } from './places.ts';
import type { Surroundings } from './processes.ts';
import type { Seen } from './seen.ts';
import { type Call, descriptorPath, stringOf } from './trace-line.ts';

/** Follows calls, in their order. */
export class Effects {
  /** Programs that were executed: the kernel opens more than one file for each. */
  private readonly programs = new Map<string, Place>();

  constructor(
    private readonly places: Places,
    private readonly seen: Seen,
  ) {}

  /** A file that was read, by its absolute path, if it is there. */
  read(path: string): Place {
    const place = this.places.resolve(path, { from: '/', root: '/', follow: true });
    if (place.state === 'there') this.seen.add('files', place);
    return place;
  }

  /** See `ReadsObserver.finish`. */
  finish(interpreterOf: (path: string) => string | undefined): StepReads {
    const waiting = [...this.programs.values()];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (next.mount) continue;
      const path = interpreterOf(next.path);
      const place = path === undefined ? undefined : this.read(path);
      if (!place || this.programs.has(place.path)) continue;
      this.programs.set(place.path, place);
      waiting.push(place);
    }
    return this.seen.reads();
  }

  /** Follows one call of a process of the container, and what it changes. */
  apply(around: Surroundings, call: Call, shape: CallShape): void {
    // `?` is a call that never came back, or comes again.
    if (call.result.startsWith('?')) return;
    if ('descriptor' in shape) this.oneDescriptor(around, call, shape);
    else if ('from' in shape) this.twoPaths(around, call, shape);
    else if ('path' in shape) this.onePath(around, call, shape);
  }

  private oneDescriptor(
    around: Surroundings,
    { words, result }: Call,
    { does, descriptor }: Extract<CallShape, { descriptor: number }>,
  ): void {
    const path = descriptorPath(words[descriptor]);
    if (path === undefined || result.startsWith('-')) return;
    if (does === 'list') this.seen.add('listed', this.places.at(path.slice(1)));
    else around.cwd = path;
  }

  private onePath(around: Surroundings, call: Call, shape: OnePath): void {
    const flags = shape.flags === undefined ? '' : (call.words[shape.flags] ?? '');
    const place = this.placeOf(around, call, { words: shape, follow: follows(shape, flags) });
    if (!place) return;
    if (call.result.startsWith('-1')) {
      this.failed(place, call.result);
      return;
    }
    switch (shape.does) {
      case 'open':
        this.opened(place, call, shape.creates ? 'O_WRONLY|O_CREAT|O_TRUNC' : flags);
        break;
      case 'execute':
        this.programs.set(place.path, place);
        this.seen.add('files', place);
        break;
      case 'look':
        this.seen.add('looked', place);
        break;
      case 'change':
        this.touched(place);
        break;
      case 'truncate':
        if (call.words[1] === '0') this.replaced(place);
        else this.touched(place);
        break;
      case 'make':
        this.made(place, { kind: 'made' });
        break;
      case 'symlink':
        this.made(place, { kind: 'link', target: stringOf(call.words[shape.target]) ?? '' });
        break;
      case 'remove':
        this.seen.add('looked', place);
        this.places.changed(place, { kind: 'gone' });
        break;
      case 'enter':
        this.seen.add('looked', place);
        around.cwd = `/${place.path}`;
        break;
      case 'root':
        around.root = `/${place.path}`;
        break;
      case 'mount':
        this.places.mounted(place);
        break;
    }
  }

  /** What was not there before; the way to it may have led through the image's links. */
  private made(place: Place, change: Change): void {
    this.seen.addLinks(place);
    this.places.changed(place, change);
  }

  /** Of what was there only the name mattered. */
  private replaced(place: Place): void {
    this.seen.add('looked', place);
    this.places.changed(place, { kind: 'made' });
  }

  /** Where a call's path leads, as the process sees it. Without a path, it is about the descriptor. */
  private placeOf(
    around: Surroundings,
    call: Call,
    { words, follow }: { readonly words: PathWords; readonly follow: boolean },
  ): Place | undefined {
    const path = stringOf(call.words[words.path]);
    const base = words.at === undefined ? undefined : descriptorPath(call.words[words.at]);
    if (path === undefined) return undefined;
    if (path === '') return base === undefined ? undefined : this.places.at(base.slice(1));
    // A directory that has no name any more: nothing of the image is in it.
    const isNowhere = words.at !== undefined && base === undefined && !isCwd(call.words[words.at]);
    if (isNowhere && !path.startsWith('/')) return undefined;
    return this.places.resolve(path, { from: base ?? around.cwd, root: around.root, follow });
  }

  private failed(place: Place, result: string): void {
    if (place.state === 'absent' || (place.mount && /^-1 ENOENT/.test(result)))
      this.seen.add('missing', place);
    else this.seen.add('looked', place);
  }

  private opened(asked: Place, call: Call, flags: string): void {
    const path = descriptorPath(call.result);
    // What has no name any more was made and removed by the command, or is no file.
    if (path === undefined || flags.includes('O_TMPFILE')) return;
    // The kernel says where it led; the way there is what was asked for.
    const place = { ...this.places.at(path.slice(1)), links: asked.links };
    const isNew = place.state === 'absent' || place.state === 'gone' || flags.includes('O_EXCL');
    if (flags.includes('O_CREAT') && isNew) this.made(place, { kind: 'made' });
    else if (flags.includes('O_TRUNC') && /O_WRONLY|O_RDWR/.test(flags)) this.replaced(place);
    else if (/O_PATH|O_DIRECTORY/.test(flags)) this.seen.add('looked', place);
    else this.touched(place);
  }

  /** A file whose content, or whose copy in the step's layer, matters from now on. */
  private touched(place: Place): void {
    const isFile = place.mount !== undefined || place.type === 'file' || place.type === 'hardlink';
    this.seen.add(isFile ? 'files' : 'looked', place);
  }

  private twoPaths(
    around: Surroundings,
    call: Call,
    { does, from, to }: Extract<CallShape, { does: 'rename' | 'link' }>,
  ): void {
    const flags = to.flags === undefined ? '' : (call.words[to.flags] ?? '');
    const follow = does === 'link' && flags.includes('AT_SYMLINK_FOLLOW');
    const source = this.placeOf(around, call, { words: from, follow });
    const target = this.placeOf(around, call, { words: to, follow: false });
    if (!source || !target) return;
    if (target.state === 'there') this.seen.add('looked', target);
    if (call.result.startsWith('-1')) {
      this.failed(source, call.result);
      return;
    }
    this.touched(source);
    if (does === 'link') this.made(target, { kind: 'made' });
    else if (!flags.includes('RENAME_EXCHANGE')) this.places.moved(source, target);
    else {
      this.touched(target);
      for (const place of [source, target]) this.made(place, { kind: 'made' });
    }
  }
}

type OnePath = Extract<CallShape, { path: number }>;

/** Whether a call follows a link at the end of its path. */
function follows(shape: OnePath, flags: string): boolean {
  if (shape.does === 'make' || shape.does === 'remove' || shape.does === 'symlink') return false;
  if (shape.does === 'open') return !/O_NOFOLLOW|O_EXCL/.test(flags);
  return !('links' in shape) && !flags.includes('AT_SYMLINK_NOFOLLOW');
}

function isCwd(word: string | undefined): boolean {
  return word?.startsWith('AT_FDCWD') ?? false;
}
