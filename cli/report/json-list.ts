/** Indented JSON in parts: the bytes are those that `JSON.stringify` would give for the whole. */

/** `value` as indented by two, with every line but the first behind `indent`. */
export function jsonLines(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}

/** The items of a list whose opening bracket is written already. */
export class JsonList {
  readonly #indent: string;
  #isEmpty = true;

  /** `indent` stands before each item. */
  constructor(indent: string) {
    this.#indent = indent;
  }

  add(items: readonly unknown[]): string {
    let text = '';
    for (const item of items) {
      text += `${this.#isEmpty ? '' : ','}\n${this.#indent}${jsonLines(item, this.#indent)}`;
      this.#isEmpty = false;
    }
    return text;
  }

  /** The closing bracket, behind `indent` where it has a line of its own. */
  end(indent: string): string {
    return this.#isEmpty ? ']' : `\n${indent}]`;
  }
}
