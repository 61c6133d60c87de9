/** Each part of the cloud, the gateways and a location's connectors: stopped and hung. The person gets to a running session every time. */
import { casesOf } from './outage-cases.ts';
import { testOutages } from './outages.ts';

testOutages(casesOf(['ssh'], ['warm']));
