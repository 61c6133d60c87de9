/** What we use of the provider library, which brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface AdapterPayload {
    readonly grantId?: string;
    readonly uid?: string;
    readonly [member: string]: unknown;
  }
  export interface Adapter {
    upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void>;
    find(id: string): Promise<AdapterPayload | undefined>;
    findByUid(uid: string): Promise<AdapterPayload | undefined>;
    findByUserCode(userCode: string): Promise<AdapterPayload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }
  export interface Interaction {
    readonly uid: string;
    readonly prompt: { readonly name: string };
    readonly params: Readonly<Record<string, unknown>>;
  }
  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  export interface OidcContext {
    readonly oidc: {
      /** the library's name of the route */
      readonly route: string;
      readonly client: { readonly clientId: string };
      /** without an account: nobody is signed in */
      readonly session: { readonly accountId?: string; grantIdFor(clientId: string): string | undefined; destroy(): Promise<void> };
      readonly entities: { readonly IdTokenHint?: { readonly payload: { readonly sub: string } } };
      readonly provider: Provider;
      readonly params?: Readonly<Record<string, unknown>>;
    };
    body: unknown;
    status: number;
    readonly path: string;
    redirect(to: string): void;
    /** a header of the request */
    get(name: string): string;
    set(headers: Readonly<Record<string, string>>): void;
  }
  export default class Provider {
    constructor(issuer: string, configuration: object);
    proxy: boolean;
    readonly Grant: {
      new (properties: { clientId: string; accountId: string }): Grant;
      find(id: string): Promise<Grant | undefined>;
    };
    use(middleware: (context: OidcContext, next: () => Promise<void>) => Promise<void>): void;
    use(middleware: (context: OidcContext, next: () => Promise<void>) => Promise<void>): void;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<void>;
    on(event: string, listener: (...parts: readonly unknown[]) => void): void;
  }
}
