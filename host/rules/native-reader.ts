/** Reads typed fields out of one mapping of a rule file and reports what is not as expected. */
import { describe, fieldsOf, type DataPath } from './document.ts';
import { nearest, quote } from './problem.ts';
import type { Report } from './report.ts';

export interface FieldOptions {
  readonly required?: boolean;
}

export class Reader {
  readonly path: DataPath;
  readonly report: Report;
  readonly fields: ReadonlyMap<string, unknown>;
  readonly ruleId: string | undefined;

  constructor(
    report: Report,
    path: DataPath,
    fields: ReadonlyMap<string, unknown>,
    ruleId?: string,
  ) {
    this.report = report;
    this.path = path;
    this.fields = fields;
    this.ruleId = ruleId;
  }

  /** `index` is of an entry of a list, `offset` counts characters of its text. */
  error(key: string | undefined, reason: string, index?: number, offset = 0): void {
    const path = [
      ...this.path,
      ...(key === undefined ? [] : [key]),
      ...(index === undefined ? [] : [index]),
    ];
    this.report.add('error', path, reason, this.report.leftOut, { ...this.options(), offset });
  }

  warning(key: string, reason: string, action: string): void {
    this.report.add('warning', [...this.path, key], reason, action, {
      ...this.options(),
      part: 'key',
    });
  }

  /** Keys that nobody reads: an error in a built-in rule, a warning in a user's. */
  unknownKeys(known: readonly string[], strict: boolean): void {
    for (const key of this.fields.keys()) {
      if (known.includes(key)) continue;
      const meant = nearest(key, known);
      const reason = `unknown key ${quote(key)}; ${meant === undefined ? `expected one of ${known.join(', ')}` : `did you mean "${meant}"?`}`;
      if (strict)
        this.report.add('error', [...this.path, key], reason, this.report.leftOut, {
          ...this.options(),
          part: 'key',
        });
      else this.warning(key, reason, 'it is ignored');
    }
  }

  text(key: string, options: FieldOptions = {}): string | undefined {
    const value = this.fields.get(key);
    if (value === undefined || value === null) return this.missing(key, options, 'text');
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    this.error(key, `${this.label(key)} is ${describe(value)} (${quote(value)}); expected text`);
    return undefined;
  }

  oneOf<T extends string>(
    key: string,
    known: readonly T[],
    options: FieldOptions = {},
  ): T | undefined {
    const value = this.fields.get(key);
    if (value === undefined || value === null) return this.missing(key, options, known.join(', '));
    const found = known.find((name) => name === value);
    if (found === undefined) this.error(key, this.enumReason(key, value, known));
    return found;
  }

  /** A list of texts; one text stands for a list of one. */
  texts(key: string, options: FieldOptions = {}): readonly string[] | undefined {
    const value = this.fields.get(key);
    if (value === undefined || value === null) return this.missing(key, options, 'a list of texts');
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length === 0)
      this.error(key, `${this.label(key)} is an empty list; expected at least one entry`);
    return list.flatMap((item, index) => {
      if (typeof item === 'string' && item !== '') return [item];
      this.error(
        key,
        `${this.label(key)} holds ${describe(item)} (${quote(item)}); expected text`,
        Array.isArray(value) ? index : undefined,
      );
      return [];
    });
  }

  membersOf<T extends string>(key: string, known: readonly T[]): readonly T[] | undefined {
    return this.texts(key)?.flatMap((item, index) => {
      const found = known.find((name) => name === item);
      if (found !== undefined) return [found];
      this.error(
        key,
        this.enumReason(key, item, known),
        Array.isArray(this.fields.get(key)) ? index : undefined,
      );
      return [];
    });
  }

  /** The entries of a list of mappings, each with a reader of its own; other entries as they are. */
  list(key: string): readonly { readonly value: unknown; readonly reader: Reader | undefined }[] {
    const value = this.fields.get(key);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.error(
        key,
        `${this.label(key)} is ${describe(value)} (${quote(value)}); expected a list`,
      );
      return [];
    }
    return value.map((item: unknown, index) => {
      const fields = fieldsOf(item);
      const reader =
        fields === undefined
          ? undefined
          : new Reader(this.report, [...this.path, key, index], fields, this.ruleId);
      return { value: item, reader };
    });
  }

  /** A nested mapping. */
  mapping(key: string, options: FieldOptions = {}): Reader | undefined {
    const value = this.fields.get(key);
    if (value === undefined || value === null) return this.missing(key, options, 'a mapping');
    const fields = fieldsOf(value);
    if (fields !== undefined)
      return new Reader(this.report, [...this.path, key], fields, this.ruleId);
    this.error(
      key,
      `${this.label(key)} is ${describe(value)} (${quote(value)}); expected a mapping`,
    );
    return undefined;
  }

  private missing(key: string, options: FieldOptions, expected: string): undefined {
    if (options.required === true)
      this.error(undefined, `"${this.label(key)}" is missing; expected ${expected}`);
    return undefined;
  }

  private enumReason(key: string, value: unknown, known: readonly string[]): string {
    const meant = typeof value === 'string' ? nearest(value, known) : undefined;
    const advice = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return `${this.label(key)} is ${quote(value)}; expected ${known.join(', ')}${advice}`;
  }

  /** `message.what`, `unless[1].within`: the key with its place inside the rule. */
  private label(key: string): string {
    const inside = this.path.slice(
      this.path.findLastIndex((step, i) => typeof step === 'number' && isRuleIndex(this.path, i)) +
        1,
    );
    return [...inside, key].reduce<string>(
      (text, step) =>
        typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`,
      '',
    );
  }

  private options(): { ruleId?: string } {
    return this.ruleId === undefined ? {} : { ruleId: this.ruleId };
  }
}

/** A number right at the top, or under `rules`, counts rules; any other counts entries within one. */
function isRuleIndex(path: DataPath, index: number): boolean {
  return index === 0 || (index === 1 && path[0] === 'rules');
}
