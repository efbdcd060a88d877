/** What every tool of a reviewer gives back. */

export type Ran =
  | {
      readonly ok: true;
      readonly text: string;
      /** Paths whose content is in `text`. */
      readonly files: readonly string[];
    }
  /** For the model: what was wrong, and what to do instead. */
  | { readonly ok: false; readonly reason: string };

export function failed(reason: string): Ran {
  return { ok: false, reason };
}
