import { choice, defineTrigger, type Json, type JsonObject, json, port, text } from '@imaginarium/node-sdk';

/** Starts a run at the times of a clock. */
export const schedule = defineTrigger({
  type: 'trigger.schedule',
  version: 1,
  trigger: 'schedule',
  title: 'Schedule',
  summary: 'Starts a run at set times: every morning, each Monday, every ten minutes.',
  icon: 'calendar-clock',
  aliases: ['cron', 'timer', 'time', 'daily', 'interval', 'every', 'clock', 'trigger'],
  docs: 'Gives one item with `at`, the time that was due, and `late`, whether the server was away then. Times are cron: minute, hour, day, month, weekday, with seconds before them where needed. Twice within 10 seconds is refused.',
  outputs: { tick: port.json() },
  params: {
    cron: text({
      title: 'Times',
      help: 'Cron: 0 9 * * 1-5 is 9:00 on workdays.',
      default: '0 9 * * *',
      maxLength: 100,
    }),
    timeZone: text({ title: 'Time zone', help: 'Such as Europe/Berlin.', default: 'UTC', maxLength: 60 }),
    missed: choice({
      title: 'When the server was away',
      options: [
        { value: 'skip', label: 'Leave out what was missed' },
        { value: 'once', label: 'Make up for it with one run' },
      ],
      default: 'skip',
    }),
    sample: json({
      title: 'Example',
      help: 'What a run that you start yourself gets.',
      default: { at: '2026-01-01T09:00:00.000Z', late: false },
      advanced: true,
    }),
  },
  headline: ['cron', 'timeZone'],
  execute({ params: { sample } }) {
    return { tick: sample, fields: isObject(sample) ? sample : {} };
  },
});

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
