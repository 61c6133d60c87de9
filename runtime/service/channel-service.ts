/** What connector, gateway and session host are given alike besides their own options. */
import type { ControlTimes } from '../channel/control.ts';
import type { RateLimits } from '../channel/rate-limit.ts';
import type { Component } from '../component/component.ts';
import type { ServiceContext } from './run.ts';

export interface ChannelServiceOptions extends ServiceContext {
  readonly component: Component;
  /** seconds since 1970 */
  readonly now?: () => number;
  readonly rateLimits?: RateLimits;
  readonly times?: ControlTimes;
}
