/** Names whose values are followed, by variable. */
import { type AccessPath, overlap } from './paths.ts';

export class Names {
  readonly #byRoot = new Map<string, AccessPath[]>();
  count = 0;

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
