// What a command has made and taken away so far, as a tree of names.

/** What became of a name. */
export type Change =
  | { readonly kind: 'made' }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'gone' };

interface Node {
  change?: Change | undefined;
  children?: Map<string, Node> | undefined;
}

/** The names that a command changed; paths are clean and relative. */
export class Changes {
  private readonly root: Node = {};

  /** What became of a name; `gone` for what is below something that was made or taken away. */
  at(path: string): Change | undefined {
    let node: Node | undefined = this.root;
    let above = false;
    for (let start = 0; start <= path.length; ) {
      const slash = path.indexOf('/', start);
      const end = slash < 0 ? path.length : slash;
      node = node.children?.get(path.slice(start, end));
      if (!node) return above ? GONE : undefined;
      if (end === path.length) return node.change ?? (above ? GONE : undefined);
      if (node.change) above = true;
      start = end + 1;
    }
    return undefined;
  }

  set(path: string, change: Change): void {
    const node = this.node(path);
    node.change = change;
    if (change.kind === 'gone') node.children = undefined;
  }

  /**
   * A name, with what is below it, has another name now.
   * @param otherwise what it is where nothing is known of it
   * @returns whether changes are known below it
   */
  move(from: string, to: string, otherwise: Change): boolean {
    const source = this.node(from);
    const moved = { change: source.change ?? otherwise, children: source.children };
    source.change = GONE;
    source.children = undefined;
    const target = this.node(to);
    target.change = moved.change;
    target.children = moved.children;
    return (moved.children?.size ?? 0) > 0;
  }

  private node(path: string): Node {
    let node = this.root;
    for (const name of path.split('/')) {
      node.children ??= new Map();
      let next = node.children.get(name);
      if (!next) {
        next = {};
        node.children.set(name, next);
      }
      node = next;
    }
    return node;
  }
}

const GONE: Change = { kind: 'gone' };
