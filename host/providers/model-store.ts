/** Remembers which model is the newest of an endpoint, in a file of the state folder. */
import { join } from 'node:path';
import { makePrivateDir } from '../state/dir.ts';
import { readStateFile, replaceStateFile } from '../state/file.ts';
import type { ModelStore, RememberedModel } from './model.ts';

const FILE = 'models.json';
/** Endpoints that are remembered; a user has one or two. */
const MAX_ENTRIES = 20;

/**
 * A store in `dir`; undefined: nothing is remembered. Of two processes that write at once one wins, which costs a
 * question to the endpoint.
 */
export function createModelStore(dir: string | undefined): ModelStore {
  if (dir === undefined) return { get: async () => undefined, set: async () => undefined };
  const path = join(dir, FILE);
  return {
    get: (key) => Promise.resolve(read(path)[key]),
    set(key, value) {
      try {
        makePrivateDir(dir);
        const entries = Object.entries({ ...read(path), [key]: value });
        entries.sort(([, a], [, b]) => b.at - a.at);
        replaceStateFile(path, Object.fromEntries(entries.slice(0, MAX_ENTRIES)));
      } catch {
        // Asked again next time.
      }
      return Promise.resolve();
    },
  };
}

function read(path: string): Record<string, RememberedModel> {
  const file = readStateFile(path);
  const found: Record<string, RememberedModel> = {};
  if (file.kind !== 'value' || typeof file.value !== 'object' || file.value === null) return found;
  for (const [key, entry] of Object.entries(file.value)) {
    const remembered = decode(entry);
    if (remembered !== undefined) found[key] = remembered;
  }
  return found;
}

/** An endpoint without a list has no `model`. */
function decode(entry: unknown): RememberedModel | undefined {
  if (typeof entry !== 'object' || entry === null || !('at' in entry)) return undefined;
  const { at } = entry;
  const model: unknown = 'model' in entry ? entry.model : undefined;
  if (typeof at !== 'number' || (model !== undefined && typeof model !== 'string'))
    return undefined;
  return { model, at };
}
