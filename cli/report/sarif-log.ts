/** What every SARIF 2.1.0 log of this program has, as code hosts take it. */
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../engine/rule.ts';
import { VERSION } from '../../host/service/health/version.ts';
import { jsonLines, JsonList } from './json-list.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What is known before the first result. */
export interface SarifHead {
  /** Absolute; relative paths of artifacts count from it. */
  readonly root: string;
  readonly rules: readonly Json[];
  /** `CWE-78`, in any order and as often as they come. */
  readonly cwes: readonly string[];
}

/** What is known after the last one. */
export interface SarifTail {
  /** False when anything that was asked for was not done. */
  readonly successful: boolean;
  readonly notifications: readonly Json[];
  readonly properties?: Json;
}

export interface SarifRun extends SarifHead, SarifTail {
  /** Undefined when there was no verdict: an empty list would be a clean one. */
  readonly results: readonly Json[] | undefined;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const ROOT = 'SRCROOT';

export const LEVELS: Readonly<Record<Severity, 'note' | 'warning' | 'error'>> = {
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};
/** Numbers in the bands that code hosts read as low, medium, high and critical. */
export const SCORES: Readonly<Record<Severity, string>> = {
  low: '3.0',
  medium: '5.5',
  high: '8.0',
  critical: '9.5',
};

/** Returns one run as indented JSON and a line end. */
export function sarifLog(log: SarifRun): string {
  const document = new SarifDocument(sarifHead(log));
  return `${document.begin()}${log.results === undefined ? '' : document.results(log.results)}${document.end(sarifTail(log))}`;
}

/** A log of one run in parts. */
export class SarifDocument {
  readonly #head: Json;
  readonly #list = new JsonList('        ');
  #hasResults = false;

  constructor(head: Json) {
    this.#head = head;
  }

  begin(): string {
    const whole = JSON.stringify(
      { $schema: SCHEMA, version: '2.1.0', runs: [this.#head] },
      null,
      2,
    );
    return whole.slice(0, -RUN_END.length);
  }

  /** A run on which this is never called has no list of results. */
  results(found: readonly Json[]): string {
    const open = this.#hasResults ? '' : ',\n      "results": [';
    this.#hasResults = true;
    return `${open}${this.#list.add(found)}`;
  }

  end(tail: Json): string {
    const close = this.#hasResults ? this.#list.end('      ') : '';
    return `${close},\n${jsonLines(tail, '    ').slice(2, -RUN_BRACE.length)}${RUN_END}\n`;
  }
}

const RUN_BRACE = '\n    }';
const RUN_END = `${RUN_BRACE}\n  ]\n}`;

export function sarifHead({ root, rules, cwes }: SarifHead): Json {
  return {
    tool: {
      driver: {
        name: 'security-guidance',
        semanticVersion: VERSION,
        rules,
        supportedTaxonomies: [{ name: 'CWE', index: 0 }],
      },
    },
    taxonomies: [
      {
        name: 'CWE',
        organization: 'MITRE',
        informationUri: 'https://cwe.mitre.org/',
        shortDescription: { text: 'Common Weakness Enumeration' },
        isComprehensive: false,
        taxa: [...new Set(cwes)].sort(byNumber).map((id) => ({ id, helpUri: cweUri(id) })),
      },
    ],
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: pathToFileURL(`${root}/`).href } },
  };
}

export function sarifTail({ successful, notifications, properties }: SarifTail): Json {
  return {
    invocations: [{ executionSuccessful: successful, toolExecutionNotifications: notifications }],
    ...(properties !== undefined && { properties }),
  };
}

/** What a rule about `cwe` has in common with the others; nothing for one without. */
export function cweRelationships(cwe: string | undefined): Json {
  if (cwe === undefined) return {};
  const target = { id: cwe, toolComponent: { name: 'CWE', index: 0 } };
  return { relationships: [{ target, kinds: ['superset'] }] };
}

/** `external/cwe/cwe-078`: the number has at least three digits. */
export function tagsOf(cwe: string | undefined): readonly string[] {
  return cwe === undefined
    ? ['security']
    : ['security', `external/cwe/cwe-${cwe.slice(4).padStart(3, '0')}`];
}

export function cweUri(cwe: string): string {
  return `https://cwe.mitre.org/data/definitions/${cwe.slice(4)}.html`;
}

/** A URI relative to the root where the path is below it, an absolute one elsewhere. */
export function artifact(path: string, root: string): Json {
  if (isAbsolute(path) || path === '..' || path.startsWith('../'))
    return { uri: pathToFileURL(resolve(root, path)).href };
  return { uri: relativeUri(path), uriBaseId: ROOT };
}

/** Percent-encodes each segment; a lone surrogate, which has no encoding, becomes U+FFFD. */
export function relativeUri(path: string): string {
  return path
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(4)) - Number(b.slice(4));
}
