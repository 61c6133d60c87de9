/** Every outage, stopped and hung, to every kind of session, with the browser still open and with one started while it is broken. */
import { casesOf } from './outage-cases.ts';
import { testOutages } from './outages.ts';

testOutages(casesOf(['ssh', 'vnc', 'rdp'], ['warm', 'cold']));
