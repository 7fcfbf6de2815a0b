import { styleText } from 'node:util';
import { type Graph, type RunEvent, timeLeft } from '@imaginarium/protocol';
import { TerminalBar } from './terminal-bar.ts';

/** Shows a run in the terminal: a line for each step that ended, and on a terminal a bar that moves while it is at work. */
export class RunProgress {
  readonly #names: ReadonlyMap<string, string>;
  readonly #total: number;
  readonly #json: boolean;
  readonly #logs: 'problems' | 'all';
  readonly #shares = new Map<string, number>();
  readonly #bar = new TerminalBar();
  #message = '';

  /**
   * @param json print the events themselves, one a line, and nothing else.
   * @param logs which lines of the log are shown: warnings and errors, or all but those for debugging.
   */
  constructor(graph: Graph, json: boolean, logs: 'problems' | 'all' = 'problems') {
    this.#logs = logs;
    this.#names = new Map(graph.nodes.map((node) => [node.id, node.name]));
    this.#total = Math.max(1, graph.nodes.length);
    this.#json = json;
  }

  tell(event: RunEvent): void {
    if (this.#json) {
      console.log(JSON.stringify(event));
      return;
    }
    switch (event.type) {
      case 'step.progress':
        this.#shares.set(event.node, event.progress);
        this.#message = [this.#nameOf(event.node), ...underWay(event)].join(', ');
        this.#drawBar();
        break;
      case 'step.started':
        this.#message = this.#nameOf(event.node);
        this.#drawBar();
        break;
      case 'step.finished':
        this.#shares.set(event.node, 1);
        this.#line(finishedLine(event, this.#nameOf(event.node)));
        break;
      case 'step.retrying':
        this.#line(
          styleText(
            'yellow',
            `  ${this.#nameOf(event.node)}: ${event.message} Trying again in ${event.delayMs / 1000} s.`,
          ),
        );
        break;
      case 'log':
        this.#log(event);
        break;
      case 'step.waiting':
        this.note(`${this.#nameOf(event.node)} ${waitingFor(event)}`);
        break;
      case 'run.waiting':
        this.note('The run waits.');
        break;
      case 'run.resumed':
        this.note('The run goes on.');
        break;
    }
  }

  /** Says something about the run beside its events. */
  note(text: string): void {
    this.#line(styleText('dim', `  ${text}`));
  }

  /** Removes the bar. */
  end(): void {
    this.#bar.clear();
  }

  #log({ level, node, message }: Extract<RunEvent, { type: 'log' }>): void {
    const isProblem = level === 'warn' || level === 'error';
    if (!isProblem && (this.#logs === 'problems' || level === 'debug')) return;
    const text = `  ${node === null ? '' : `${this.#nameOf(node)}: `}${message}`;
    this.#line(isProblem ? styleText('yellow', text) : text);
  }

  #nameOf(node: string): string {
    return this.#names.get(node) ?? node;
  }

  #line(text: string): void {
    this.#bar.line(text);
    this.#drawBar();
  }

  #drawBar(): void {
    const share = [...this.#shares.values()].reduce((sum, value) => sum + value, 0) / this.#total;
    this.#bar.draw(share, this.#message);
  }
}

/** What a step at work says of itself, the shortest first: what comes last may be cut off. */
function underWay({ items, leftMs, message }: Extract<RunEvent, { type: 'step.progress' }>): string[] {
  return [
    ...(items ? [`${items.done} of ${items.count}`] : []),
    ...(leftMs === undefined ? [] : [`about ${timeLeft(leftMs)} left`]),
    ...(message ? [message] : []),
  ];
}

function waitingFor({ about, dueAt }: Extract<RunEvent, { type: 'step.waiting' }>): string {
  const until = dueAt === null ? '' : ` until ${new Date(dueAt).toLocaleString()}`;
  switch (about.kind) {
    case 'time':
      return `waits${until}.`;
    case 'callback':
      return `waits for a call${until}.`;
    case 'approval':
      return `waits for a person${until}: ${about.message}`;
    case 'retry':
      return `waits${until} and tries again: ${about.message}`;
    case 'run':
      return `waits for a run of ${about.workflowName}.`;
  }
}

function finishedLine(event: Extract<RunEvent, { type: 'step.finished' }>, name: string): string {
  const items = Object.values(event.items).reduce((sum, count) => sum + count, 0);
  const made = `${items} ${items === 1 ? 'item' : 'items'}, ${(event.durationMs / 1000).toFixed(1)} s`;
  switch (event.state) {
    case 'succeeded':
      return `${styleText('green', '✓')} ${name}  ${styleText('dim', made)}`;
    case 'cached':
      return `${styleText('green', '✓')} ${name}  ${styleText('dim', `from the cache, ${items} items`)}`;
    case 'skipped':
      return `${styleText('dim', `- ${name}  ${event.reason ?? 'skipped'}`)}`;
    default:
      return `${styleText('red', '✗')} ${name}  ${event.error?.message ?? event.state}`;
  }
}
