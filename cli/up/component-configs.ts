/** The configuration of each component, as `serve` reads it. One function a service; the table at the end is complete by type. */
import type * as v from 'valibot';
import type { P256PrivateJwk } from '#protocol/jose';
import {
  BrokerConfig,
  ConnectorConfig,
  GatewayConfig,
  IdentityConfig,
  LeaseIssuerConfig,
  RootOfTrustConfig,
  type RootOfTrustRef,
  SessionHostConfig,
  TicketsConfig,
  WorkspaceConfig,
} from '#protocol/service-config';
import { thumbprint } from '#runtime/jose/primitives';
import { publicHalf } from '#runtime/jose/sign';
import { hashPassword } from '../password-hash.ts';
import type { DesktopServer } from './desktop-servers.ts';
import { PEOPLE } from './people.ts';
import { COMPONENTS, type Component, HOST, portsOf, type Service, urlOf } from './plan.ts';
import type { Secrets } from './secrets.ts';

export interface ConfigContext {
  readonly base: number;
  readonly secrets: Secrets;
  readonly root: RootOfTrustRef;
  /** folder of the built portal */
  readonly portal: string;
  /** with which `up` itself imports the site document */
  readonly siteToken: string;
  /** files that the ceremony made */
  readonly roleKeys: { readonly trust: string; readonly revoker: string; readonly issuer: string; readonly bundles: string };
  dataDirOf(name: string): string;
  /** absent once the component is enrolled */
  joinOf(name: string): string | undefined;
  serverOf(desktop: string): DesktopServer;
}

/** Schema of every service's configuration. */
export const CONFIG_SCHEMAS = {
  workspace: WorkspaceConfig,
  identity: IdentityConfig,
  broker: BrokerConfig,
  tickets: TicketsConfig,
  'lease-issuer': LeaseIssuerConfig,
  'root-of-trust': RootOfTrustConfig,
  gateway: GatewayConfig,
  connector: ConnectorConfig,
  'session-host': SessionHostConfig,
} as const satisfies Record<Service, v.GenericSchema>;

const CLIENT = 'workspace';
/** Name in the history of the site document. */
export const UP = 'holdfast up';

/** What is written to `<name>.yaml`. */
export function configOf(component: Component, context: ConfigContext): object {
  return CONFIGS[component.service](component, context);
}

type Build = (component: Component, context: ConfigContext) => object;

function base(component: Component, { base, dataDirOf }: ConfigContext) {
  const { port, management } = portsOf(component, base);
  return {
    id: component.name,
    dataDir: dataDirOf(component.name),
    listen: { host: HOST, port },
    management: { host: HOST, port: management },
  };
}

function enrolled(component: Component, context: ConfigContext) {
  const join = context.joinOf(component.name);
  return { ...base(component, context), rootOfTrust: context.root, ...(join === undefined ? {} : { join: { value: join } }) };
}

function sqlite(component: Component, { dataDirOf }: ConfigContext) {
  return { kind: 'sqlite' as const, file: `${dataDirOf(component.name)}/${component.service}.sqlite` };
}

/** As the identity service publishes it. */
function keyToPin(key: P256PrivateJwk) {
  const half = publicHalf(key);
  return { ...half, kid: thumbprint(half) };
}

function url(service: Service, { base }: ConfigContext): string {
  const component = COMPONENTS.find((one) => one.service === service);
  if (component === undefined) throw new TypeError(`no ${service} in the plan`);
  return urlOf(component, base);
}

const workspace = (component: Component, context: ConfigContext): v.InferInput<typeof WorkspaceConfig> => ({
  ...enrolled(component, context),
  database: sqlite(component, context),
  publicUrl: url('workspace', context),
  portal: context.portal,
  signIn: {
    issuer: url('identity', context),
    clientId: CLIENT,
    clientSecret: { value: context.secrets.clientSecret },
    keys: [keyToPin(context.secrets.identityKey)],
  },
  broker: url('broker', context),
  tickets: url('tickets', context),
  leaseIssuer: url('lease-issuer', context),
});

const identity = (component: Component, context: ConfigContext): v.InferInput<typeof IdentityConfig> => ({
  ...base(component, context),
  database: sqlite(component, context),
  publicUrl: url('identity', context),
  signingKey: { value: JSON.stringify(context.secrets.identityKey) },
  clients: [{ id: CLIENT, secret: { value: context.secrets.clientSecret }, redirectUris: [`${url('workspace', context)}/auth/callback`] }],
  users: PEOPLE.map(({ name, upn, fullName, groups }) => ({
    upn,
    name: fullName,
    passwordHash: hashPassword(context.secrets.users[name] ?? ''),
    groups: [...groups],
  })),
});

const rootOfTrust = (component: Component, context: ConfigContext): v.InferInput<typeof RootOfTrustConfig> => ({
  ...base(component, context),
  database: sqlite(component, context),
  publicUrl: url('root-of-trust', context),
  adminToken: { value: context.secrets.adminToken },
  keys: { trust: context.roleKeys.trust, revoker: context.roleKeys.revoker, bundles: context.roleKeys.bundles },
});

const broker = (component: Component, context: ConfigContext): v.InferInput<typeof BrokerConfig> => ({
  ...enrolled(component, context),
  database: sqlite(component, context),
  adminTokens: [
    { name: 'administrator', token: { value: context.secrets.adminToken } },
    { name: UP, token: { value: context.siteToken } },
  ],
});

const tickets = (component: Component, context: ConfigContext): v.InferInput<typeof TicketsConfig> => enrolled(component, context);

const leaseIssuer = (component: Component, context: ConfigContext): v.InferInput<typeof LeaseIssuerConfig> => ({
  ...enrolled(component, context),
  database: sqlite(component, context),
  broker: url('broker', context),
  issuerKey: context.roleKeys.issuer,
  workers: 1,
});

const address = (component: Component, { base }: ConfigContext) => ({ host: HOST, port: portsOf(component, base).port });

const gateway = (component: Component, context: ConfigContext): v.InferInput<typeof GatewayConfig> => enrolled(component, context);

const connector = (component: Component, context: ConfigContext): v.InferInput<typeof ConnectorConfig> => ({
  ...enrolled(component, context),
  location: component.location ?? '',
  broker: url('broker', context),
});

const sessionHost = (component: Component, context: ConfigContext): v.InferInput<typeof SessionHostConfig> => ({
  ...enrolled(component, context),
  location: component.location ?? '',
  address: address(component, context),
  connectors: COMPONENTS.filter(({ service, location }) => service === 'connector' && location === component.location).map((one) => ({
    id: one.name,
    address: address(one, context),
  })),
  servers: [context.serverOf(component.desktop ?? '')],
});

const CONFIGS: Readonly<Record<Service, Build>> = {
  workspace,
  identity,
  broker,
  tickets,
  'lease-issuer': leaseIssuer,
  'root-of-trust': rootOfTrust,
  gateway,
  connector,
  'session-host': sessionHost,
};
