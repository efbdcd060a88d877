/** Who may ask, by wire. The credentials are made up here and open nothing. */
import type { Wire } from './models.ts';
import type { RecordedRequest } from './record.ts';
import { signatureProblem } from './sigv4.ts';
import type { SigningKeys } from './sigv4.ts';

/** What the stand-in takes. */
export const CREDENTIALS: {
  readonly key: string;
  readonly token: string;
  readonly oauth: string;
  readonly foundry: string;
  readonly aws: string;
  readonly bedrock: string;
  readonly google: string;
  readonly gateway: string;
  readonly workspace: string;
  readonly signing: SigningKeys;
} = {
  key: 'loopback-api-key-0001',
  token: 'loopback-auth-token-0002',
  oauth: 'loopback-oauth-token-0003',
  foundry: 'loopback-foundry-key-0004',
  aws: 'loopback-aws-key-0005',
  bedrock: 'loopback-bedrock-token-0006',
  google: 'loopback-google-token-0007',
  gateway: 'loopback-gateway-token-0008',
  workspace: 'wrkspc_loopback',
  signing: { access: 'LOOPBACKACCESS0009', secret: 'loopback-secret-0010' },
};

/** Header by which the gateway of the tests knows its users. */
export const GATEWAY_HEADER = 'x-gateway-token';

/** Why `request` is not let in, undefined when it is. */
export function authProblem(wire: Wire, request: RecordedRequest): string | undefined {
  const { headers } = request;
  const bearer = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];
  const signed = (service: string): string | undefined =>
    signatureProblem(request, service, CREDENTIALS.signing);
  switch (wire) {
    case 'anthropic': {
      if (headers[GATEWAY_HEADER] === CREDENTIALS.gateway) return undefined;
      const given = bearer ?? headers['x-api-key'];
      if (given === undefined) return 'x-api-key header is required';
      const { key, token, oauth } = CREDENTIALS;
      return [key, token, oauth].includes(given) ? undefined : 'invalid x-api-key';
    }
    case 'foundry':
      return headers['x-api-key'] === CREDENTIALS.foundry && bearer === undefined
        ? undefined
        : 'Access denied due to invalid subscription key or wrong API endpoint.';
    case 'aws':
      if (headers['anthropic-workspace-id'] !== CREDENTIALS.workspace) return 'unknown workspace';
      if (bearer === undefined) return signed('aws-external-anthropic');
      return bearer === CREDENTIALS.aws ? undefined : 'invalid bearer token';
    case 'mantle':
      if (bearer === undefined) return signed('bedrock-mantle');
      return bearer === CREDENTIALS.bedrock ? undefined : 'invalid bearer token';
    case 'bedrock':
      if (bearer === undefined) return signed('bedrock');
      return bearer === CREDENTIALS.bedrock
        ? undefined
        : 'Authentication failed: Please make sure your API Key is valid.';
    case 'vertex':
      return bearer === CREDENTIALS.google
        ? undefined
        : 'Request had invalid authentication credentials.';
  }
}
