/** Tells contents apart for whoever remembers what was found in them. */
import { createHash } from 'node:crypto';

/** SHA-256 of a content under the path that rules see, 43 characters: nobody can make two that share one. */
export function contentKey(relative: string, content: Uint8Array): string {
  return createHash('sha256').update(`${relative}\0`).update(content).digest('base64url');
}
