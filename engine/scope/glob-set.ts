/**
 * Many path globs at once. Nearly all that a rule has tell a file by its extension, its name or a folder above
 * it: these are looked up, however many there are. Decides as `compileGlob` does for each of them.
 */
import { compileGlob, relative } from './glob.ts';
import { plainGlob, plainGlobs } from './glob-simple.ts';

/** What is looked up of a path. */
export interface PathParts {
  readonly path: string;
  readonly name: string;
  /** What stands behind the last dot of the name; undefined for a name without one. */
  readonly extension: string | undefined;
  /** Names of the folders above it. */
  readonly folders: readonly string[];
}

export function partsOf(path: string): PathParts {
  const normal = relative(path);
  const folders = normal.split('/');
  const name = folders.pop() ?? '';
  const dot = name.lastIndexOf('.');
  return { path: normal, name, extension: dot < 0 ? undefined : name.slice(dot + 1), folders };
}

export class GlobSet {
  readonly #extensions = new Set<string>();
  readonly #names = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #suffixes: string[] = [];
  readonly #tests: ((path: string) => boolean)[] = [];

  constructor(globs: readonly string[]) {
    for (const glob of globs) {
      const plain = plainGlobs(glob);
      const tests = plain?.map((each) => ({ each, test: plainGlob(each) }));
      if (tests === undefined || tests.some(({ test }) => test === undefined))
        this.#tests.push(compileGlob(glob, { style: 'path' }));
      else for (const { each, test } of tests) if (test !== undefined) this.#add(each, test);
    }
  }

  has({ path, name, extension, folders }: PathParts): boolean {
    return (
      (extension !== undefined && this.#extensions.has(extension)) ||
      this.#names.has(name) ||
      (this.#folders.size > 0 && folders.some((folder) => this.#folders.has(folder))) ||
      this.#suffixes.some((suffix) => name.endsWith(suffix)) ||
      this.#tests.some((test) => test(path))
    );
  }

  #add(glob: string, test: (path: string) => boolean): void {
    const rest = glob.startsWith('**/') ? glob.slice(3) : glob;
    const folder = glob.startsWith('**/') && rest.endsWith('/**') ? rest.slice(0, -3) : '';
    if (rest !== '' && !/[*/]/.test(rest)) this.#names.add(rest);
    else if (/^\*\.[^*/.]+$/.test(rest)) this.#extensions.add(rest.slice(2));
    else if (/^\*[^*/]+$/.test(rest)) this.#suffixes.push(rest.slice(1));
    else if (folder !== '' && !/[*/]/.test(folder) && folder !== '.') this.#folders.add(folder);
    else this.#tests.push(test);
  }
}
