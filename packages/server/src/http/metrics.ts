import type { EventBus } from '@imaginarium/engine';
import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Swept } from '../housekeeping/housekeeping.ts';
import { remembered } from '../remembered.ts';

/** The registry of the process, with Node's own figures in it: memory, CPU and the event loop's delay (p50, p90, p99) among them. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'imaginarium_' });
  return registry;
}

/** Measures how long answers take, by route. @returns what is to be told of each answer. */
export function answerTimes(registry: Registry): AnswerTimes {
  const seconds = new Histogram({
    name: 'imaginarium_http_request_duration_seconds',
    help: 'Time to answer a request, by route',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: [registry],
  });
  const ofKind = remembered((kind) => {
    const [route = '', method = '', status = ''] = kind.split('\n');
    return seconds.labels({ route, method, status });
  });
  return ({ route, method = '', status, began }) =>
    ofKind(`${route}\n${method}\n${status}`).observe((performance.now() - began) / 1000);
}

/** Told of each answer: when its request came in, by `performance.now()`, what it was about and how it was answered. */
export type AnswerTimes = (answer: {
  route: string;
  method: string | undefined;
  status: number;
  began: number;
}) => void;

/** Tells the times of all answers that an app gives. */
export function measureRequests(times: AnswerTimes): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    res.once('close', () => {
      times({ route: res.locals.route ?? 'other', method: req.method, status: res.statusCode, began });
    });
    next();
  };
}

/** Shows which services are left alone because they did not work. */
export function measureCircuits(registry: Registry, circuits: { open(): Map<string, number> }): void {
  new Gauge({
    name: 'imaginarium_http_circuits_open',
    help: 'Workspaces that leave a service alone because it has failed several times in a row, by host',
    labelNames: ['host'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [host, workspaces] of circuits.open()) this.set({ host }, workspaces);
    },
  });
}

/** Counts what housekeeping removed. */
export function measureSweeps(registry: Registry): (swept: Swept) => void {
  const removed = new Counter({
    name: 'imaginarium_removed_total',
    help: 'What nobody needed any more and was removed since the process started, by kind',
    labelNames: ['what'],
    registers: [registry],
  });
  return (swept) => {
    for (const [what, count] of Object.entries(swept)) removed.inc({ what }, count);
  };
}

/** Counts runs as they begin and end, as far as this process hears of them. */
export function measureRuns(registry: Registry, eventBus: EventBus): void {
  const registers = [registry];
  const finished = new Counter({
    name: 'imaginarium_runs_finished_total',
    help: 'Runs that ended since the process started, by state',
    labelNames: ['state'],
    registers,
  });
  const running = new Set<string>();
  new Gauge({
    name: 'imaginarium_runs_running',
    help: 'Runs that are being executed',
    registers,
    collect() {
      this.set(running.size);
    },
  });
  eventBus.subscribe((events) => {
    for (const event of events) {
      if (event.type === 'run.started') running.add(event.runId);
      if (event.type !== 'run.finished') continue;
      running.delete(event.runId);
      finished.inc({ state: event.state });
    }
  });
}
