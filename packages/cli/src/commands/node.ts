import type { Command } from 'commander';
import { addNodeDevCommand } from './node-dev.ts';
import { addNodeListCommand } from './node-list.ts';

export function addNodeCommand(program: Command): void {
  const node = program.command('node').description('Write node packages, and list those that are there');
  addNodeDevCommand(node);
  addNodeListCommand(node);
}
