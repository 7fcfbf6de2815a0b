import { existsSync } from 'node:fs';
import { findChromium } from '../tests/services/chromium.ts';
import { findPostgresBinaries } from '../tests/services/postgres.ts';
import { findRedisServer } from '../tests/services/redis.ts';
import { command, type Step } from './step.ts';

interface Service {
  readonly name: string;
  readonly debianPackage: string;
  /** What is left out without it. */
  readonly uses: string;
  isThere(): boolean;
}

const services: readonly Service[] = [
  {
    name: 'Chromium',
    debianPackage: 'chromium',
    uses: 'the browser tests',
    isThere: () => findChromium() !== null,
  },
  {
    name: 'PostgreSQL',
    debianPackage: 'postgresql',
    uses: 'the tests of the PostgreSQL adapters',
    isThere: () => findPostgresBinaries() !== null,
  },
  {
    name: 'Redis',
    debianPackage: 'redis-server',
    uses: 'the tests of the queue on Redis',
    isThere: () => findRedisServer() !== null,
  },
];

/**
 * Brings the real services that tests use: as root on Debian they are installed; elsewhere it says what to install and
 * what is left out without it. Answers `false` only when an installation failed.
 */
export const servicesStep: Step = { name: 'services the tests need', run: ensureServices };

async function ensureServices(): Promise<boolean> {
  const missing = services.filter((service) => !service.isThere());
  for (const service of services) {
    console.log(`${service.name}: ${missing.includes(service) ? 'missing' : 'installed'}`);
  }
  if (missing.length === 0) return true;
  const packages = missing.map((service) => service.debianPackage);
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    for (const { name, debianPackage, uses } of missing) {
      console.warn(`Without ${name}, ${uses} are left out. Debian: sudo apt-get install ${debianPackage}`);
    }
    return true;
  }
  console.log(`installing ${packages.join(' and ')} ...`);
  // With run level 1, Debian's packages do not start the services that they bring.
  const quiet = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const update = command('update', 'apt-get', ['update', '-qq'], quiet);
  const flags = ['-y', '-qq', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0'];
  const install = command('install', 'apt-get', ['install', ...flags, ...packages], quiet);
  return (await update.run()) && (await install.run());
}
