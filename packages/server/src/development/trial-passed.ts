/** What a trial prints last: a package may end the process itself, in good order too. */
export const TRIAL_PASSED = '\nthe package was loaded\n';
