/** Compiles each distinct scope once. */
import { compileScope, type ScopedRule, type ScopePath } from './scope.ts';

export class Scopes {
  private readonly known = new Map<string, (path: ScopePath) => boolean>();

  of(rule: ScopedRule): (path: ScopePath) => boolean {
    const { languages, paths, excludePaths, globs } = rule;
    const name = JSON.stringify([languages, paths, excludePaths, globs]);
    let scope = this.known.get(name);
    if (scope === undefined) {
      scope = compileScope(rule);
      this.known.set(name, scope);
    }
    return scope;
  }
}
