import { Command, CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addExecuteCommand } from './commands/execute.ts';
import { addFilesCommand } from './commands/files.ts';
import { addFollowCommand } from './commands/follow.ts';
import { addModelsCommand } from './commands/models.ts';
import { addNodeCommand } from './commands/node.ts';
import { addQueueCommand } from './commands/queue.ts';
import { addRunCommand } from './commands/run.ts';
import { addStartCommand } from './commands/start.ts';
import { addUpscaleCommand } from './commands/upscale.ts';
import { addUsageCommand } from './commands/usage.ts';
import { addWorkerCommand } from './commands/worker.ts';
import { VERSION } from './installed.ts';

/** The exit code for a command, an argument or an option that is wrong: nothing was done. */
const WRONG_COMMAND = 2;

/** Runs the command line. What goes wrong is told in a sentence, and the exit code says that it did. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('imaginarium')
    .description('A self-hosted workflow engine for image work.')
    .version(VERSION)
    .showHelpAfterError('(imaginarium --help lists the commands)')
    .exitOverride();
  addStartCommand(program);
  addWorkerCommand(program);
  addQueueCommand(program);
  addUsageCommand(program);
  addUpscaleCommand(program);
  addExecuteCommand(program);
  addRunCommand(program);
  addFollowCommand(program);
  addDoctorCommand(program);
  addFilesCommand(program);
  addNodeCommand(program);
  addModelsCommand(program);
  program.addHelpText(
    'after',
    `
Examples:
  $ imaginarium start                          open the editor at http://127.0.0.1:4680
  $ imaginarium start --port 8080 --data ~/imaginarium
  $ imaginarium upscale me.jpg                 make a picture four times as large, in ./out
  $ imaginarium execute examples/photo-to-carousel.json --input photo=./me.jpg --out ./out
  $ imaginarium node dev ./my-nodes            write nodes, and see them in the editor on each save
  $ imaginarium doctor                         check this machine, and say how to mend it`,
  );
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and the version end like this too.
      process.exitCode = error.exitCode === 0 ? 0 : WRONG_COMMAND;
      return;
    }
    console.error(isForPeople(error) ? error.message : error);
    process.exitCode = error instanceof CliError ? error.exitCode : 1;
  }
}

/** Errors whose message says what to do; a stack would only hide it. */
function isForPeople(error: unknown): error is Error {
  const names = [
    'CliError',
    'ConfigError',
    'DataFolderError',
    'DatabaseOpenError',
    'DevFolderError',
    'QueueOpenError',
    'SharedQueueError',
  ];
  return error instanceof Error && names.includes(error.name);
}

if (import.meta.main) await main(process.argv);
