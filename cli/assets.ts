/** Where the files are that the build puts beside the program. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Assets {
  readonly rules: string;
  /** The same rules, ready to be searched for. */
  readonly pack: string;
  readonly wasm: string;
  /** Rules for what is not shown to a model, packed too. */
  readonly secretsPack: string;
  readonly snapshot: string;
  readonly worker: string;
  readonly demoSession: string;
  /** The pairs of `sg eval`. */
  readonly evalPairs: string;
  /** Those of several files. */
  readonly evalDeepPairs: string;
  /** The folder that holds the plugin and the marketplace file. */
  readonly dist: string;
  readonly plugin: string;
}

/** Paths of the built assets; `main` is the URL of the program's entry, which the assets lie beside. */
export function locateAssets(main: string): Assets {
  const at = (path: string): string => fileURLToPath(new URL(path, main));
  return {
    rules: at('./rules.json'),
    pack: at('./rules.pack'),
    wasm: at('./re2.wasm'),
    secretsPack: at('./secrets.pack'),
    snapshot: at('./re2.snapshot'),
    worker: at('./worker/scan-worker.js'),
    demoSession: at('./demo-session.json'),
    evalPairs: at('./eval-pairs.json'),
    evalDeepPairs: at('./eval-deep-pairs.json'),
    dist: dirname(dirname(fileURLToPath(main))),
    plugin: at('../plugin'),
  };
}

/** The folder of the script and style that reports have inside. */
export function reportAssets({ rules }: Pick<Assets, 'rules'>): string {
  return join(dirname(rules), 'report');
}
