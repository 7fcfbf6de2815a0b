import pg from 'pg';

/**
 * A connection to PostgreSQL whose end is no end of the process. A connection that is cut while it is in somebody's hands and has nothing
 * to answer tells it by an event, and an error event that nobody listens to ends Node. Whoever uses it next is told by an error as well.
 */
export class SteadyClient extends pg.Client {
  constructor(...settings: ConstructorParameters<typeof pg.Client>) {
    super(...settings);
    this.on('error', () => undefined);
  }
}
