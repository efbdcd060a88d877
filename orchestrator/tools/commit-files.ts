/** Files as they are in a commit: the port that a reviewer's tools read through. */
import type { Skipped } from '../change.ts';

export interface CommitEntry {
  /** Relative to the root, with `/`; bytes that are no UTF-8 are U+FFFD. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  /** Of the object: a blob, or the commit of a submodule. */
  readonly id: string;
}

export type CommitContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** `reason` is for people and models, without a full stop. */
  | { readonly kind: 'none'; readonly reason: string };

export interface CommitFiles {
  /** Full id. */
  readonly commit: string;
  /** Each path once, in the order of its bytes. */
  readonly entries: readonly CommitEntry[];
  /** Entries that no tool can name. */
  readonly left: readonly Skipped[];
  /** Content of files and links in the order asked for. Never rejects; large files are read no further than their size. */
  read(entries: readonly CommitEntry[]): Promise<readonly CommitContent[]>;
}
