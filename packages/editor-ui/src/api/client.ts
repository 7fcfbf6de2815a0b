import { createClient } from '@imaginarium/client';

/** The server this page came from. */
export const client = createClient();
