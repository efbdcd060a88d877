/**
 * Byte offsets of a text to 1-based lines and columns. Lines end at LF, CR LF or a lone CR, as in editors
 * and in most languages: code behind a lone CR is on a line of its own.
 */
import type { Position } from '../finding.ts';

const LF = 10;
const CR = 13;

export class LineIndex {
  private readonly starts: number[] = [0];
  readonly bytes: Uint8Array;
  /** Where the last position was counted to: findings come in order, and lines can be megabytes long. */
  private last: Position = { line: 1, column: 1, offset: 0 };

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    // A search for one byte is native; to look at each of them here takes several times as long.
    let lineFeed = bytes.indexOf(LF);
    let carriageReturn = bytes.indexOf(CR);
    while (lineFeed >= 0 || carriageReturn >= 0) {
      if (carriageReturn < 0 || (lineFeed >= 0 && lineFeed < carriageReturn)) {
        this.starts.push(lineFeed + 1);
        lineFeed = bytes.indexOf(LF, lineFeed + 1);
      } else {
        if (bytes[carriageReturn + 1] !== LF) this.starts.push(carriageReturn + 1);
        carriageReturn = bytes.indexOf(CR, carriageReturn + 1);
      }
    }
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** 1-based line that holds `offset`. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Offset of the first byte of a 1-based line; the text's end for lines past the last. */
  startOf(line: number): number {
    return this.starts[line - 1] ?? this.bytes.length;
  }

  /** Offset just past the last byte of a line, its line feed and carriage return left out. */
  endOf(line: number): number {
    const next = this.starts[line];
    if (next === undefined) return this.bytes.length;
    const end = next - 1;
    return end > this.startOf(line) && this.bytes[end - 1] === 13 ? end - 1 : end;
  }

  /** Position with the column in UTF-16 units. */
  position(offset: number): Position {
    const line = this.lineAt(offset);
    const resume = this.last.line === line && this.last.offset <= offset;
    let units = resume ? this.last.column - 1 : 0;
    for (let i = resume ? this.last.offset : this.startOf(line); i < offset; i++) {
      const byte = this.bytes[i] ?? 0;
      // Continuation bytes count nothing; a four-byte sequence is a surrogate pair.
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    this.last = { line, column: units + 1, offset };
    return this.last;
  }
}
