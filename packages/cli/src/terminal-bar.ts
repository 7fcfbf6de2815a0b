const WIDTH = 24;
const MESSAGE_LENGTH = 60;

/** A bar at the end of what is printed, on a terminal; elsewhere there is none. */
export class TerminalBar {
  #drawn: { share: number; message: string } | undefined;

  /** Whether a bar can be seen here at all. */
  readonly isShown = process.stdout.isTTY;

  /** @param share how much is done, 0 to 1. @param message what comes last may be cut off. */
  draw(share: number, message: string): void {
    if (!this.isShown) return;
    this.#drawn = { share, message };
    const full = Math.round(share * WIDTH);
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
    const percent = String(Math.floor(share * 100)).padStart(3);
    process.stdout.write(`\r\u001b[K${bar} ${percent}%  ${message.slice(0, MESSAGE_LENGTH)}`);
  }

  /** Prints a line above the bar. */
  line(text: string): void {
    const drawn = this.#drawn;
    this.clear();
    console.log(text);
    if (drawn) this.draw(drawn.share, drawn.message);
  }

  clear(): void {
    if (this.#drawn) process.stdout.write('\r\u001b[K');
    this.#drawn = undefined;
  }
}
