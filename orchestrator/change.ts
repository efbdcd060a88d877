/** What changed in a turn, as bytes: made by `host/git`, reviewed by everything in this folder. */

/** A file that is not what it was. */
export interface ChangedFile {
  /** Root as shown to people; empty when there is a single repository. */
  readonly repo: string;
  /** Relative to the root, with `/`; bytes that are no UTF-8 are U+FFFD. */
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'mode';
  /** Where a renamed file was. */
  readonly oldPath?: string;
  /** Content before; absent when there was none, or it was not read and `ChangeSet.skipped` says why. */
  readonly before?: Uint8Array;
  /** Content now; absent when there is none, or it was not read and `ChangeSet.skipped` says why. */
  readonly after?: Uint8Array;
  /** `100644`, `100755`, `120000` (a link: the content is its target) or `160000` (a submodule: its commit). */
  readonly beforeMode?: string;
  readonly afterMode?: string;
}

/** Something that was not reviewed; said in the review's coverage, never silent. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export interface ChangeSet {
  readonly files: readonly ChangedFile[];
  readonly skipped: readonly Skipped[];
}
