/** Paths as a model writes them: inside the repository or nowhere. */

export type AskedPath =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };

const MAX_PATH = 4096;

/** Without `./` in front and `/` behind; empty for the root. Nothing is resolved: `..` is refused. */
export function readPath(text: string): AskedPath {
  const shown = JSON.stringify(text.slice(0, 200));
  if (text.length > MAX_PATH) return refused(`the path is longer than ${MAX_PATH} characters`);
  if (text.includes('\0')) return refused(`${shown} has a NUL in it`);
  if (text.startsWith('/') || text.startsWith('~') || /^[A-Za-z]:[\\/]/.test(text))
    return refused(`${shown} is no path of this repository: write it relative to the root`);
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..') || /(?:^|\\)\.\.(?:\\|$)/.test(text))
    return refused(`${shown} leads upwards: write it relative to the root, without ".."`);
  return { ok: true, path: segments.join('/') };
}

function refused(reason: string): AskedPath {
  return { ok: false, reason };
}
