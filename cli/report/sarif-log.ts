/** What every SARIF 2.1.0 log of this program has, as code hosts take it. */
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../engine/rule.ts';
import { VERSION } from '../../host/service/health/version.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface SarifRun {
  /** Absolute; relative paths of artifacts count from it. */
  readonly root: string;
  readonly rules: readonly Json[];
  /** `CWE-78`, in any order and as often as they come. */
  readonly cwes: readonly string[];
  /** False when anything that was asked for was not done. */
  readonly successful: boolean;
  readonly notifications: readonly Json[];
  /** Undefined when there was no verdict: an empty list would be a clean one. */
  readonly results: readonly Json[] | undefined;
  readonly properties?: Json;
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
  const run = {
    tool: {
      driver: {
        name: 'security-guidance',
        semanticVersion: VERSION,
        rules: log.rules,
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
        taxa: [...new Set(log.cwes)].sort(byNumber).map((id) => ({ id, helpUri: cweUri(id) })),
      },
    ],
    invocations: [
      { executionSuccessful: log.successful, toolExecutionNotifications: log.notifications },
    ],
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: pathToFileURL(`${log.root}/`).href } },
    ...(log.results !== undefined && { results: log.results }),
    ...(log.properties !== undefined && { properties: log.properties }),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
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
