/** The weaknesses that a reviewer may name, and the CWE of each. A closed list: it is part of the schema. */

export const CATEGORIES = {
  'command-injection': 'CWE-78',
  'code-injection': 'CWE-94',
  'sql-injection': 'CWE-89',
  'nosql-injection': 'CWE-943',
  'ldap-injection': 'CWE-90',
  'xpath-injection': 'CWE-643',
  'template-injection': 'CWE-1336',
  'header-injection': 'CWE-113',
  'log-injection': 'CWE-117',
  'prompt-injection': 'CWE-1427',
  'cross-site-scripting': 'CWE-79',
  'cross-site-request-forgery': 'CWE-352',
  'server-side-request-forgery': 'CWE-918',
  'open-redirect': 'CWE-601',
  'path-traversal': 'CWE-22',
  'unrestricted-upload': 'CWE-434',
  'archive-extraction': 'CWE-409',
  'unsafe-deserialization': 'CWE-502',
  'xml-external-entity': 'CWE-611',
  'prototype-pollution': 'CWE-1321',
  'mass-assignment': 'CWE-915',
  'missing-authentication': 'CWE-306',
  'broken-authentication': 'CWE-287',
  'missing-authorization': 'CWE-862',
  'insecure-direct-object-reference': 'CWE-639',
  'privilege-escalation': 'CWE-269',
  'session-weakness': 'CWE-384',
  'hard-coded-credential': 'CWE-798',
  'secret-exposure': 'CWE-200',
  'sensitive-data-in-logs': 'CWE-532',
  'weak-cryptography': 'CWE-327',
  'weak-randomness': 'CWE-338',
  'signature-not-verified': 'CWE-347',
  'certificate-not-verified': 'CWE-295',
  'cleartext-transmission': 'CWE-319',
  'race-condition': 'CWE-362',
  'insecure-temporary-file': 'CWE-377',
  'incorrect-permissions': 'CWE-732',
  'memory-safety': 'CWE-119',
  'integer-overflow': 'CWE-190',
  'denial-of-service': 'CWE-400',
  'regex-denial-of-service': 'CWE-1333',
  'timing-side-channel': 'CWE-208',
  'insecure-configuration': 'CWE-16',
  'supply-chain': 'CWE-829',
  'workflow-injection': 'CWE-94',
  'business-logic': 'CWE-840',
  other: 'CWE-693',
} as const;

export type Category = keyof typeof CATEGORIES;

export function isCategory(name: string): name is Category {
  return Object.hasOwn(CATEGORIES, name);
}

export function cweOf(category: Category): string {
  return CATEGORIES[category];
}
