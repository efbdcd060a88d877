/** Globs of the Python plugin's format, and the notes on those that never did what was written. */
import type { DataPath } from './document.ts';
import type { Report } from './report.ts';

/** Returns the globs as the scope matcher takes them. */
export function checkGlobs(
  globs: readonly string[],
  path: DataPath,
  report: Report,
): readonly string[] {
  return globs.map((glob, index) => {
    const at: DataPath = [...path, index];
    if (isRelative(glob)) {
      report.once(
        'relative glob',
        'note',
        at,
        `"${glob}" is relative to the project; the Python plugin compares it with the absolute path only, so it never matches there`,
        'it is matched from the project root too',
      );
    } else if (glob.includes('/**/')) {
      report.once(
        'inner stars',
        'note',
        at,
        `"/**/" in "${glob}" demands a folder in between in the Python plugin`,
        'here it may also be a single "/"',
      );
    }
    return glob.startsWith('./') ? glob.slice(2) : glob;
  });
}

function isRelative(glob: string): boolean {
  return (
    glob.includes('/') && !glob.startsWith('*') && !glob.startsWith('/') && !glob.startsWith('?')
  );
}
