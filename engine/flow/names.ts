/** Names whose values are followed, by variable. */
import { type AccessPath, overlap } from './paths.ts';

/** More names than that belong to no one value. */
const MOST_NAMES = 32;

interface PathNode {
  readonly members: Map<string, PathNode>;
  isEnd: boolean;
}

/** Any number of names. */
export class PathSet {
  readonly #all: PathNode = { members: new Map(), isEnd: false };

  constructor(paths: readonly AccessPath[]) {
    for (const { parts } of paths) {
      let node = this.#all;
      for (const part of parts) {
        const next = node.members.get(part) ?? { members: new Map(), isEnd: false };
        node.members.set(part, next);
        node = next;
      }
      node.isEnd = true;
    }
  }

  /** Whether one of them is the path, or a member of it, or the other way round. */
  has({ parts }: AccessPath): boolean {
    let node = this.#all;
    for (const part of parts) {
      const next = node.members.get(part);
      if (next === undefined) return false;
      if (next.isEnd) return true;
      node = next;
    }
    return true;
  }
}

export class Names {
  readonly #byRoot = new Map<string, AccessPath[]>();
  count = 0;
  /** Whether there were too many; some were then left out. */
  isFull = false;

  constructor(paths: readonly AccessPath[]) {
    for (const path of paths) this.add(path);
  }

  has(path: AccessPath): boolean {
    const known = this.#byRoot.get(path.parts[0] ?? '');
    return known !== undefined && known.some((other) => overlap(path, other));
  }

  all(): AccessPath[] {
    return [...this.#byRoot.values()].flat();
  }

  /** Whether only fields of these are followed. */
  areMembers(given: readonly AccessPath[]): boolean {
    return given.every(({ parts: { length, 0: root = '' } }) =>
      (this.#byRoot.get(root) ?? []).every(({ parts }) => parts.length > length),
    );
  }

  add(path: AccessPath): void {
    if (this.count > MOST_NAMES) {
      this.isFull = true;
      return;
    }
    const root = path.parts[0] ?? '';
    const known = this.#byRoot.get(root) ?? [];
    if (known.some((other) => other.parts.length <= path.parts.length && overlap(path, other)))
      return;
    this.#byRoot.set(root, [...known, path]);
    this.count++;
  }

  /** Nothing is left of a name, nor of its members. */
  remove({ parts: whole }: AccessPath): void {
    this.#removeWhere(whole[0], ({ parts }) => whole.every((part, i) => parts[i] === part));
  }

  /** Nor of what it is a member of. */
  removeAll(path: AccessPath): void {
    this.#removeWhere(path.parts[0], (other) => overlap(path, other));
  }

  #removeWhere(root = '', isGone: (path: AccessPath) => boolean): void {
    const known = this.#byRoot.get(root) ?? [];
    const left = known.filter((path) => !isGone(path));
    this.count -= known.length - left.length;
    if (left.length === 0) this.#byRoot.delete(root);
    else this.#byRoot.set(root, left);
  }
}
