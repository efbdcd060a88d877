/**
 * Stand-ins for file names that a glob matcher or a JavaScript string cannot carry: names with a line
 * break, and names that are not UTF-8. A walk sees the stand-in; paths are translated back on the way out.
 */

/** First character of every stand-in; a real name that holds it gets one too. */
const MARK = '\uF8FF';
const NEEDS_STAND_IN = /[\n\r\uFFFD\uF8FF]/;

export interface RealPath {
  /** Text of the path; bytes that are not UTF-8 are written `\xNN`. */
  readonly display: string;
  /** The path's own bytes, present only where `display` would not open the file. */
  readonly raw?: Buffer;
}

export interface NameTable {
  needed(name: string): boolean;
  standIn(name: Buffer): string;
  /** Translates a path in which any segment may be a stand-in. */
  resolve(path: string): RealPath;
}

export function createNameTable(): NameTable {
  const names = new Map<string, Buffer>();
  return {
    needed: (name) => NEEDS_STAND_IN.test(name),
    standIn(name) {
      const text = `${MARK}${names.size}`;
      names.set(text, name);
      return text;
    },
    resolve(path) {
      if (!path.includes(MARK)) return { display: path };
      const segments = path.split('/').map((segment) => names.get(segment) ?? Buffer.from(segment));
      const texts = segments.map(displayName);
      const display = texts.map(({ text }) => text).join('/');
      if (texts.every(({ exact }) => exact)) return { display };
      const slash = Buffer.from('/');
      const raw = Buffer.concat(
        segments.flatMap((segment, index) => (index > 0 ? [slash, segment] : [segment])),
      );
      return { display, raw };
    },
  };
}

/** Text for a file name; `exact` when encoding it again gives the same bytes. */
function displayName(name: Buffer): { readonly text: string; readonly exact: boolean } {
  const text = name.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(name)) return { text, exact: true };
  let escaped = '';
  for (const byte of name) {
    escaped += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return { text: escaped, exact: false };
}
