/**
 * How V8 goes about programs that are over in a moment, each in a context of its own that takes along what the compiler made of it. With
 * them and {@link LATE_COMPILER} code over 100 items takes two thirds of the processor time, and long loops take what they took.
 */
export const RUNNER_V8_FLAGS: readonly string[] = [
  // The memory of a context is soon looked through: to share that between threads takes more than it saves.
  '--single-threaded-gc',
  // Megabytes for what is new: an isolate is replaced before they are full, and never collects anything. At most one half of it is in use.
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
];

/**
 * The compiler that takes a millisecond for a few lines begins ten times later, where it still pays for itself. Set by the process itself: it
 * is a name that V8 may give up, and a process that is started with a flag that is not there ends at once.
 */
export const LATE_COMPILER = '--invocation-count-for-turbofan=30000';
