/** Each part of the cloud, the PoPs and a site's connectors: stopped and hung. The person gets to a running session every time. */
import { casesOf } from './outage-cases.ts';
import { testOutages } from './outages.ts';

testOutages(casesOf(['ssh'], ['warm']));
