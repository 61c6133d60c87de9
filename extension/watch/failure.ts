/** Maps browsers' navigation errors to causes. An error not listed here is no evidence of an outage. */
import type { Cause } from '#protocol/causes';

const TABLE: readonly (readonly [RegExp, Cause])[] = [
  [/ERR_CONNECTION_REFUSED|NS_ERROR_CONNECTION_REFUSED|NS_ERROR_PROXY_CONNECTION_REFUSED|ERR_PROXY_CONNECTION_FAILED/u, 'refused'],
  [/ERR_NAME_NOT_RESOLVED|ERR_NAME_RESOLUTION_FAILED|ERR_DNS_|NS_ERROR_UNKNOWN_HOST|NS_ERROR_UNKNOWN_PROXY_HOST/u, 'dns'],
  [/ERR_CERT_|ERR_SSL_|ERR_BAD_SSL|SEC_ERROR_|SSL_ERROR_|MOZILLA_PKIX_ERROR/u, 'tls'],
  [/ERR_CONNECTION_TIMED_OUT|ERR_TIMED_OUT|NS_ERROR_NET_TIMEOUT/u, 'timeout'],
  [/ERR_INTERNET_DISCONNECTED|ERR_ADDRESS_UNREACHABLE|ERR_NETWORK_ACCESS_DENIED|NS_ERROR_OFFLINE/u, 'no-network'],
  [
    /ERR_CONNECTION_(?:RESET|CLOSED|ABORTED|FAILED)|ERR_EMPTY_RESPONSE|ERR_TUNNEL_|ERR_HTTP2_|ERR_QUIC_|NS_ERROR_NET_(?:RESET|INTERRUPT)/u,
    'closed',
  ],
  [/ERR_INVALID_HTTP_RESPONSE|ERR_INVALID_RESPONSE|ERR_RESPONSE_HEADERS_/u, 'server-error'],
];

/** null: stopped by somebody (ERR_ABORTED, a newer navigation, a blocker, a network change), not an outage. */
export function causeOf(error: string): Cause | null {
  return TABLE.find(([pattern]) => pattern.test(error))?.[1] ?? null;
}
