import { parseArgs } from 'node:util';
import { BillingSender } from '../../../billing/billing-sender.ts';
import { SqlBillingOutbox } from '../../typeorm/books/billing-outbox.ts';
import { openDatabase } from '../../typeorm/database/data-source.ts';
import { StripeBilling } from '../stripe-billing.ts';
import { METER, STRIPE_KEY } from './stripe-server.ts';

// A program for tests: reports what is due, unless it is killed before, at a clock that is so many milliseconds ahead.
const { place, url, ahead } = parseArgs({
  options: { place: { type: 'string' }, url: { type: 'string' }, ahead: { type: 'string' } },
}).values;

const database = await openDatabase(JSON.parse(place ?? ''));
const outbox = new SqlBillingOutbox(database, () => Date.now() + Number(ahead));
const log = { warn: console.error, error: console.error };
await new BillingSender(new StripeBilling({ key: STRIPE_KEY, url: url ?? '' }, METER), outbox, log).look();
await database.close();
